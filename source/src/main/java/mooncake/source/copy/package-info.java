/// The initial copy of a table at one snapshot, and what must be awaited before that snapshot may be taken.
///
/// In: an endpoint and the name of a table. Out: rows in Postgres' binary form, handed one by one to a consumer on the
/// thread that runs the copy; any thread may close a copy. Invariant: the rows are exactly those of
/// [mooncake.source.copy.CopySnapshot], which also tells of each later change whether they hold it already.
@NullMarked
package mooncake.source.copy;

import org.jspecify.annotations.NullMarked;
