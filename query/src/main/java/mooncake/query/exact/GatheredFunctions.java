package mooncake.query.exact;

import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;
import org.jspecify.annotations.Nullable;

/// What aggregates end with whose values DuckDB gathers in lists: statistics of floats, and sums and extremes of
/// intervals. The first argument names the aggregate.
final class GatheredFunctions {
    private static final String TEXT = "VARCHAR";

    private GatheredFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                ExactFunction.ofRows(
                        "mc_f8_statistic",
                        List.of(TEXT, "DOUBLE[]"),
                        "DOUBLE",
                        (in, row, out) ->
                                put(out, row, FloatStatistics.of(in[1], row).result(in[0].getString(row)))),
                ExactFunction.ofRows(
                        "mc_f8_statistic",
                        List.of(TEXT, "DOUBLE[]", "DOUBLE[]"),
                        "DOUBLE",
                        (in, row, out) -> put(
                                out, row, FloatStatistics.of(in[1], in[2], row).result(in[0].getString(row)))),
                new ExactFunction(
                        "mc_interval_gathered", List.of(TEXT, "INTERVAL[]"), "INTERVAL", GatheredFunctions::intervals));
    }

    private static void put(WritableVector out, int row, @Nullable Double value) {
        if (value == null) {
            out.setNull(row);
        } else {
            out.setDouble(row, value);
        }
    }

    private static void intervals(DuckVector[] in, int rows, WritableVector out) {
        DuckVector elements = in[1].elements();
        VectorFunction.eachRow(in, rows, out, row -> {
            String name = in[0].getString(row);
            Interval result = null;
            long count = 0;
            int from = in[1].listOffset(row);
            for (int i = from; i < from + in[1].listLength(row); i++) {
                if (elements.isValid(i)) {
                    Interval next = TimeFunctions.interval(elements, i);
                    result = result == null ? next : joined(name, result, next);
                    count++;
                }
            }
            if (result == null) {
                out.setNull(row);
            } else {
                Interval end = name.equals("avg") ? Intervals.dividedBy(result, (double) count) : result;
                out.setInterval(row, end.months(), end.days(), end.micros());
            }
        });
    }

    /// Of equal intervals the later one stays.
    private static Interval joined(String name, Interval a, Interval b) {
        return switch (name) {
            case "min" -> a.key().compareTo(b.key()) < 0 ? a : b;
            case "max" -> a.key().compareTo(b.key()) > 0 ? a : b;
            default -> a.plus(b);
        };
    }
}
