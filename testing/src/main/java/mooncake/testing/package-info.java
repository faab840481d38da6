/// What tests, demo and benchmarks stand on: private Postgres servers, TPC-H, full comparison of tables, Iceberg's own
/// reader.
///
/// In: the private Postgres trees that the launcher makes. Out: running servers that are gone after `close`. Every
/// fixture belongs to the thread that made it. Nothing here touches the system's Postgres or a cluster of the system.
@NullMarked
package mooncake.testing;

import org.jspecify.annotations.NullMarked;
