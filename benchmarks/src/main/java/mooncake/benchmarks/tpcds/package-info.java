/// The TPC-DS database: its tables, generated on the spot, and its queries in Postgres' dialect.
@NullMarked
package mooncake.benchmarks.tpcds;

import org.jspecify.annotations.NullMarked;
