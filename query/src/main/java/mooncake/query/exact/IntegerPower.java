package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Whole powers of numerics. Majors from 16 show enough digits for at least 16 significant ones; before, they showed 16
/// after the point.
final class IntegerPower {
    private static final int SIGNIFICANT_DIGITS_MIN = 16;
    private static final int DISPLAY_SCALE_MAX = 1000;
    private static final int FIRST_BY_WEIGHT = 16;
    private static final int GUARD_DIGITS = 8;
    private static final int GROUP_DIGITS = 4;

    /// Beyond so many decimal digits the result does not fit; majors before 16 looked less closely at first.
    private static final double WEIGHT_MAX = 131_072;

    private static final double EARLY_WEIGHT_MAX = 3.0 * Short.MAX_VALUE * 4;

    private IntegerPower() {}

    static BigDecimal of(BigDecimal base, int exponentScale, int exponent, int major) {
        boolean byWeight = major >= FIRST_BY_WEIGHT;
        double weight = base.signum() == 0 ? 0 : exponent * log10(base);
        int scale = SIGNIFICANT_DIGITS_MIN;
        if (byWeight) {
            requireWeight(weight, WEIGHT_MAX);
            if (weight + 1 < -DISPLAY_SCALE_MAX) {
                return BigDecimal.ZERO.setScale(DISPLAY_SCALE_MAX);
            }
            scale = Math.max(Math.max(scale - (int) weight, 0), exponentScale);
        }
        scale = Math.min(Math.max(scale, base.scale()), DISPLAY_SCALE_MAX);
        switch (exponent) {
            case 0 -> {
                return BigDecimal.ONE.setScale(scale);
            }
            case 1 -> {
                return base.setScale(scale, RoundingMode.HALF_UP);
            }
            case -1 -> {
                return BigDecimal.ONE.divide(base, scale, RoundingMode.HALF_UP);
            }
            case 2 -> {
                return base.multiply(base).setScale(scale, RoundingMode.HALF_UP);
            }
            default -> {}
        }
        if (base.signum() == 0) {
            return BigDecimal.ZERO.setScale(scale);
        }
        requireWeight(weight, EARLY_WEIGHT_MAX);
        if (weight + 1 < -scale || weight + 1 < -DISPLAY_SCALE_MAX) {
            return BigDecimal.ZERO.setScale(scale);
        }
        if (weight > WEIGHT_MAX) {
            throw Errors.numericOverflow();
        }
        int digits = 1 + scale + (int) weight + (int) LibM.LOG.of(Math.abs((double) exponent)) + GUARD_DIGITS;
        BigDecimal power = power(base, Math.abs((long) exponent), digits);
        return exponent < 0
                ? BigDecimal.ONE.divide(power, scale, RoundingMode.HALF_UP)
                : power.setScale(scale, RoundingMode.HALF_UP);
    }

    private static void requireWeight(double weight, double max) {
        if (weight > max) {
            throw Errors.numericOverflow();
        }
    }

    private static BigDecimal power(BigDecimal base, long exponent, int digits) {
        BigDecimal result = (exponent & 1) != 0 ? base : BigDecimal.ONE;
        BigDecimal square = base;
        for (long rest = exponent >> 1; rest > 0; rest >>= 1) {
            square = product(square, square, digits);
            if ((rest & 1) != 0) {
                result = product(square, result, digits);
            }
        }
        return result;
    }

    /// A product with so many digits at most.
    private static BigDecimal product(BigDecimal a, BigDecimal b, int digits) {
        int groups = weight(a) + weight(b);
        int scale = Math.max(Math.min(digits - groups * GROUP_DIGITS, a.scale() + b.scale()), 0);
        return a.multiply(b).setScale(scale, RoundingMode.HALF_UP);
    }

    private static int weight(BigDecimal value) {
        return value.signum() == 0 ? 0 : NumericMath.weight(value);
    }

    /// The decimal logarithm of the first sixteen or so digits, as Postgres estimates it.
    private static double log10(BigDecimal base) {
        BigDecimal absolute = base.abs();
        int weight = NumericMath.weight(absolute);
        int groups = Math.min(4, weight + 1 + Math.ceilDiv(trimmedScale(absolute), GROUP_DIGITS));
        int place = (weight - Math.max(groups, 1) + 1) * GROUP_DIGITS;
        double digits = absolute.movePointLeft(place).toBigInteger().doubleValue();
        return LibM.LOG10.of(digits) + place;
    }

    private static int trimmedScale(BigDecimal value) {
        return value.stripTrailingZeros().scale();
    }
}
