package mooncake.benchmarks.read;

import static mooncake.benchmarks.FigureTable.format;
import static mooncake.benchmarks.FigureTable.percentiles;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import mooncake.benchmarks.Figures;
import mooncake.benchmarks.Warehouse;
import mooncake.testing.Sql;

/// Mirrors of very many small files, as they are before background work has merged them.
final class FilesPart {
    private static final int LOOKUP_FILES = 1_000;
    private static final int ROWS_OF_FILE = 1_000;
    private static final int SAMPLES = 200;

    /// Any odd number: the keys asked for are spread over all files.
    private static final long STRIDE = 7_919;

    private final Stage stage;

    FilesPart(Stage stage) {
        this.stage = stage;
    }

    void run() throws SQLException, IOException {
        settings("off", Integer.toString(ROWS_OF_FILE));
        lookup("few_files", LOOKUP_FILES, "p50 <= 10 ms");
        lookup("many_files", stage.options.files(), "p50 <= 20 ms");
        settings("on", "1000000");
    }

    private void settings(String merge, String flushRows) {
        stage.server.set("pg_mooncake.merge_files", merge);
        stage.server.set("pg_mooncake.flush_rows", flushRows);
        stage.server.restart();
        stage.server.awaitEngineAnswers();
    }

    private void lookup(String table, int files, String target) throws SQLException, IOException {
        long rows = (long) files * ROWS_OF_FILE;
        stage.console.step(format("Lookups by key over %,d files", files));
        stage.server.execute(
                "CREATE TABLE " + table + " AS SELECT i::bigint AS id, i % 1000 AS kind, 'row number ' || i AS note"
                        + " FROM generate_series(1, " + rows + ") i",
                "ALTER TABLE " + table + " ADD PRIMARY KEY (id)");
        stage.mirror(List.of(table));
        int written =
                Warehouse.of(stage.server, stage.mirror(table)).dataFiles().size();
        stage.check(written >= files);
        String sql = "SELECT note FROM " + table + " WHERE id = ?";
        try (Connection mirrors = stage.mirrors()) {
            long start = System.nanoTime();
            Sql.rows(mirrors, sql.replace("?", "1"));
            stage.console.line("the first lookup, which reads every footer: %.0f ms", Figures.millis(start));
            List<Double> samples = Sampler.millis(mirrors, sql, SAMPLES, turn -> 1 + turn * STRIDE % rows);
            stage.figures.add(format("lookup by key over %,d files", written), percentiles(samples), target);
        }
        stage.drop(List.of(table));
    }
}
