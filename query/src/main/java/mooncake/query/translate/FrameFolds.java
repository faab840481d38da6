package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.Oids;

/// Aggregates over windows that Postgres computes value after value, from each frame's first on: of floats, whose
/// rounding depends on that, and of intervals. DuckDB gathers each partition once; the frames are parts of it.
final class FrameFolds {
    private FrameFolds() {}

    static boolean isFolded(FunctionTable.Function function) {
        return function.isRule()
                && switch (function.rule()) {
                    case "sum_float", "avg_float", "float_statistic", "interval_gathered" -> true;
                    default -> false;
                };
    }

    /// @param condition FILTER, null without one
    static Scalar build(
            FunctionTable.Function function,
            List<Scalar> args,
            @org.jspecify.annotations.Nullable Scalar condition,
            WindowOver over) {
        boolean interval = function.rule().equals("interval_gathered");
        String type = interval ? "INTERVAL" : "DOUBLE";
        String name = FloatAggregates.name(function);
        StringBuilder sql = new StringBuilder((interval ? "mc_interval_frame('" : "mc_f8_frame('") + name + "'");
        for (Scalar arg : args) {
            Scalar shown = condition == null ? arg : Forms.when(condition.sql(), arg);
            sql.append(", list(CAST(")
                    .append(shown.sql())
                    .append(" AS ")
                    .append(type)
                    .append("))")
                    .append(over.whole());
        }
        sql.append(", count(*)").append(over.open());
        sql.append(", count(*)").append(over.unexcluded());
        sql.append(excluded(over)).append(')');
        return switch (name) {
            case "sum4" -> Scalar.of("CAST(" + sql + " AS FLOAT)", new Form.Plain(Oids.FLOAT4), true);
            default -> Scalar.of(sql.toString(), new Form.Plain(interval ? Oids.INTERVAL : Oids.FLOAT8), true);
        };
    }

    private static String excluded(WindowOver over) {
        String row = "row_number()" + over.whole();
        String first = "rank()" + over.whole();
        String behind = first + " + count(*)" + over.peers();
        return switch (over.excluded()) {
            case NO_OTHERS -> ", 0, 0, 0";
            case CURRENT_ROW -> ", " + row + ", " + row + " + 1, 0";
            case GROUP -> ", " + first + ", " + behind + ", 0";
            case TIES -> ", " + first + ", " + behind + ", " + row;
        };
    }
}
