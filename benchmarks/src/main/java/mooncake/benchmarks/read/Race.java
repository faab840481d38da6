package mooncake.benchmarks.read;

import static mooncake.benchmarks.FigureTable.format;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import mooncake.benchmarks.BareDuckDb;
import mooncake.benchmarks.Figures;
import mooncake.testing.Sql;
import org.jspecify.annotations.Nullable;

/// Queries on heap tables, on their mirrors, and in DuckDB alone on the mirrors' files. A query's time is the best of a
/// few runs, from sending it to having read all rows; mirror and DuckDB take turns.
final class Race {
    private static final int HEAP_RUNS = 1;
    private static final int RUNS = 4;
    private static final int HEAP_MILLIS_MAX = 300_000;
    private static final String QUERY_CANCELED = "57014";

    private final Stage stage;
    private final String name;
    private final List<Double> faster = new ArrayList<>();
    private final List<Double> ofBare = new ArrayList<>();
    private int whole;

    private Race(Stage stage, String name) {
        this.stage = stage;
        this.name = name;
    }

    /// The best time and the rows, in any order: sorted as texts.
    ///
    /// @param failure the SQLSTATE of the error that came instead, null for none
    private record Timed(
            double millis, List<String> rows, @Nullable String failure) {}

    /// @param unpadded whether DuckDB alone sees `char(n)` without its blanks
    static void run(Stage stage, String name, Collection<String> tables, List<RaceQuery> queries, boolean unpadded)
            throws SQLException, IOException {
        Race race = new Race(stage, name);
        stage.console.step(format(
                "%s, %d queries: heap, mirror, DuckDB alone on the same files (best of %d, %d, %d)",
                name, queries.size(), HEAP_RUNS, RUNS, RUNS));
        stage.console.line(
                "%-6s %10s %10s %10s %8s %8s", "query", "heap ms", "mirror ms", "bare ms", "faster", "of bare");
        try (Connection heap = stage.heap();
                Connection mirrors = stage.mirrors();
                BareDuckDb bare = BareDuckDb.open(stage.server, stage.views(tables), unpadded)) {
            Sql.execute(heap, "SET statement_timeout = " + HEAP_MILLIS_MAX);
            for (RaceQuery query : queries) {
                race.run(query, heap, mirrors, bare);
            }
        }
        race.print(queries.size());
    }

    private void run(RaceQuery query, Connection heap, Connection mirrors, BareDuckDb bare) throws SQLException {
        Timed onHeap = onHeap(heap, query.sql());
        Timed onMirror = timed(mirrors, query.sql());
        if (onHeap.failure != null || onMirror.failure != null) {
            boolean same = Objects.equals(onHeap.failure, onMirror.failure);
            stage.check(same);
            stage.console.line(
                    "%-6s heap %s, mirror %s  %s",
                    query.name(),
                    onHeap.failure == null ? "answers" : "fails with " + onHeap.failure,
                    onMirror.failure == null ? "answers" : "fails with " + onMirror.failure,
                    same ? "equal" : "DIFFERENT");
            return;
        }
        BareDuckDb.Timed alone = bare.run(query.bare());
        double mirrorMillis = onMirror.millis;
        double bareMillis = alone.millis();
        for (int run = 1; run < RUNS; run++) {
            mirrorMillis = Math.min(mirrorMillis, timed(mirrors, query.sql()).millis);
            bareMillis = Math.min(bareMillis, bare.run(query.bare()).millis());
        }
        boolean known = onHeap.millis < HEAP_MILLIS_MAX;
        boolean equal = known
                ? onHeap.rows.equals(onMirror.rows) && alone.rows() == onMirror.rows.size()
                : alone.rows() == onMirror.rows.size();
        boolean inDuckDb = Sql.rows(mirrors, "EXPLAIN (COSTS OFF) " + query.sql())
                .getFirst()
                .getFirst()
                .startsWith("Custom Scan");
        stage.check(equal);
        whole += inDuckDb ? 1 : 0;
        faster.add(onHeap.millis / mirrorMillis);
        ofBare.add(mirrorMillis / bareMillis);
        stage.console.line(
                "%-6s %10.1f %10.1f %10.1f %7.1fx %7.2fx  %s%s%s",
                query.name(),
                onHeap.millis,
                mirrorMillis,
                bareMillis,
                onHeap.millis / mirrorMillis,
                mirrorMillis / bareMillis,
                equal ? "equal" : "DIFFERENT",
                known ? "" : " (in number only: heap was stopped)",
                inDuckDb ? "" : " (not whole in DuckDB)");
    }

    /// A query that heap does not answer in time counts as if it had taken just that long.
    private static Timed onHeap(Connection heap, String sql) {
        Timed timed = timed(heap, sql);
        return QUERY_CANCELED.equals(timed.failure) ? new Timed(HEAP_MILLIS_MAX, List.of(), null) : timed;
    }

    private static Timed timed(Connection connection, String sql) {
        long start = System.nanoTime();
        try {
            List<List<String>> rows = Sql.rows(connection, sql);
            double millis = Figures.millis(start);
            return new Timed(millis, rows.stream().map(List::toString).sorted().toList(), null);
        } catch (SQLException e) {
            return new Timed(Figures.millis(start), List.of(), String.valueOf(e.getSQLState()));
        }
    }

    private void print(int queries) {
        stage.figures.add(
                name + ", mirror against DuckDB alone, geometric mean",
                format("%.2fx its time (%.2fx to %.2fx)", Figures.geometricMean(ofBare), min(ofBare), max(ofBare)),
                "<= 1.1x");
        stage.figures.add(
                name + ", mirror against heap, geometric mean",
                format("%.1fx faster (%.1fx to %.1fx)", Figures.geometricMean(faster), min(faster), max(faster)),
                ">= 20x");
        stage.figures.add(name + ", queries that run whole in DuckDB", whole + " of " + queries, "all");
    }

    private static double min(List<Double> values) {
        return Figures.percentile(values, 0);
    }

    private static double max(List<Double> values) {
        return Figures.percentile(values, 1);
    }
}
