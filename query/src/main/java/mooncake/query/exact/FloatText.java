package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Floats as Postgres prints them: the shortest decimal that reads as the same float, strictly between its neighbours'
/// bounds.
final class FloatText {
    /// From these powers of ten on, and below -4, an exponent is shown.
    private static final int DOUBLE_FIXED_MAX = 15;

    private static final int FLOAT_FIXED_MAX = 6;
    private static final int FIXED_MIN = -4;

    private FloatText() {}

    static String of(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        if (value == 0) {
            return Double.doubleToRawLongBits(value) < 0 ? "-0" : "0";
        }
        double x = Math.abs(value);
        BigDecimal low = middle(new BigDecimal(Math.nextDown(x)), new BigDecimal(x));
        BigDecimal high = x == Double.MAX_VALUE
                ? new BigDecimal(x).add(new BigDecimal(Math.ulp(x) / 2))
                : middle(new BigDecimal(x), new BigDecimal(Math.nextUp(x)));
        BigDecimal shortest = shortest(new BigDecimal(Double.toString(x)), new BigDecimal(x), low, high);
        return (value < 0 ? "-" : "") + print(shortest, DOUBLE_FIXED_MAX);
    }

    static String of(float value) {
        if (Float.isNaN(value) || Float.isInfinite(value) || value == 0) {
            return of((double) value);
        }
        float x = Math.abs(value);
        BigDecimal exact = new BigDecimal(x);
        BigDecimal low = middle(new BigDecimal(Math.nextDown(x)), exact);
        BigDecimal high = x == Float.MAX_VALUE
                ? exact.add(new BigDecimal(Math.ulp(x) / 2))
                : middle(exact, new BigDecimal(Math.nextUp(x)));
        return (value < 0 ? "-" : "")
                + print(shortest(new BigDecimal(Float.toString(x)), exact, low, high), FLOAT_FIXED_MAX);
    }

    private static BigDecimal middle(BigDecimal a, BigDecimal b) {
        return a.add(b).divide(BigDecimal.TWO);
    }

    /// Java shows two digits where one would do, and takes a decimal on a bound for one within.
    private static BigDecimal shortest(BigDecimal java, BigDecimal exact, BigDecimal low, BigDecimal high) {
        BigDecimal found = java.stripTrailingZeros();
        int digits = found.precision() == 2 ? 1 : found.precision();
        if (digits == found.precision() && isWithin(found, low, high)) {
            return found;
        }
        while (true) {
            BigDecimal tried = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (isWithin(tried, low, high)) {
                return tried.stripTrailingZeros();
            }
            digits++;
        }
    }

    private static boolean isWithin(BigDecimal value, BigDecimal low, BigDecimal high) {
        return value.compareTo(low) > 0 && value.compareTo(high) < 0;
    }

    private static String print(BigDecimal value, int fixedMax) {
        int exponent = value.precision() - value.scale() - 1;
        return exponent >= FIXED_MIN && exponent < fixedMax ? value.toPlainString() : scientific(value, exponent);
    }

    private static String scientific(BigDecimal value, int exponent) {
        String digits = value.unscaledValue().abs().toString();
        String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
        int size = Math.abs(exponent);
        return (value.signum() < 0 ? "-" : "") + digits.charAt(0) + rest + "e" + (exponent < 0 ? "-" : "+")
                + (size < 10 ? "0" : "") + size;
    }

    /// As C prints under `%.*g`.
    static String general(double value, int precision) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return Double.doubleToRawLongBits(value) < 0 ? "-0" : "0";
        }
        BigDecimal rounded = new BigDecimal(value)
                .round(new MathContext(precision, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
        return print(rounded, precision);
    }
}
