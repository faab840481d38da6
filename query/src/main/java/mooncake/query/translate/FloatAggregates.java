package mooncake.query.translate;

import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// sum and avg of floats. Their rounding depends on the order of rows in Postgres too; overflow is an error in both.
final class FloatAggregates {
    private FloatAggregates() {}

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
