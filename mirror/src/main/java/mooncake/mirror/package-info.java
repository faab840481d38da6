/// One mirror's rows in memory: what the log said, found by key, published as immutable views.
///
/// In: rows in Postgres' binary format, in commit order. Out: [mooncake.model.ReadView]s for queries and [Seal]s for
/// the lake. All methods of [MirrorTable] belong to one writer at a time; readers only see views, which never change.
/// Kept always: the key index holds exactly the live rows, and each of its entries leads to one row of a batch or file.
@NullMarked
package mooncake.mirror;

import org.jspecify.annotations.NullMarked;
