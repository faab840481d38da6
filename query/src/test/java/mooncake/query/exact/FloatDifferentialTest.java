package mooncake.query.exact;

import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import mooncake.query.exact.Oracle.Case;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Functions of floats and integers give Postgres' bits for numbers made at random.
@Timeout(120)
class FloatDifferentialTest {
    private static final int ROUNDS = 1500;

    private static final double[] SPECIAL = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        -0.5,
        2,
        30,
        45,
        60,
        90,
        180,
        270,
        360,
        720,
        -30,
        1e300,
        -1e300,
        1e-300,
        Double.MIN_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MAX_VALUE,
        709.78,
        709.79,
        -745.2
    };

    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();

    @Test
    void ofOneNumber() {
        for (int i = 0; i < ROUNDS; i++) {
            double x = number();
            unary("exp", x, FloatMath::exp);
            unary("ln", x, FloatMath::ln);
            unary("log10", x, FloatMath::log10);
            unary("cbrt", x, FloatMath::cbrt);
            unary("sign", x, FloatMath::sign);
            unary("degrees", x, FloatMath::degrees);
            unary("radians", x, FloatMath::radians);
            unary("sin", x, y -> FloatMath.trigonometric(LibM.SIN, y));
            unary("cos", x, y -> FloatMath.trigonometric(LibM.COS, y));
            unary("tan", x, y -> FloatMath.trigonometric(LibM.TAN, y));
            unary("cot", x, FloatMath::cot);
            unary("sind", x, Degrees::sin);
            unary("cosd", x, Degrees::cos);
            unary("tand", x, Degrees::tan);
            unary("cotd", x, Degrees::cot);
            unary("atan", x, LibM.ATAN::of);
            unary("atand", x, Degrees::atan);
            unary("sinh", x, LibM.SINH::of);
            unary("cosh", x, FloatMath::cosh);
            unary("tanh", x, LibM.TANH::of);
            unary("asinh", x, LibM.ASINH::of);
            unary("acosh", x, FloatMath::acosh);
            double unit = i % 4 == 0 ? x : random.nextDouble() * 2 - 1;
            unary("asin", unit, y -> FloatMath.inverse(LibM.ASIN, y));
            unary("acos", unit, y -> FloatMath.inverse(LibM.ACOS, y));
            unary("asind", unit, Degrees::asin);
            unary("acosd", unit, Degrees::acos);
            unary("atanh", unit, y -> FloatMath.inverse(LibM.ATANH, y));
        }
        cases.check();
    }

    @Test
    void ofTwoNumbers() {
        for (int i = 0; i < 3 * ROUNDS; i++) {
            double x = number();
            double y = random.nextBoolean() ? number() : random.nextInt(20) - 10;
            binary("power", x, y, FloatMath::power);
            binary("atan2", x, y, LibM.ATAN2::of);
            binary("atan2d", x, y, Degrees::atan2);
        }
        cases.check();
    }

    @Test
    void buckets() {
        int major = ORACLE.major();
        for (int i = 0; i < ROUNDS; i++) {
            double x = number();
            double low = random.nextInt(8) == 0 ? number() : random.nextInt(20) - 10;
            double high = random.nextInt(8) == 0 ? number() : random.nextInt(20) - 10;
            int count = random.nextInt(20) == 0 ? random.nextInt() : random.nextInt(12);
            cases.add(new Case(
                    "width_bucket(" + literal(x) + ", " + literal(low) + ", " + literal(high) + ", " + count + ")",
                    () -> Integer.toString(FloatMath.widthBucket(x, low, high, count, major))));
        }
        cases.check();
    }

    private void unary(String function, double x, DoubleUnaryOperator ours) {
        cases.add(new Case(bits(function + "(" + literal(x) + ")"), () -> bits(ours.applyAsDouble(x))));
    }

    private void binary(String function, double x, double y, DoubleBinaryOperator ours) {
        cases.add(new Case(
                bits(function + "(" + literal(x) + ", " + literal(y) + ")"), () -> bits(ours.applyAsDouble(x, y))));
    }

    /// All NaN are one.
    private static String bits(String sql) {
        return "CASE WHEN " + sql + " = 'NaN' THEN '7ff8000000000000' ELSE encode(float8send(" + sql + "), 'hex') END";
    }

    private static String bits(double value) {
        return String.format(Locale.ROOT, "%016x", Double.doubleToLongBits(value));
    }

    private static String literal(double x) {
        return "'" + x + "'::float8";
    }

    private double number() {
        return switch (random.nextInt(6)) {
            case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
            case 1 -> Double.longBitsToDouble(random.nextLong());
            case 2 -> random.nextInt(2000) - 1000;
            case 3 -> random.nextInt(200) / 10.0;
            default -> random.nextGaussian() * Math.pow(10, random.nextInt(6) - 2);
        };
    }
}
