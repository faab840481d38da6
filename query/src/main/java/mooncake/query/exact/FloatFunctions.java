package mooncake.query.exact;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// `mc_f8_*`: functions of float8 beyond arithmetic.
final class FloatFunctions {
    private static final String DOUBLE = "DOUBLE";

    private FloatFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                unary("mc_f8_cbrt", FloatMath::cbrt),
                unary("mc_f8_exp", FloatMath::exp),
                unary("mc_f8_ln", FloatMath::ln),
                unary("mc_f8_log10", FloatMath::log10),
                unary("mc_f8_sign", FloatMath::sign),
                unary("mc_f8_sin", x -> FloatMath.trigonometric(LibM.SIN, x)),
                unary("mc_f8_cos", x -> FloatMath.trigonometric(LibM.COS, x)),
                unary("mc_f8_tan", x -> FloatMath.trigonometric(LibM.TAN, x)),
                unary("mc_f8_cot", FloatMath::cot),
                unary("mc_f8_asin", x -> FloatMath.inverse(LibM.ASIN, x)),
                unary("mc_f8_acos", x -> FloatMath.inverse(LibM.ACOS, x)),
                unary("mc_f8_atan", LibM.ATAN::of),
                unary("mc_f8_sinh", LibM.SINH::of),
                unary("mc_f8_cosh", FloatMath::cosh),
                unary("mc_f8_tanh", LibM.TANH::of),
                unary("mc_f8_asinh", LibM.ASINH::of),
                unary("mc_f8_acosh", FloatMath::acosh),
                unary("mc_f8_atanh", x -> FloatMath.inverse(LibM.ATANH, x)),
                unary("mc_f8_sind", Degrees::sin),
                unary("mc_f8_cosd", Degrees::cos),
                unary("mc_f8_tand", Degrees::tan),
                unary("mc_f8_cotd", Degrees::cot),
                unary("mc_f8_asind", Degrees::asin),
                unary("mc_f8_acosd", Degrees::acos),
                unary("mc_f8_atand", Degrees::atan),
                unary("mc_f8_degrees", FloatMath::degrees),
                unary("mc_f8_radians", FloatMath::radians),
                binary("mc_f8_power", FloatMath::power),
                binary("mc_f8_atan2", LibM.ATAN2::of),
                binary("mc_f8_atan2d", Degrees::atan2),
                ExactFunction.ofRows(
                        "mc_f8_bucket",
                        List.of(DOUBLE, DOUBLE, DOUBLE, "INTEGER", "INTEGER"),
                        "INTEGER",
                        (in, row, out) -> out.setInt(
                                row,
                                FloatMath.widthBucket(
                                        in[0].getDouble(row),
                                        in[1].getDouble(row),
                                        in[2].getDouble(row),
                                        in[3].getInt(row),
                                        in[4].getInt(row)))));
    }

    private static ExactFunction unary(String name, DoubleUnaryOperator operator) {
        return ExactFunction.ofRows(
                name,
                List.of(DOUBLE),
                DOUBLE,
                (in, row, out) -> out.setDouble(row, operator.applyAsDouble(in[0].getDouble(row))));
    }

    private static ExactFunction binary(String name, DoubleBinaryOperator operator) {
        return ExactFunction.ofRows(
                name,
                List.of(DOUBLE, DOUBLE),
                DOUBLE,
                (in, row, out) ->
                        out.setDouble(row, operator.applyAsDouble(in[0].getDouble(row), in[1].getDouble(row))));
    }
}
