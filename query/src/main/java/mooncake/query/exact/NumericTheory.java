package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import mooncake.query.exact.Numeric.Finite;
import mooncake.query.exact.Numeric.Special;
import org.jspecify.annotations.Nullable;

/// Functions of numeric whose results are whole numbers, divisors or scales.
final class NumericTheory {
    private static final int FACTORIAL_MAX = 32_177;

    /// Majors before divide to some digits first, which may reach the next bucket.
    private static final int FIRST_TRUNCATING = 17;

    private NumericTheory() {}

    static Numeric sign(Numeric a) {
        return a == Special.NAN ? a : new Finite(BigDecimal.valueOf(a.signum()));
    }

    /// The whole part of a quotient.
    static Numeric div(Numeric a, Numeric b) {
        if (a instanceof Finite(BigDecimal x) && b instanceof Finite(BigDecimal y)) {
            if (y.signum() == 0) {
                throw Errors.divisionByZero();
            }
            return NumericMath.result(Numeric.plain(x.divideToIntegralValue(y)).setScale(0, RoundingMode.DOWN));
        }
        return NumericMath.divide(a, b);
    }

    static Numeric gcd(Numeric a, Numeric b) {
        if (!(a instanceof Finite(BigDecimal x)) || !(b instanceof Finite(BigDecimal y))) {
            return Special.NAN;
        }
        int scale = Math.max(x.scale(), y.scale());
        return new Finite(new BigDecimal(unscaled(x, scale).gcd(unscaled(y, scale)), scale));
    }

    static Numeric lcm(Numeric a, Numeric b) {
        if (!(a instanceof Finite(BigDecimal x)) || !(b instanceof Finite(BigDecimal y))) {
            return Special.NAN;
        }
        int scale = Math.max(x.scale(), y.scale());
        BigInteger left = unscaled(x, scale);
        BigInteger right = unscaled(y, scale);
        if (left.signum() == 0 || right.signum() == 0) {
            return new Finite(new BigDecimal(BigInteger.ZERO, scale));
        }
        return NumericMath.result(
                new BigDecimal(left.divide(left.gcd(right)).multiply(right).abs(), scale));
    }

    static Numeric factorial(long n) {
        if (n < 0) {
            throw Errors.outOfRange("factorial of a negative number is undefined");
        }
        if (n > FACTORIAL_MAX) {
            throw Errors.numericOverflow();
        }
        return new Finite(new BigDecimal(product(1, Math.max(n, 1))));
    }

    private static BigInteger product(long from, long to) {
        if (to - from < 8) {
            BigInteger product = BigInteger.valueOf(from);
            for (long i = from + 1; i <= to; i++) {
                product = product.multiply(BigInteger.valueOf(i));
            }
            return product;
        }
        long middle = (from + to) / 2;
        return product(from, middle).multiply(product(middle + 1, to));
    }

    /// Null for what is no number.
    static @Nullable Integer scale(Numeric a) {
        return a instanceof Finite(BigDecimal value) ? value.scale() : null;
    }

    static @Nullable Integer minScale(Numeric a) {
        return a instanceof Finite(BigDecimal value) ? trimmed(value).scale() : null;
    }

    static Numeric trimScale(Numeric a) {
        return a instanceof Finite(BigDecimal value) ? new Finite(trimmed(value)) : a;
    }

    private static BigDecimal trimmed(BigDecimal value) {
        return Numeric.plain(value.stripTrailingZeros());
    }

    /// -1, 0 or 1; NaN is above all and equal to itself.
    static int compare(Numeric a, Numeric b) {
        if (a instanceof Finite(BigDecimal x) && b instanceof Finite(BigDecimal y)) {
            return x.compareTo(y);
        }
        return Integer.compare(rank(a), rank(b));
    }

    private static int rank(Numeric a) {
        return switch (a) {
            case Special.NEGATIVE_INFINITY -> -1;
            case Finite _ -> 0;
            case Special.INFINITY -> 1;
            case Special.NAN -> 2;
        };
    }

    static int widthBucket(Numeric operand, Numeric low, Numeric high, int count, int major) {
        if (count <= 0) {
            throw Errors.widthBucket("count must be greater than zero");
        }
        if (operand == Special.NAN || low == Special.NAN || high == Special.NAN) {
            throw Errors.widthBucket("operand, lower bound, and upper bound cannot be NaN");
        }
        if (!(low instanceof Finite(BigDecimal from)) || !(high instanceof Finite(BigDecimal to))) {
            throw Errors.widthBucket("lower and upper bounds must be finite");
        }
        int direction = to.compareTo(from);
        if (direction == 0) {
            throw Errors.widthBucket("lower bound cannot equal upper bound");
        }
        if (compare(operand, low) * direction < 0) {
            return 0;
        }
        if (!(operand instanceof Finite(BigDecimal at)) || compare(operand, high) * direction >= 0) {
            return FloatMath.above(count);
        }
        BigDecimal share = at.subtract(from).multiply(BigDecimal.valueOf(count));
        BigDecimal range = to.subtract(from);
        return major < FIRST_TRUNCATING
                ? share.divide(range, NumericMath.quotientScale(share, range), RoundingMode.HALF_UP)
                                .intValue()
                        + 1
                : share.divideToIntegralValue(range).intValueExact() + 1;
    }

    private static BigInteger unscaled(BigDecimal value, int scale) {
        return value.setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
    }
}
