package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// sum and avg of floats. Their rounding depends on the order of rows in Postgres too; overflow is an error in both.
final class FloatAggregates {
    private FloatAggregates() {}

    /// A statistic that Postgres computes value by value: DuckDB gathers the values in the order that it reads them.
    static Scalar statistic(FunctionTable.Function function, List<Scalar> args, AggregateSql.Frame frame) {
        List<String> lists = args.stream()
                .map(arg -> gathered(frame, "CAST(" + arg.sql() + " AS DOUBLE)"))
                .toList();
        return Scalar.of(
                "mc_f8_statistic('" + name(function) + "', " + String.join(", ", lists) + ")",
                new Form.Plain(Oids.FLOAT8),
                true);
    }

    /// The name by which `mc_f8_statistic` knows it.
    static String name(FunctionTable.Function function) {
        String name = function.signature().substring(0, function.signature().indexOf('('));
        return switch (name) {
            case "variance" -> "var_samp";
            case "stddev" -> "stddev_samp";
            case "sum" -> function.signature().equals("sum(real)") ? "sum4" : name;
            default -> name;
        };
    }

    /// How many pairs have no null.
    static Scalar pairs(List<Scalar> args, AggregateSql.Frame frame) {
        if (frame.distinct()) {
            throw Refusal.because("DISTINCT over several arguments is not translated.");
        }
        String pair = "CASE WHEN " + args.get(0).sql() + " IS NOT NULL AND "
                + args.get(1).sql() + " IS NOT NULL THEN 1 END";
        return Scalar.of(frame.call("count", pair), new Form.Plain(Oids.INT8), ExprSql.anyFails(args));
    }

    /// A sum, average or extreme of intervals.
    static Scalar ofIntervals(FunctionTable.Function function, Scalar arg, AggregateSql.Frame frame) {
        if (frame.distinct()) {
            throw Refusal.because("Aggregates of intervals are translated without DISTINCT only.");
        }
        return Scalar.of(
                "mc_interval_gathered('" + name(function) + "', " + gathered(frame, arg.sql()) + ")",
                new Form.Plain(Oids.INTERVAL),
                true);
    }

    private static String gathered(AggregateSql.Frame frame, String sql) {
        String list = frame.call("list", sql);
        return frame.distinct() ? "list_sort(" + list + ")" : list;
    }

    static Scalar build(String rule, Scalar arg, AggregateSql.Frame frame) {
        if (!(arg.form() instanceof Form.Plain(int type)) || (type != Oids.FLOAT4 && type != Oids.FLOAT8)) {
            throw Refusal.because("A value is not a float.");
        }
        boolean single = type == Oids.FLOAT4;
        String value = single ? "CAST(" + arg.sql() + " AS DOUBLE)" : arg.sql();
        String infinite = frame.call("bool_or", "isinf(" + value + ")");
        String sum = "mc_f8_sum(" + frame.call("sum", value) + ", " + infinite + ")";
        if (rule.equals("avg_float")) {
            return Scalar.of(
                    "mc_f8_div(" + sum + ", CAST(" + frame.call("count", value) + " AS DOUBLE))",
                    new Form.Plain(Oids.FLOAT8),
                    true);
        }
        return single
                ? Scalar.of("mc_f8_f4(" + sum + ")", new Form.Plain(Oids.FLOAT4), true)
                : Scalar.of(sum, new Form.Plain(Oids.FLOAT8), true);
    }
}
