package mooncake.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mooncake.duckdb.DuckChunk;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.DuckResult;
import mooncake.duckdb.DuckSettings;
import mooncake.testing.Checkout;
import mooncake.testing.PostgresServer;

/// DuckDB by itself, in this process, on the Parquet files of mirrors that hold everything in files: the floor of what
/// a mirror's query can cost.
public final class BareDuckDb implements AutoCloseable {
    private final Path temporary;
    private final DuckDb database;
    private final DuckConnection connection;

    private BareDuckDb(Path temporary, DuckDb database) {
        this.temporary = temporary;
        this.database = database;
        this.connection = database.connect();
    }

    /// Views of the files of mirrors.
    ///
    /// @param mirrors the mirrors by the names of their views
    /// @param unpadded whether the views take off the blanks of `char(n)`, which Postgres' comparisons ignore and
    ///     DuckDB's do not
    public static BareDuckDb open(PostgresServer server, Map<String, String> mirrors, boolean unpadded)
            throws IOException {
        Path library = Checkout.root().resolve("server/target/engine/native/libduckdb_java.so_linux_amd64");
        Path temporary = Files.createTempDirectory("mooncake-bench");
        int threads = Runtime.getRuntime().availableProcessors();
        String memory = server.value("SHOW duckdb.memory_limit");
        BareDuckDb bare =
                new BareDuckDb(temporary, DuckDb.open(new DuckSettings(library, memory, threads, temporary, "20GB")));
        try {
            for (Map.Entry<String, String> mirror : mirrors.entrySet()) {
                String files = Warehouse.of(server, mirror.getValue()).dataFiles().stream()
                        .map(file -> "'" + file.toString().replace("'", "''") + "'")
                        .collect(Collectors.joining(", "));
                bare.connection.execute("CREATE VIEW " + mirror.getKey() + " AS SELECT *"
                        + (unpadded ? replacements(server, mirror.getValue()) : "") + " FROM read_parquet([" + files
                        + "])");
            }
            return bare;
        } catch (IOException | RuntimeException e) {
            bare.close();
            throw e;
        }
    }

    private static String replacements(PostgresServer server, String mirror) {
        String columns = server
                .rows("SELECT attname FROM pg_attribute WHERE attrelid = '" + mirror
                        + "'::regclass AND atttypid = 'bpchar'::regtype AND attnum > 0")
                .stream()
                .map(List::getFirst)
                .map(name -> "CASE WHEN ends_with(" + name + ", ' ') THEN rtrim(" + name + ", ' ') ELSE " + name
                        + " END AS " + name)
                .collect(Collectors.joining(", "));
        return columns.isEmpty() ? "" : " REPLACE (" + columns + ")";
    }

    /// The time of one run and the number of its rows.
    public record Timed(double millis, long rows) {
        Timed best(Timed other) {
            return millis <= other.millis ? this : other;
        }
    }

    public Timed run(String sql) {
        long start = System.nanoTime();
        long rows = 0;
        try (DuckResult result = connection.query(sql)) {
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                rows += chunk.rows();
            }
        }
        return new Timed(Figures.millis(start), rows);
    }

    public Timed best(String sql, int runs) {
        Timed best = run(sql);
        for (int run = 1; run < runs; run++) {
            best = run(sql).best(best);
        }
        return best;
    }

    @Override
    public void close() throws IOException {
        connection.close();
        database.close();
        Files.deleteIfExists(temporary);
    }
}
