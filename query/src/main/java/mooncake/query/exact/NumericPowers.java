package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import mooncake.query.exact.Numeric.Finite;
import mooncake.query.exact.Numeric.Special;

/// Exponentials, logarithms and powers of numeric: in Postgres' steps and with its digits in each, since what it shows
/// is not always the nearest number.
final class NumericPowers {
    private static final int SIGNIFICANT_DIGITS_MIN = 16;
    private static final int DISPLAY_SCALE_MAX = 1000;
    private static final int RESULT_SCALE_MAX = 2000;
    private static final int GUARD_DIGITS = 8;
    private static final int GROUP_DIGITS = 4;
    private static final double SERIES_MAX = 0.01;
    private static final double LOG10_2 = 0.301029995663981;
    private static final double LOG10_E = 0.434294481903252;

    private NumericPowers() {}

    static Numeric exp(Numeric a) {
        return switch (a) {
            case Special.NEGATIVE_INFINITY -> Numeric.ZERO;
            case Special special -> special;
            case Finite(BigDecimal x) -> {
                double weight = Math.clamp(x.doubleValue() * LOG10_E, -RESULT_SCALE_MAX, RESULT_SCALE_MAX);
                yield new Finite(exp(x, scale(SIGNIFICANT_DIGITS_MIN - (int) weight, x)));
            }
        };
    }

    static Numeric ln(Numeric a) {
        return switch (a) {
            case Special.NEGATIVE_INFINITY -> throw negativeLogarithm();
            case Special special -> special;
            case Finite(BigDecimal x) -> {
                requirePositive(x);
                int scale = scale(SIGNIFICANT_DIGITS_MIN - Logarithm.weight(x), x);
                yield new Finite(Logarithm.of(x, scale));
            }
        };
    }

    /// The logarithm of `b` to the base `a`.
    static Numeric log(Numeric a, Numeric b) {
        if (a == Special.NAN || b == Special.NAN) {
            return Special.NAN;
        }
        if (a instanceof Finite(BigDecimal x) && b instanceof Finite(BigDecimal y)) {
            requirePositive(x);
            requirePositive(y);
        }
        if (a.signum() < 0 || b.signum() < 0) {
            throw negativeLogarithm();
        }
        if (a.signum() == 0 || b.signum() == 0) {
            throw Errors.logarithm("cannot take logarithm of zero");
        }
        if (!(a instanceof Finite(BigDecimal base))) {
            return b instanceof Special ? Special.NAN : Numeric.ZERO;
        }
        if (!(b instanceof Finite(BigDecimal number))) {
            return Special.INFINITY;
        }
        int baseWeight = Logarithm.weight(base);
        int numberWeight = Logarithm.weight(number);
        int weight = numberWeight - baseWeight;
        int scale = Math.min(
                Math.max(Math.max(SIGNIFICANT_DIGITS_MIN - weight, 0), Math.max(base.scale(), number.scale())),
                DISPLAY_SCALE_MAX);
        int digits = scale + weight + GUARD_DIGITS;
        BigDecimal divisor = Logarithm.of(base, Math.max(digits - baseWeight, 0));
        BigDecimal dividend = Logarithm.of(number, Math.max(digits - numberWeight, 0));
        if (divisor.signum() == 0) {
            throw Errors.divisionByZero();
        }
        return new Finite(dividend.divide(divisor, scale, RoundingMode.HALF_UP));
    }

    /// @param major of the server: how many digits are shown differs
    static Numeric power(Numeric a, Numeric b, int major) {
        if (a instanceof Finite(BigDecimal base) && b instanceof Finite(BigDecimal exponent)) {
            requirePower(a, b);
            return NumericMath.result(power(base, exponent, major));
        }
        if (a == Special.NAN) {
            return isZero(b) ? one() : a;
        }
        if (b == Special.NAN) {
            return isOne(a) ? one() : b;
        }
        requirePower(a, b);
        if (isOne(a) || b.signum() == 0) {
            return one();
        }
        if (a.signum() == 0 && b.signum() > 0) {
            return Numeric.ZERO;
        }
        if (b instanceof Special) {
            if (isOne(NumericMath.negate(a))) {
                return one();
            }
            boolean large = NumericTheory.compare(NumericMath.abs(a), one()) > 0;
            return large == b.signum() > 0 ? Special.INFINITY : Numeric.ZERO;
        }
        if (b.signum() < 0) {
            return Numeric.ZERO;
        }
        return a.signum() < 0 && isOdd(((Finite) b).value()) ? Special.NEGATIVE_INFINITY : Special.INFINITY;
    }

    private static void requirePower(Numeric a, Numeric b) {
        if (a.signum() == 0 && b.signum() < 0) {
            throw Errors.power("zero raised to a negative power is undefined");
        }
        if (a.signum() < 0 && b instanceof Finite(BigDecimal exponent) && !isWhole(exponent)) {
            throw Errors.power("a negative number raised to a non-integer power yields a complex result");
        }
    }

    private static BigDecimal power(BigDecimal base, BigDecimal exponent, int major) {
        if (isWhole(exponent) && exponent.precision() - exponent.scale() <= 11) {
            BigInteger whole = exponent.toBigInteger();
            if (whole.bitLength() < Integer.SIZE) {
                return IntegerPower.of(base, exponent.scale(), whole.intValueExact(), major);
            }
        }
        if (base.signum() == 0) {
            return BigDecimal.ZERO.setScale(SIGNIFICANT_DIGITS_MIN);
        }
        BigDecimal absolute = base.abs();
        int lnWeight = Logarithm.weight(absolute);
        int roughScale = Math.max(8 - lnWeight, 0);
        double rough = Logarithm.of(absolute, roughScale)
                .multiply(exponent)
                .setScale(roughScale, RoundingMode.HALF_UP)
                .doubleValue();
        if (Math.abs(rough) > RESULT_SCALE_MAX * 3.01) {
            if (rough > 0) {
                throw Errors.numericOverflow();
            }
            return BigDecimal.ZERO.setScale(DISPLAY_SCALE_MAX);
        }
        int weight = (int) (rough * LOG10_E);
        int scale = Math.max(scale(SIGNIFICANT_DIGITS_MIN - weight, base), Math.min(exponent.scale(), 1000));
        int digits = Math.max(scale + weight, 0);
        int lnScale = Math.max(digits - lnWeight + GUARD_DIGITS, 0);
        BigDecimal product = Logarithm.of(absolute, lnScale).multiply(exponent);
        BigDecimal result = exp(product.setScale(lnScale, RoundingMode.HALF_UP), scale);
        return base.signum() < 0 && isOdd(exponent) ? result.negate() : result;
    }

    /// The exponential, rounded to a scale.
    private static BigDecimal exp(BigDecimal x, int scale) {
        double estimate = x.doubleValue();
        if (Math.abs(estimate) >= RESULT_SCALE_MAX * 3) {
            if (estimate > 0) {
                throw Errors.numericOverflow();
            }
            return BigDecimal.ZERO.setScale(scale);
        }
        int halvings = 0;
        for (double rest = Math.abs(estimate); rest > SERIES_MAX; rest /= 2) {
            halvings++;
        }
        BigDecimal small = halvings == 0
                ? x
                : x.divide(BigDecimal.valueOf(1L << halvings), x.scale() + halvings, RoundingMode.HALF_UP);
        int digits = Math.max(1 + (int) (estimate * LOG10_E) + scale + (int) (halvings * LOG10_2), 0) + GUARD_DIGITS;
        BigDecimal sum = series(small, digits - 1);
        for (int i = 0; i < halvings; i++) {
            int places = Math.max(digits - NumericMath.weight(sum) * 2 * GROUP_DIGITS, 0);
            sum = sum.multiply(sum).setScale(places, RoundingMode.HALF_UP);
        }
        return sum.setScale(scale, RoundingMode.HALF_UP);
    }

    /// The exponential of a small number by its power series, whose terms are rounded to a scale.
    private static BigDecimal series(BigDecimal x, int scale) {
        BigDecimal sum = BigDecimal.ONE.add(x);
        BigDecimal term = x.multiply(x).setScale(scale, RoundingMode.HALF_UP);
        for (int i = 2; ; i++) {
            term = term.divide(BigDecimal.valueOf(i), scale, RoundingMode.HALF_UP);
            if (term.signum() == 0) {
                return sum;
            }
            sum = sum.add(term);
            term = term.multiply(x).setScale(scale, RoundingMode.HALF_UP);
        }
    }

    private static int scale(int wanted, BigDecimal shown) {
        return Math.min(Math.max(Math.max(wanted, 0), shown.scale()), DISPLAY_SCALE_MAX);
    }

    private static void requirePositive(BigDecimal x) {
        if (x.signum() == 0) {
            throw Errors.logarithm("cannot take logarithm of zero");
        }
        if (x.signum() < 0) {
            throw negativeLogarithm();
        }
    }

    private static RuntimeException negativeLogarithm() {
        return Errors.logarithm("cannot take logarithm of a negative number");
    }

    private static Numeric one() {
        return new Finite(BigDecimal.ONE);
    }

    private static boolean isZero(Numeric a) {
        return a instanceof Finite && a.signum() == 0;
    }

    private static boolean isOne(Numeric a) {
        return a instanceof Finite(BigDecimal value) && value.compareTo(BigDecimal.ONE) == 0;
    }

    private static boolean isWhole(BigDecimal value) {
        return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    }

    private static boolean isOdd(BigDecimal whole) {
        return whole.toBigInteger().testBit(0);
    }
}
