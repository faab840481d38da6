package mooncake.query.translate;

import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// sum, avg, variance and the extremes of integers and numerics. DuckDB adds exactly in 128 bits and fails when they do
/// not suffice; what Postgres derives from exact sums is computed once a group.
final class NumericAggregates {
    private static final int SUM_DIGITS = 38;
    private static final int WINDOW_SCALE = 20;

    private NumericAggregates() {}

    static Scalar build(String rule, Scalar given, AggregateSql.Frame frame, boolean allNumericsFree) {
        boolean integer = given.form() instanceof Form.Plain(int type)
                && (type == Oids.INT2 || type == Oids.INT4 || type == Oids.INT8);
        if (!integer && !Forms.isNumeric(given.form())) {
            throw Refusal.because("A value is not numeric.");
        }
        Scalar value = frame.window() && !allNumericsFree && NumericRules.isFree(given) ? forWindow(given) : given;
        boolean extreme = rule.equals("min_numeric") || rule.equals("max_numeric");
        Scalar arg = extreme ? given : value;
        return switch (rule) {
            case "sum_integer" -> sumInteger(arg, frame);
            case "sum_numeric" -> sumNumeric(arg, frame);
            case "avg_exact" -> average(arg, frame);
            case "min_numeric" -> extreme("min", arg, frame);
            case "max_numeric" -> extreme("max", arg, frame);
            case "stddev_samp" -> variance(arg, frame, allNumericsFree, true, true);
            case "stddev_pop" -> variance(arg, frame, allNumericsFree, false, true);
            case "var_samp" -> variance(arg, frame, allNumericsFree, true, false);
            case "var_pop" -> variance(arg, frame, allNumericsFree, false, false);
            default -> throw Refusal.because("Aggregate %s is not translated.", rule);
        };
    }

    private static Scalar sumInteger(Scalar arg, AggregateSql.Frame frame) {
        String sum = frame.call("sum", arg.sql());
        boolean wide = arg.form() instanceof Form.Plain(int type) && type == Oids.INT8;
        if (wide) {
            Form.Decimal form = Form.Decimal.of(SUM_DIGITS, 0);
            return Scalar.of("CAST(" + sum + " AS " + form.duckType() + ")", form, arg.fails());
        }
        return Scalar.of("CAST(" + sum + " AS BIGINT)", new Form.Plain(Oids.INT8), arg.fails());
    }

    private static Scalar sumNumeric(Scalar arg, AggregateSql.Frame frame) {
        if (NumericRules.isFree(arg)) {
            return Scalar.of(freeSum(arg.sql(), frame), new Form.Free(), arg.fails());
        }
        Form.Decimal from = NumericRules.decimal(arg);
        String shown = null;
        if (from.shown() != null) {
            String scale = "CASE WHEN " + arg.sql() + " IS NOT NULL THEN " + from.shown() + " END";
            shown = frame.plain().call("max", scale);
        }
        return Scalar.of(frame.call("sum", arg.sql()), new Form.Decimal(SUM_DIGITS, from.scale(), shown), arg.fails());
    }

    /// The sum of numerics in text form; DuckDB only gathers them.
    private static String freeSum(String sql, AggregateSql.Frame frame) {
        if (frame.distinct()) {
            throw Refusal.because("DISTINCT numerics of any scale are not summed.");
        }
        return "mc_num_sum(" + frame.plain().call("string_agg", sql + ", ' '") + ")";
    }

    /// Over a window text would be gathered anew for each row: numerics of moderate size are decimals there. Where they
    /// do not suffice the query fails and is translated again with all numerics as text.
    private static Scalar forWindow(Scalar arg) {
        return Scalar.of(
                "CAST(" + arg.sql() + " AS DECIMAL(38," + WINDOW_SCALE + "))",
                new Form.Decimal(SUM_DIGITS, WINDOW_SCALE, "mc_num_scale_of(" + arg.sql() + ", " + WINDOW_SCALE + ")"),
                true);
    }

    private static Scalar average(Scalar arg, AggregateSql.Frame frame) {
        String sum = arg.form() instanceof Form.Plain
                ? "CAST(" + frame.call("sum", arg.sql()) + " AS VARCHAR)"
                : Forms.free(sumNumeric(arg, frame));
        String count = "CAST(" + frame.call("count", arg.sql()) + " AS VARCHAR)";
        return Scalar.of("mc_num_avg(" + sum + ", " + count + ")", new Form.Free(), arg.fails());
    }

    private static Scalar extreme(String function, Scalar arg, AggregateSql.Frame frame) {
        boolean shown = arg.form() instanceof Form.Decimal decimal && decimal.shown() != null;
        if (!shown && !NumericRules.isFree(arg)) {
            return Scalar.of(frame.call(function, arg.sql()), arg.form(), arg.fails());
        }
        String text = Forms.free(arg);
        String key = shown ? arg.sql() : "mc_num_key(" + text + ")";
        return Scalar.of(frame.plain().call("arg_" + function, text + ", " + key), new Form.Free(), arg.fails());
    }

    /// From the exact sums of values and squares, as Postgres does for integers and numerics.
    private static Scalar variance(
            Scalar arg, AggregateSql.Frame frame, boolean allNumericsFree, boolean sample, boolean root) {
        String sum;
        String squares;
        if (arg.form() instanceof Form.Plain && allNumericsFree) {
            String text = "CAST(" + arg.sql() + " AS VARCHAR)";
            sum = "CAST(" + frame.call("sum", arg.sql()) + " AS VARCHAR)";
            squares = freeSum("mc_num_mul(" + text + ", " + text + ")", frame);
        } else if (arg.form() instanceof Form.Plain) {
            sum = "CAST(" + frame.call("sum", arg.sql()) + " AS VARCHAR)";
            String wide = "CAST(" + arg.sql() + " AS HUGEINT)";
            squares = "CAST(" + frame.call("sum", wide + " * " + wide) + " AS VARCHAR)";
        } else {
            Scalar square = NumericRules.square(arg);
            sum = Forms.free(sumNumeric(arg, frame));
            squares = Forms.free(sumNumeric(square, frame));
        }
        String count = frame.call("count", arg.sql());
        return Scalar.of(
                "mc_num_variance(" + sum + ", " + squares + ", " + count + ", " + (sample ? "TRUE" : "FALSE") + ", "
                        + (root ? "TRUE" : "FALSE") + ")",
                new Form.Free(),
                true);
    }
}
