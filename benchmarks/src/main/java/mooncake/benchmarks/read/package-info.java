/// `./mooncake bench read`: queries of mirrors against DuckDB alone on the same files and against heap tables.
///
/// In: a private server. Out: a table for each part and one table of figures. Mirrors lie in a schema of their own
/// under
/// the names of their tables, so that one text of a query serves all sides.
@NullMarked
package mooncake.benchmarks.read;

import org.jspecify.annotations.NullMarked;
