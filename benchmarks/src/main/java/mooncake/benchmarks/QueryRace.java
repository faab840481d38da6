package mooncake.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import mooncake.testing.Sql;
import mooncake.testing.TpchQuery;

/// One query on the heap tables and on their mirrors, over the same state: the best time of each, and whether the rows
/// are the same, in any order, since the standard's ORDER BYs leave ties open.
///
/// @param whole the mirror's plan is one custom scan: DuckDB ran all of it
public record QueryRace(int number, double heapMillis, double mirrorMillis, int rows, boolean equal, boolean whole) {

    public static QueryRace run(Connection connection, TpchQuery query, int runs) throws SQLException {
        String onHeap = query.on(table -> table);
        String onMirror = query.on(Mirrors::name);
        Timed heap = best(connection, onHeap, runs);
        Timed mirror = best(connection, onMirror, runs);
        String plan = Sql.rows(connection, "EXPLAIN (COSTS OFF) " + onMirror)
                .getFirst()
                .getFirst();
        return new QueryRace(
                query.number(),
                heap.millis,
                mirror.millis,
                heap.rows.size(),
                heap.rows.equals(mirror.rows),
                plan.startsWith("Custom Scan"));
    }

    public double ratio() {
        return heapMillis / mirrorMillis;
    }

    private record Timed(double millis, List<String> rows) {}

    private static Timed best(Connection connection, String sql, int runs) throws SQLException {
        double millis = Double.MAX_VALUE;
        List<List<String>> rows = List.of();
        for (int run = 0; run < runs; run++) {
            long start = System.nanoTime();
            rows = Sql.rows(connection, sql);
            millis = Math.min(millis, Figures.millis(start));
        }
        List<String> sorted =
                new ArrayList<>(rows.stream().map(List::toString).sorted().toList());
        return new Timed(millis, sorted);
    }
}
