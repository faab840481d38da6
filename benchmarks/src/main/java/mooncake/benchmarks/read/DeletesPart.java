package mooncake.benchmarks.read;

import static mooncake.benchmarks.FigureTable.format;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import mooncake.benchmarks.Figures;
import mooncake.testing.Sql;

/// Scans of tables of which nothing, one row in a hundred, and one in ten was deleted after their files were written.
final class DeletesPart {
    private static final int RUNS = 7;
    private static final List<String> TABLES = List.of("deletes_0", "deletes_1", "deletes_10");
    private static final List<String> QUERIES = List.of(
            "SELECT sum(amount) FROM %s",
            "SELECT kind, count(*), sum(amount) FROM %s GROUP BY kind ORDER BY kind",
            "SELECT max(note) FROM %s WHERE kind < 100");

    private final Stage stage;

    DeletesPart(Stage stage) {
        this.stage = stage;
    }

    void run() throws SQLException {
        stage.console.step("Scans after deletes");
        for (String table : TABLES) {
            stage.server.execute(
                    "CREATE TABLE " + table + " AS SELECT i::bigint AS id, (i % 1000)::integer AS kind,"
                            + " (i % 100000)::numeric(12,2) AS amount, 'row number ' || i AS note"
                            + " FROM generate_series(1, " + stage.options.rows() + ") i",
                    "ALTER TABLE " + table + " ADD PRIMARY KEY (id)");
        }
        stage.mirror(TABLES);
        stage.server.execute(
                "DELETE FROM deletes_1 WHERE id % 100 = 7",
                "DELETE FROM deletes_10 WHERE id % 10 = 7",
                "CALL mooncake.create_snapshot('" + stage.mirror("deletes_1") + "')",
                "CALL mooncake.create_snapshot('" + stage.mirror("deletes_10") + "')");
        try (Connection heap = stage.heap();
                Connection mirrors = stage.mirrors()) {
            List<Double> one = new ArrayList<>();
            List<Double> ten = new ArrayList<>();
            for (String query : QUERIES) {
                race(heap, mirrors, query, one, ten);
            }
            add("1 %", one);
            add("10 %", ten);
        }
        stage.drop(TABLES);
    }

    private void race(Connection heap, Connection mirrors, String query, List<Double> one, List<Double> ten)
            throws SQLException {
        double[] best = new double[TABLES.size()];
        for (int i = 0; i < best.length; i++) {
            String sql = on(query, i);
            stage.check(Sql.rows(heap, sql).equals(Sql.rows(mirrors, sql)));
            best[i] = Double.MAX_VALUE;
        }
        for (int run = 0; run < RUNS; run++) {
            for (int i = 0; i < best.length; i++) {
                long start = System.nanoTime();
                Sql.rows(mirrors, on(query, i));
                best[i] = Math.min(best[i], Figures.millis(start));
            }
        }
        stage.console.line("%-75s %8.1f %8.1f %8.1f ms", query, best[0], best[1], best[2]);
        one.add(best[1] / best[0]);
        ten.add(best[2] / best[0]);
    }

    private static String on(String query, int table) {
        return query.replace("%s", TABLES.get(table));
    }

    private void add(String share, List<Double> ratios) {
        stage.figures.add(
                "scan with " + share + " of the rows deleted, against none",
                format("%.2fx its time (at most %.2fx)", Figures.geometricMean(ratios), Figures.percentile(ratios, 1)),
                "<= 1.3x");
    }
}
