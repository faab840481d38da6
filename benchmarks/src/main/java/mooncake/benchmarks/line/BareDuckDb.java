package mooncake.benchmarks.line;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mooncake.benchmarks.Figures;
import mooncake.benchmarks.Mirrors;
import mooncake.benchmarks.Warehouse;
import mooncake.duckdb.DuckChunk;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.DuckResult;
import mooncake.duckdb.DuckSettings;
import mooncake.testing.Checkout;
import mooncake.testing.PostgresServer;
import mooncake.testing.TpchDatabase;
import mooncake.testing.TpchQuery;

/// DuckDB by itself, in this process, on the Parquet files of mirrors that hold everything in files: the floor of what
/// a
/// mirror's query can cost.
///
/// Files keep the blanks of `char(n)`, which Postgres' comparison ignores and DuckDB's does not, so the queries'
/// literals
/// of such columns are padded here.
final class BareDuckDb implements AutoCloseable {
    private static final Pattern CHAR_10 =
            Pattern.compile("'(BUILDING|MAIL|SHIP|AIR|AIR REG|Brand#\\d\\d|(?:SM|MED|LG) (?:CASE|BOX|PACK|PKG|BAG))'");
    private static final Pattern CHAR_15 = Pattern.compile("'(1-URGENT|2-HIGH)'");
    private static final Pattern CHAR_25 =
            Pattern.compile("'(EUROPE|ASIA|AMERICA|FRANCE|GERMANY|BRAZIL|CANADA|SAUDI ARABIA|DELIVER IN PERSON)'");

    private final Path temporary;
    private final DuckDb database;
    private final DuckConnection connection;

    private BareDuckDb(Path temporary, DuckDb database) {
        this.temporary = temporary;
        this.database = database;
        this.connection = database.connect();
    }

    static BareDuckDb open(PostgresServer server, String memoryLimit) throws IOException {
        Path library = Checkout.root().resolve("server/target/engine/native/libduckdb_java.so_linux_amd64");
        Path temporary = Files.createTempDirectory("mooncake-bench");
        int threads = Runtime.getRuntime().availableProcessors();
        BareDuckDb bare = new BareDuckDb(
                temporary, DuckDb.open(new DuckSettings(library, memoryLimit, threads, temporary, "20GB")));
        for (String table : TpchDatabase.TABLES) {
            String files = Warehouse.of(server, Mirrors.name(table)).dataFiles().stream()
                    .map(file -> "'" + file.toString().replace("'", "''") + "'")
                    .collect(Collectors.joining(", "));
            bare.connection.execute("CREATE VIEW " + table + " AS SELECT * FROM read_parquet([" + files + "])");
        }
        return bare;
    }

    /// The best time of one query and the number of its rows.
    record Timed(double millis, int rows) {}

    Timed best(TpchQuery query, int runs) {
        String sql = padded(query.on(table -> table));
        double millis = Double.MAX_VALUE;
        int rows = 0;
        for (int run = 0; run < runs; run++) {
            long start = System.nanoTime();
            rows = rows(sql);
            millis = Math.min(millis, Figures.millis(start));
        }
        return new Timed(millis, rows);
    }

    static String padded(String sql) {
        return pad(pad(pad(sql, CHAR_10, 10), CHAR_15, 15), CHAR_25, 25);
    }

    private static String pad(String sql, Pattern literals, int width) {
        return literals.matcher(sql)
                .replaceAll(found ->
                        "'" + found.group(1) + " ".repeat(width - found.group(1).length()) + "'");
    }

    private int rows(String sql) {
        int rows = 0;
        try (DuckResult result = connection.query(sql)) {
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                rows += chunk.rows();
            }
        }
        return rows;
    }

    @Override
    public void close() throws IOException {
        connection.close();
        database.close();
        Files.deleteIfExists(temporary);
    }
}
