/// Postgres' arithmetic where DuckDB's differs: SQL functions named `mc_*` that compute what Postgres would.
///
/// In: vectors of DuckDB, numerics as the text that Postgres prints for them. Out: vectors of the same kinds, or the
/// error that Postgres would raise. Functions keep no state and are called on DuckDB's threads, several at once.
///
/// Invariant: a result is equal to that of Postgres to the last digit and byte, or the call fails.
@NullMarked
package mooncake.query.exact;

import org.jspecify.annotations.NullMarked;
