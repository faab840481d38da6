package mooncake.duckdb;

import java.nio.file.Path;

/// What a database is opened with.
///
/// @param library DuckDB's native library
/// @param memoryLimit DuckDB's own memory, for example `4GB`; in-memory rows of mirrors are not part of it
/// @param threads threads that work on queries, those of the callers included
/// @param temporaryDirectory where operators spill to
/// @param temporaryDirectoryLimit the most that may be spilled, for example `20GB`
public record DuckSettings(
        Path library, String memoryLimit, int threads, Path temporaryDirectory, String temporaryDirectoryLimit) {}
