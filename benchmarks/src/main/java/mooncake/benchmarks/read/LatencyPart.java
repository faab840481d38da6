package mooncake.benchmarks.read;

import static mooncake.benchmarks.FigureTable.format;
import static mooncake.benchmarks.FigureTable.percentiles;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import mooncake.benchmarks.Figures;
import mooncake.testing.Sql;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Small queries, and rows in bulk.
final class LatencyPart {
    private static final int SAMPLES = 500;
    private static final int SMALL_ROWS = 100_000;
    private static final int FETCH_ROWS = 10_000;
    private static final int COPY_BYTES = 1 << 16;
    private static final List<String> TABLES = List.of("small", "bulk");

    private final Stage stage;

    LatencyPart(Stage stage) {
        this.stage = stage;
    }

    void run() throws SQLException {
        stage.console.step("Latency of small queries");
        stage.server.execute(
                create("small", SMALL_ROWS), "ALTER TABLE small ADD PRIMARY KEY (id)", create("bulk", bulkRows()));
        stage.mirror(TABLES);
        latency("a constant query", "SELECT 1 FROM small LIMIT 1", "p50 <= 1 ms");
        latency(
                "an aggregate over 100,000 rows",
                "SELECT kind, count(*), sum(amount), max(at) FROM small GROUP BY kind ORDER BY kind",
                "p50 <= 5 ms");
        bulk();
        stage.drop(TABLES);
    }

    private long bulkRows() {
        return stage.options.rows();
    }

    private static String create(String table, long rows) {
        return "CREATE TABLE " + table
                + " AS SELECT i::bigint AS id, (i % 10)::integer AS kind, i * 0.25::float8 AS amount,"
                + " timestamp '2024-01-01' + i * interval '1 second' AS at, 'row number ' || i AS note"
                + " FROM generate_series(1, " + rows + ") i";
    }

    private void latency(String name, String sql, String target) throws SQLException {
        try (Connection heap = stage.heap();
                Connection mirrors = stage.mirrors()) {
            stage.check(Sql.rows(heap, sql).equals(Sql.rows(mirrors, sql)));
            List<Double> onMirror = Sampler.millis(mirrors, sql, SAMPLES, turn -> turn);
            List<Double> onHeap = Sampler.millis(heap, sql, SAMPLES, turn -> turn);
            stage.figures.add(
                    name, percentiles(onMirror) + format(", heap p50 %.1f", Figures.percentile(onHeap, 0.5)), target);
        }
    }

    private void bulk() throws SQLException {
        stage.console.step(format("%,d rows of five columns from a mirror into a table", bulkRows()));
        try (Connection mirrors = stage.mirrors()) {
            long start = System.nanoTime();
            Sql.execute(mirrors, "CREATE TABLE public.moved AS SELECT * FROM bulk");
            double direct = Figures.millis(start);
            stage.check(count(mirrors, "public.moved") == bulkRows());
            Sql.execute(mirrors, "DROP TABLE public.moved");
            Sql.execute(mirrors, "CREATE TABLE public.moved (LIKE public.bulk)");
            start = System.nanoTime();
            throughClient(mirrors);
            double client = Figures.millis(start);
            stage.check(count(mirrors, "public.moved") == bulkRows());
            Sql.execute(mirrors, "DROP TABLE public.moved");
            stage.figures.add(
                    "CREATE TABLE AS of a mirror against JDBC result sets and COPY",
                    format(
                            "%.1fx (%,.0f rows/s against %,.0f)",
                            client / direct, bulkRows() / direct * 1000, bulkRows() / client * 1000),
                    ">= 3x");
        }
    }

    private static long count(Connection connection, String table) throws SQLException {
        return Long.parseLong(Sql.value(connection, "SELECT count(*) FROM " + table));
    }

    /// The rows by a client: a result set of the mirror, a COPY into the table.
    private void throughClient(Connection mirrors) throws SQLException {
        mirrors.setAutoCommit(false);
        try (Connection into = stage.heap();
                Statement select = mirrors.createStatement()) {
            select.setFetchSize(FETCH_ROWS);
            CopyIn copy = into.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY moved FROM STDIN");
            StringBuilder lines = new StringBuilder();
            try (ResultSet rows = select.executeQuery("SELECT * FROM bulk")) {
                while (rows.next()) {
                    lines.append(rows.getLong(1))
                            .append('\t')
                            .append(rows.getInt(2))
                            .append('\t');
                    lines.append(rows.getDouble(3))
                            .append('\t')
                            .append(rows.getString(4))
                            .append('\t');
                    lines.append(rows.getString(5)).append('\n');
                    if (lines.length() > COPY_BYTES) {
                        send(copy, lines);
                    }
                }
            }
            send(copy, lines);
            copy.endCopy();
        }
        mirrors.setAutoCommit(true);
    }

    private static void send(CopyIn copy, StringBuilder lines) throws SQLException {
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        lines.setLength(0);
    }
}
