package mooncake.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// What the supervisor passes in the environment; the names and units are those of the settings in
/// Postgres.
///
/// @param conninfo the base of the engine's own connections, may hold a password: never printed
/// @param memoryBytes the engine's budget of heap and in-memory rows together
/// @param superuser the bootstrap superuser's name, which the engine connects as by default; empty
///     for the OS user's
/// @param flushIntervalMillis age at which in-memory rows are written to files
/// @param maxRetainedWalBytes log that a slot may make a server keep, 0 for any
/// @param failoverSlots whether new slots are kept on standbys too
/// @param mergeFiles whether files are merged in the background
/// @param duckdbThreads 0 for all cores
record EngineSettings(
        Path dataDirectory,
        String socketDirectory,
        int port,
        String conninfo,
        String superuser,
        Path warehouse,
        long memoryBytes,
        long flushRows,
        long flushBytes,
        long flushIntervalMillis,
        long maxRetainedWalBytes,
        RetainedWalPolicy retainedWalPolicy,
        boolean failoverSlots,
        boolean mergeFiles,
        long duckdbMemoryBytes,
        int duckdbThreads,
        Path duckdbTemporaryDirectory,
        Path duckdbLibrary) {

    private static final long MEBIBYTE = 1 << 20;

    /// Reads all settings and reports every problem together.
    static EngineSettings fromEnvironment(Map<String, String> environment) {
        Reader reader = new Reader(environment);
        Path data = Path.of(reader.text("MOONCAKE_DATA_DIRECTORY", null)).toAbsolutePath();
        EngineSettings settings = new EngineSettings(
                data,
                reader.text("MOONCAKE_SOCKET_DIRECTORY", ""),
                (int) reader.number("MOONCAKE_PORT", 5432, 1, 65_535),
                reader.text("MOONCAKE_CONNINFO", ""),
                reader.text("MOONCAKE_SUPERUSER", ""),
                reader.path("MOONCAKE_WAREHOUSE", data.resolve("mooncake/pgsql_tmp_warehouse"), data),
                reader.number("MOONCAKE_ENGINE_MEMORY_MB", 2_048, 128, 1 << 30) * MEBIBYTE,
                reader.number("MOONCAKE_FLUSH_ROWS", 1_000_000, 1, Integer.MAX_VALUE),
                reader.number("MOONCAKE_FLUSH_SIZE_KB", 131_072, 64, Integer.MAX_VALUE) << 10,
                reader.number("MOONCAKE_FLUSH_INTERVAL_MS", 60_000, 10, Integer.MAX_VALUE),
                reader.number("MOONCAKE_MAX_RETAINED_WAL_MB", 0, 0, Integer.MAX_VALUE) * MEBIBYTE,
                reader.policy("MOONCAKE_RETAINED_WAL_POLICY"),
                reader.text("MOONCAKE_FAILOVER_SLOTS", "false").equals("true"),
                reader.text("MOONCAKE_MERGE_FILES", "true").equals("true"),
                reader.number("MOONCAKE_DUCKDB_MEMORY_LIMIT_MB", 4_096, 64, 1 << 30) * MEBIBYTE,
                (int) reader.number("MOONCAKE_DUCKDB_THREADS", 0, 0, 1_024),
                reader.path("MOONCAKE_DUCKDB_TEMPORARY_DIRECTORY", data.resolve("mooncake/pgsql_tmp"), data),
                Path.of(System.getProperty("mooncake.duckdb.library", "")));
        reader.failOnProblems();
        return settings;
    }

    /// Half of the budget is the JVM's heap (`-Xmx`, set by the supervisor), half holds rows off-
    /// heap.
    long rowMemoryBytes() {
        return memoryBytes / 2;
    }

    /// What is remembered of remote sources.
    Path remoteSources() {
        return dataDirectory.resolve("mooncake/remote-sources");
    }

    int effectiveThreads() {
        return duckdbThreads == 0 ? Runtime.getRuntime().availableProcessors() : duckdbThreads;
    }

    @Override
    public String toString() {
        return "EngineSettings[dataDirectory=" + dataDirectory + ", port=" + port + ", warehouse=" + warehouse + "]";
    }

    private static final class Reader {
        private final Map<String, String> environment;
        private final List<String> problems = new ArrayList<>();

        private Reader(Map<String, String> environment) {
            this.environment = environment;
        }

        String text(String name, @org.jspecify.annotations.Nullable String fallback) {
            String value = environment.get(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
            if (fallback == null) {
                problems.add(name + " is not set");
                return "";
            }
            return fallback;
        }

        long number(String name, long fallback, long min, long max) {
            String value = environment.get(name);
            if (value == null || value.isEmpty()) {
                return fallback;
            }
            try {
                long number = Long.parseLong(value);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                problems.add(name + " is no number: " + value);
                return fallback;
            }
            problems.add(name + " = " + value + " is not between " + min + " and " + max);
            return fallback;
        }

        RetainedWalPolicy policy(String name) {
            String value = text(name, RetainedWalPolicy.WARN.label());
            for (RetainedWalPolicy policy : RetainedWalPolicy.values()) {
                if (policy.label().equals(value)) {
                    return policy;
                }
            }
            problems.add(name + " is none of warn, resync: " + value);
            return RetainedWalPolicy.WARN;
        }

        Path path(String name, Path fallback, Path base) {
            String value = environment.get(name);
            return value == null || value.isEmpty() ? fallback : base.resolve(value);
        }

        void failOnProblems() {
            if (!problems.isEmpty()) {
                throw new MooncakeException(ErrorCode.BAD_CONFIGURATION, String.join("; ", problems));
            }
        }
    }
}
