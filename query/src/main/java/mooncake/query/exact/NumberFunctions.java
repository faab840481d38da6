package mooncake.query.exact;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

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
                new ExactFunction(
                        "mc_f8_sum",
                        List.of(DOUBLE, "BOOLEAN"),
                        DOUBLE,
                        (in, rows, out) -> ExactFunction.eachRow(
                                in,
                                rows,
                                out,
                                row -> out.setDouble(
                                        row, Floats.checked(in[0].getDouble(row), in[1].getBoolean(row))))),
                new ExactFunction(
                        "mc_f8_f4",
                        List.of(DOUBLE),
                        FLOAT,
                        (in, rows, out) -> ExactFunction.eachRow(
                                in, rows, out, row -> out.setFloat(row, Floats.toFloat(in[0].getDouble(row))))),
                new ExactFunction(
                        "mc_f8_num",
                        List.of(DOUBLE),
                        TEXT,
                        (in, rows, out) -> ExactFunction.eachRow(
                                in,
                                rows,
                                out,
                                row -> out.setString(
                                        row,
                                        NumericCasts.ofDouble(in[0].getDouble(row))
                                                .text()))),
                new ExactFunction(
                        "mc_f4_num",
                        List.of(FLOAT),
                        TEXT,
                        (in, rows, out) -> ExactFunction.eachRow(
                                in,
                                rows,
                                out,
                                row -> out.setString(
                                        row,
                                        NumericCasts.ofFloat(in[0].getFloat(row))
                                                .text()))),
                new ExactFunction("mc_num_f8", List.of(TEXT), DOUBLE, (in, rows, out) -> {
                    NumericReader reader = new NumericReader();
                    ExactFunction.eachRow(
                            in, rows, out, row -> out.setDouble(row, NumericCasts.toDouble(reader.read(in[0], row))));
                }),
                new ExactFunction("mc_num_f4", List.of(TEXT), FLOAT, (in, rows, out) -> {
                    NumericReader reader = new NumericReader();
                    ExactFunction.eachRow(
                            in, rows, out, row -> out.setFloat(row, NumericCasts.toFloat(reader.read(in[0], row))));
                }),
                toInteger("mc_num_int2", "SMALLINT", 16),
                toInteger("mc_num_int4", "INTEGER", 32),
                toInteger("mc_num_int8", "BIGINT", 64));
    }

    private static ExactFunction toInteger(String name, String type, int bits) {
        String postgresType = type.toLowerCase(java.util.Locale.ROOT);
        return new ExactFunction(name, List.of(TEXT), type, (in, rows, out) -> {
            NumericReader reader = new NumericReader();
            ExactFunction.eachRow(in, rows, out, row -> {
                long value = NumericCasts.toInteger(reader.read(in[0], row), bits, postgresType);
                switch (bits) {
                    case 16 -> out.setShort(row, (short) value);
                    case 32 -> out.setInt(row, (int) value);
                    default -> out.setLong(row, value);
                }
            });
        });
    }

    private static ExactFunction doubles(String name, DoubleBinaryOperator operator) {
        return new ExactFunction(
                name,
                List.of(DOUBLE, DOUBLE),
                DOUBLE,
                (in, rows, out) -> ExactFunction.eachRow(
                        in,
                        rows,
                        out,
                        row -> out.setDouble(row, operator.applyAsDouble(in[0].getDouble(row), in[1].getDouble(row)))));
    }

    private static ExactFunction floats(String name, FloatOperator operator) {
        return new ExactFunction(
                name,
                List.of(FLOAT, FLOAT),
                FLOAT,
                (in, rows, out) -> ExactFunction.eachRow(
                        in,
                        rows,
                        out,
                        row -> out.setFloat(row, operator.apply(in[0].getFloat(row), in[1].getFloat(row)))));
    }

    private static ExactFunction unary(String name, DoubleUnaryOperator operator) {
        return new ExactFunction(
                name,
                List.of(DOUBLE),
                DOUBLE,
                (in, rows, out) -> ExactFunction.eachRow(
                        in, rows, out, row -> out.setDouble(row, operator.applyAsDouble(in[0].getDouble(row)))));
    }
}
