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
                        (in, row, out) -> put(
                                out,
                                row,
                                folded(in[0].getString(row), in[1], row).result())),
                ExactFunction.ofRows(
                        "mc_f8_statistic",
                        List.of(TEXT, "DOUBLE[]", "DOUBLE[]"),
                        "DOUBLE",
                        (in, row, out) -> put(
                                out, row, FloatStatistics.of(in[1], in[2], row).result(in[0].getString(row)))),
                new ExactFunction(
                        "mc_interval_gathered", List.of(TEXT, "INTERVAL[]"), "INTERVAL", GatheredFunctions::intervals));
    }

    private static FloatFold folded(String name, DuckVector lists, int row) {
        FloatFold fold = new FloatFold(name);
        DuckVector elements = lists.elements();
        int from = lists.listOffset(row);
        for (int i = from; i < from + lists.listLength(row); i++) {
            if (elements.isValid(i)) {
                fold.add(elements.getDouble(i));
            }
        }
        return fold;
    }

    static void put(WritableVector out, int row, @Nullable Double value) {
        if (value == null) {
            out.setNull(row);
        } else {
            out.setDouble(row, value);
        }
    }

    private static void intervals(DuckVector[] in, int rows, WritableVector out) {
        DuckVector elements = in[1].elements();
        VectorFunction.eachRow(in, rows, out, row -> {
            IntervalFold fold = new IntervalFold(in[0].getString(row));
            int from = in[1].listOffset(row);
            for (int i = from; i < from + in[1].listLength(row); i++) {
                if (elements.isValid(i)) {
                    fold.add(TimeFunctions.interval(elements, i));
                }
            }
            @Nullable Interval result = fold.result();
            if (result == null) {
                out.setNull(row);
            } else {
                out.setInterval(row, result.months(), result.days(), result.micros());
            }
        });
    }
}
