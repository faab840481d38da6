/// What the source's catalog says about a table.
///
/// In: a JDBC connection and a relation's OID. Out: immutable descriptions that the engine builds a mirror's schema
/// from. Runs on the caller's thread. Invariant: an answer is consistent in itself only if the caller runs it in one
/// snapshot or holds a lock.
@NullMarked
package mooncake.source.admin;

import org.jspecify.annotations.NullMarked;
