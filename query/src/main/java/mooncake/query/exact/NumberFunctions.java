package mooncake.query.exact;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;

/// `mc_f4_*` and `mc_f8_*`, and the casts between numerics, integers and floats.
final class NumberFunctions {
    private static final String TEXT = "VARCHAR";
    private static final String DOUBLE = "DOUBLE";
    private static final String FLOAT = "FLOAT";

    private NumberFunctions() {}

    /// What two single floats make.
    private interface FloatOperator {
        float apply(float a, float b);
    }

    /// Writes what a numeric becomes.
    private interface NumericRow {
        void apply(Numeric value, int row, WritableVector out);
    }

    static List<ExactFunction> all() {
        return List.of(
                doubles("mc_f8_add", Floats::add),
                doubles("mc_f8_sub", Floats::subtract),
                doubles("mc_f8_mul", Floats::multiply),
                doubles("mc_f8_div", Floats::divide),
                floats("mc_f4_add", Floats::add),
                floats("mc_f4_sub", Floats::subtract),
                floats("mc_f4_mul", Floats::multiply),
                floats("mc_f4_div", Floats::divide),
                unary("mc_f8_round", Math::rint),
                unary("mc_f8_sqrt", Floats::sqrt),
                ExactFunction.ofRows(
                        "mc_f8_sum",
                        List.of(DOUBLE, "BOOLEAN"),
                        DOUBLE,
                        (in, row, out) ->
                                out.setDouble(row, Floats.checked(in[0].getDouble(row), in[1].getBoolean(row)))),
                ExactFunction.ofRows(
                        "mc_f8_f4",
                        List.of(DOUBLE),
                        FLOAT,
                        (in, row, out) -> out.setFloat(row, Floats.toFloat(in[0].getDouble(row)))),
                ExactFunction.ofRows(
                        "mc_f8_num",
                        List.of(DOUBLE),
                        TEXT,
                        (in, row, out) -> out.setString(
                                row, NumericCasts.ofDouble(in[0].getDouble(row)).text())),
                ExactFunction.ofRows(
                        "mc_f4_num",
                        List.of(FLOAT),
                        TEXT,
                        (in, row, out) -> out.setString(
                                row, NumericCasts.ofFloat(in[0].getFloat(row)).text())),
                ofNumeric("mc_num_f8", DOUBLE, (value, row, out) -> out.setDouble(row, NumericCasts.toDouble(value))),
                ofNumeric("mc_num_f4", FLOAT, (value, row, out) -> out.setFloat(row, NumericCasts.toFloat(value))),
                toInteger("mc_num_int2", "SMALLINT", 16),
                toInteger("mc_num_int4", "INTEGER", 32),
                toInteger("mc_num_int8", "BIGINT", 64));
    }

    private static ExactFunction toInteger(String name, String type, int bits) {
        String postgresType = type.toLowerCase(java.util.Locale.ROOT);
        return ofNumeric(name, type, (numeric, row, out) -> {
            long value = NumericCasts.toInteger(numeric, bits, postgresType);
            switch (bits) {
                case 16 -> out.setShort(row, (short) value);
                case 32 -> out.setInt(row, (int) value);
                default -> out.setLong(row, value);
            }
        });
    }

    private static ExactFunction ofNumeric(String name, String resultType, NumericRow body) {
        return new ExactFunction(name, List.of(TEXT), resultType, (in, rows, out) -> {
            NumericReader reader = new NumericReader();
            VectorFunction.eachRow(in, rows, out, row -> body.apply(reader.read(in[0], row), row, out));
        });
    }

    private static ExactFunction doubles(String name, DoubleBinaryOperator operator) {
        return ExactFunction.ofRows(
                name,
                List.of(DOUBLE, DOUBLE),
                DOUBLE,
                (in, row, out) ->
                        out.setDouble(row, operator.applyAsDouble(in[0].getDouble(row), in[1].getDouble(row))));
    }

    private static ExactFunction floats(String name, FloatOperator operator) {
        return ExactFunction.ofRows(
                name,
                List.of(FLOAT, FLOAT),
                FLOAT,
                (in, row, out) -> out.setFloat(row, operator.apply(in[0].getFloat(row), in[1].getFloat(row))));
    }

    private static ExactFunction unary(String name, DoubleUnaryOperator operator) {
        return ExactFunction.ofRows(
                name,
                List.of(DOUBLE),
                DOUBLE,
                (in, row, out) -> out.setDouble(row, operator.applyAsDouble(in[0].getDouble(row))));
    }
}
