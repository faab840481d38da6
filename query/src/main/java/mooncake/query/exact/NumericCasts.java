package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import mooncake.query.exact.Numeric.Finite;
import mooncake.query.exact.Numeric.Special;

/// Casts between numeric, integers and floats.
final class NumericCasts {
    /// Digits that survive a round trip through either float type, all that a cast to numeric keeps.
    private static final MathContext DOUBLE_DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);

    private static final MathContext FLOAT_DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

    /// Below this a float type has fewer digits than it should.
    private static final double DOUBLE_MIN = 1e-300;

    private static final double FLOAT_MIN = 1e-36;

    private NumericCasts() {}

    static Numeric ofDouble(double value) {
        return Math.abs(value) >= DOUBLE_MIN && Double.isFinite(value)
                ? ofShortest(value, new BigDecimal(Double.toString(value)), DOUBLE_DIGITS)
                : of(value, DOUBLE_DIGITS);
    }

    static Numeric ofFloat(float value) {
        return Math.abs(value) >= FLOAT_MIN && Float.isFinite(value)
                ? ofShortest(value, new BigDecimal(Float.toString(value)), FLOAT_DIGITS)
                : of(value, FLOAT_DIGITS);
    }

    /// The shortest decimal that reads as the value lies on the same side of any shorter decimal as the value itself,
    /// so that both round alike, unless it is the middle between two.
    private static Numeric ofShortest(double value, BigDecimal shortest, MathContext digits) {
        BigDecimal stripped = shortest.stripTrailingZeros();
        boolean middle = stripped.precision() == digits.getPrecision() + 1
                && stripped.unscaledValue().mod(BigInteger.TEN).intValue() == 5;
        return middle
                ? of(value, digits)
                : new Finite(Numeric.plain(stripped.round(digits).stripTrailingZeros()));
    }

    private static Numeric of(double value, MathContext digits) {
        if (Double.isNaN(value)) {
            return Special.NAN;
        }
        if (Double.isInfinite(value)) {
            return Special.infinity(value < 0 ? -1 : 1);
        }
        if (value == 0) {
            return Numeric.ZERO;
        }
        return new Finite(Numeric.plain(new BigDecimal(value).round(digits).stripTrailingZeros()));
    }

    /// Rounded half away from zero.
    ///
    /// @param bits of the integer type
    /// @param type its name in Postgres
    static long toInteger(Numeric a, int bits, String type) {
        return switch (a) {
            case Special.NAN -> throw Errors.notConvertible("NaN", type);
            case Special _ -> throw Errors.notConvertible("infinity", type);
            case Finite(BigDecimal value) -> {
                if (value.precision() - value.scale() > 19 && value.signum() != 0) {
                    throw Errors.outOfRange(type + " out of range");
                }
                BigInteger whole = value.setScale(0, RoundingMode.HALF_UP).unscaledValue();
                if (whole.bitLength() >= bits) {
                    throw Errors.outOfRange(type + " out of range");
                }
                yield whole.longValueExact();
            }
        };
    }

    static double toDouble(Numeric a) {
        return switch (a) {
            case Special special -> special(special);
            case Finite(BigDecimal value) -> {
                double nearest = Double.parseDouble(value.toString());
                if (Double.isInfinite(nearest) || (nearest == 0 && value.signum() != 0)) {
                    throw Errors.outOfRange(
                            "\"" + value.toPlainString() + "\" is out of range for type double precision");
                }
                yield nearest;
            }
        };
    }

    static float toFloat(Numeric a) {
        return switch (a) {
            case Special special -> (float) special(special);
            case Finite(BigDecimal value) -> {
                float nearest = Float.parseFloat(value.toString());
                if (Float.isInfinite(nearest) || (nearest == 0 && value.signum() != 0)) {
                    throw Errors.outOfRange("\"" + value.toPlainString() + "\" is out of range for type real");
                }
                yield nearest;
            }
        };
    }

    private static double special(Special special) {
        return switch (special) {
            case NAN -> Double.NaN;
            case INFINITY -> Double.POSITIVE_INFINITY;
            case NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
        };
    }
}
