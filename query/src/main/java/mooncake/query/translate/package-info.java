/// A query's tree as SQL for DuckDB with Postgres' answers, or the reason why not.
///
/// In: a [mooncake.query.tree.Query], its values and targets. Out: a [mooncake.query.translate.Translation]. Stateless
/// between calls and free of I/O; one thread a call. Invariant: a function, type, collation or clause that is not
/// known to mean the same in DuckDB refuses the query; names of users never reach the SQL, columns are `t1.c3`.
@NullMarked
package mooncake.query.translate;

import org.jspecify.annotations.NullMarked;
