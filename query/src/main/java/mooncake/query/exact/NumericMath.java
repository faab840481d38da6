package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import mooncake.query.exact.Numeric.Finite;
import mooncake.query.exact.Numeric.Special;

/// Arithmetic of numeric with Postgres' rules for the digits that a result shows. Rounding is half away from zero.
final class NumericMath {
    /// Base-10000 digits are what Postgres derives scales of quotients and roots from.
    private static final int GROUP_DIGITS = 4;

    private static final int SIGNIFICANT_DIGITS_MIN = 16;
    private static final int DISPLAY_SCALE_MAX = 1000;
    private static final int SCALE_MAX = 16_383;
    private static final int WHOLE_DIGITS_MAX = 131_072;
    private static final int TYPMOD_HEADER = 4;

    private NumericMath() {}

    static Numeric add(Numeric a, Numeric b) {
        if (a instanceof Finite(BigDecimal x) && b instanceof Finite(BigDecimal y)) {
            return result(x.add(y));
        }
        boolean opposite = a instanceof Special && b instanceof Special && !a.equals(b);
        if (isNaN(a) || isNaN(b) || opposite) {
            return Special.NAN;
        }
        return a instanceof Special ? a : b;
    }

    static Numeric subtract(Numeric a, Numeric b) {
        return add(a, negate(b));
    }

    static Numeric multiply(Numeric a, Numeric b) {
        if (a instanceof Finite(BigDecimal x) && b instanceof Finite(BigDecimal y)) {
            BigDecimal product = x.multiply(y);
            return result(product.scale() > SCALE_MAX ? product.setScale(SCALE_MAX, RoundingMode.HALF_UP) : product);
        }
        int sign = a.signum() * b.signum();
        return sign == 0 ? Special.NAN : Special.infinity(sign);
    }

    static Numeric divide(Numeric a, Numeric b) {
        if (a instanceof Finite(BigDecimal x) && b instanceof Finite(BigDecimal y)) {
            if (y.signum() == 0) {
                throw Errors.divisionByZero();
            }
            return result(x.divide(y, quotientScale(x, y), RoundingMode.HALF_UP));
        }
        if (isNaN(a) || isNaN(b) || (a instanceof Special && b instanceof Special)) {
            return Special.NAN;
        }
        if (b instanceof Special) {
            return Numeric.ZERO;
        }
        if (b.signum() == 0) {
            throw Errors.divisionByZero();
        }
        return Special.infinity(a.signum() * b.signum());
    }

    static Numeric mod(Numeric a, Numeric b) {
        if (a instanceof Finite(BigDecimal x) && b instanceof Finite(BigDecimal y)) {
            if (y.signum() == 0) {
                throw Errors.divisionByZero();
            }
            BigDecimal rest = x.remainder(y);
            return new Finite(rest.setScale(Math.max(x.scale(), y.scale()), RoundingMode.UNNECESSARY));
        }
        if (isNaN(a) || isNaN(b)) {
            return Special.NAN;
        }
        if (a instanceof Special) {
            if (b instanceof Finite && b.signum() == 0) {
                throw Errors.divisionByZero();
            }
            return Special.NAN;
        }
        return a;
    }

    static Numeric negate(Numeric a) {
        return switch (a) {
            case Finite(BigDecimal value) -> new Finite(value.negate());
            case Special.NAN -> a;
            case Special special -> Special.infinity(-special.signum());
        };
    }

    static Numeric abs(Numeric a) {
        return a.signum() < 0 ? negate(a) : a;
    }

    static Numeric round(Numeric a, int digits) {
        int scale = Math.clamp(digits, -WHOLE_DIGITS_MAX - 1, SCALE_MAX);
        return toScale(a, scale, RoundingMode.HALF_UP);
    }

    static Numeric trunc(Numeric a, int digits) {
        return toScale(a, Math.clamp(digits, -WHOLE_DIGITS_MAX, SCALE_MAX), RoundingMode.DOWN);
    }

    static Numeric ceil(Numeric a) {
        return toScale(a, 0, RoundingMode.CEILING);
    }

    static Numeric floor(Numeric a) {
        return toScale(a, 0, RoundingMode.FLOOR);
    }

    static Numeric sqrt(Numeric a) {
        if (a.signum() < 0) {
            throw Errors.rootOfNegative();
        }
        return switch (a) {
            case Finite(BigDecimal value) -> {
                int weight = value.signum() == 0 ? 0 : weight(value);
                int wanted = SIGNIFICANT_DIGITS_MIN - (weight * GROUP_DIGITS / 2 + 1);
                yield result(sqrt(value, Math.min(Math.max(wanted, value.scale()), DISPLAY_SCALE_MAX)));
            }
            case Special special -> special;
        };
    }

    /// The root of a number that is not negative, with one digit more and rounded back.
    static BigDecimal sqrt(BigDecimal value, int scale) {
        int shift = 2 * (scale + 1) - value.scale();
        BigInteger unscaled = value.unscaledValue();
        BigInteger square =
                shift >= 0 ? unscaled.multiply(BigInteger.TEN.pow(shift)) : unscaled.divide(BigInteger.TEN.pow(-shift));
        return new BigDecimal(square.sqrt(), scale + 1).setScale(scale, RoundingMode.HALF_UP);
    }

    /// The cast to `numeric(p,s)`.
    static Numeric typmod(Numeric a, int typmod) {
        if (typmod < TYPMOD_HEADER) {
            return a;
        }
        int packed = typmod - TYPMOD_HEADER;
        int precision = (packed >> 16) & 0xffff;
        int scale = ((packed & 0x7ff) ^ 0x400) - 0x400;
        return switch (a) {
            case Special.NAN -> a;
            case Special _ -> throw Errors.outOfRange("numeric field overflow");
            case Finite(BigDecimal value) -> {
                BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
                if (rounded.signum() != 0 && rounded.precision() > precision) {
                    throw Errors.outOfRange("numeric field overflow");
                }
                yield new Finite(Numeric.plain(rounded));
            }
        };
    }

    /// The same value with another display scale.
    static Numeric shown(Numeric a, int scale) {
        return toScale(a, scale, RoundingMode.HALF_UP);
    }

    /// Digits after the point of a quotient: enough for at least [#SIGNIFICANT_DIGITS_MIN] in all, and not fewer than
    /// either operand shows.
    static int quotientScale(BigDecimal a, BigDecimal b) {
        int weight = (a.signum() == 0 ? 0 : weight(a)) - (b.signum() == 0 ? 0 : weight(b));
        if (firstGroup(a) <= firstGroup(b)) {
            weight--;
        }
        int scale = Math.max(SIGNIFICANT_DIGITS_MIN - weight * GROUP_DIGITS, 0);
        return Math.min(Math.max(scale, Math.max(a.scale(), b.scale())), DISPLAY_SCALE_MAX);
    }

    /// The power of 10000 that the first digit in base 10000 counts, of a number that is not zero.
    static int weight(BigDecimal value) {
        return Math.floorDiv(value.precision() - value.scale() - 1, GROUP_DIGITS);
    }

    /// The first digit in base 10000.
    static int firstGroup(BigDecimal value) {
        if (value.signum() == 0) {
            return 0;
        }
        int drop = weight(value) * GROUP_DIGITS + value.scale();
        BigInteger unscaled = value.unscaledValue().abs();
        return drop >= 0
                ? unscaled.divide(BigInteger.TEN.pow(drop)).intValueExact()
                : unscaled.multiply(BigInteger.TEN.pow(-drop)).intValueExact();
    }

    static Numeric result(BigDecimal value) {
        if (value.signum() != 0 && value.precision() - value.scale() > WHOLE_DIGITS_MAX) {
            throw Errors.numericOverflow();
        }
        return new Finite(value);
    }

    private static Numeric toScale(Numeric a, int scale, RoundingMode mode) {
        return switch (a) {
            case Finite(BigDecimal value) -> result(Numeric.plain(value.setScale(scale, mode)));
            case Special special -> special;
        };
    }

    private static boolean isNaN(Numeric a) {
        return a == Special.NAN;
    }
}
