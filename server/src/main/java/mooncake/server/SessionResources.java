package mooncake.server;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import mooncake.duckdb.DuckDb;
import mooncake.model.MemoryBudget;

/// What all sessions of the engine share.
///
/// @param work the bounded pool of platform threads for native and CPU work: Parquet, Iceberg
///     commits, copies
/// @param scratch a directory of the engine's own, emptied at its start
record SessionResources(
        EngineSettings settings, DuckDb duckDb, MemoryBudget rowMemory, ExecutorService work, Path scratch) {}
