/// DuckDB inside this process, reached through its C interface by [java.lang.foreign] alone.
///
/// In: SQL text, functions written in Java, and [mooncake.model.ReadView]s registered under handles. Out: streams of
/// vectors that are read where DuckDB put them. A [mooncake.duckdb.DuckConnection] serves one thread at a time; only
/// its
/// `interrupt` may come from another. Functions are called on DuckDB's own threads.
///
/// Invariant: no Java exception crosses into native code and no C++ exception is provoked, because either ends the
/// process. Memory that a scan hands to DuckDB stays until that scan is destroyed.
@NullMarked
package mooncake.duckdb;

import org.jspecify.annotations.NullMarked;
