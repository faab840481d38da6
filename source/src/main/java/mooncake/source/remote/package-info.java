/// Tables of other servers as sources: how their URI is read, what such a table is, and what is changed there for it.
///
/// In: a source URI out of the registry and a JDBC connection to what it names. Out: a mirror's definition as JSON, a
/// publication with the mirrored tables. Runs on the caller's thread. Invariant: what is changed on the remote is
/// written down there, beside the publication, and undone when its last mirror goes.
@NullMarked
package mooncake.source.remote;

import org.jspecify.annotations.NullMarked;
