package mooncake.query.exact;

import mooncake.model.MooncakeException;

/// Functions of float8 with Postgres' errors, on the C library's mathematics.
final class FloatMath {
    private static final int FIRST_CAREFUL = 17;

    private FloatMath() {}

    static double cbrt(double x) {
        return finite(nonzero(LibM.CBRT.of(x), x != 0), Double.isInfinite(x));
    }

    static double exp(double x) {
        if (Double.isNaN(x) || x == Double.POSITIVE_INFINITY) {
            return x;
        }
        if (x == Double.NEGATIVE_INFINITY) {
            return 0;
        }
        return nonzero(finite(LibM.EXP.of(x), false), true);
    }

    static double ln(double x) {
        return logarithm(LibM.LOG, x);
    }

    static double log10(double x) {
        return logarithm(LibM.LOG10, x);
    }

    private static double logarithm(LibM.Unary function, double x) {
        if (x == 0) {
            throw Errors.logarithm("cannot take logarithm of zero");
        }
        if (x < 0) {
            throw Errors.logarithm("cannot take logarithm of a negative number");
        }
        return nonzero(finite(function.of(x), Double.isInfinite(x)), x != 1);
    }

    static double power(double x, double y) {
        if (Double.isNaN(x)) {
            return y == 0 ? 1 : x;
        }
        if (Double.isNaN(y)) {
            return x == 1 ? 1 : y;
        }
        if (x == 0 && y < 0) {
            throw Errors.power("zero raised to a negative power is undefined");
        }
        if (x < 0 && Math.floor(y) != y) {
            throw Errors.power("a negative number raised to a non-integer power yields a complex result");
        }
        if (Double.isInfinite(x) || Double.isInfinite(y)) {
            return LibM.POW.of(x, y);
        }
        return nonzero(finite(LibM.POW.of(x, y), false), x != 0);
    }

    static double sign(double x) {
        return x > 0 ? 1 : x < 0 ? -1 : 0;
    }

    /// An angle for which the function has a value; infinite ones have none.
    static double trigonometric(LibM.Unary function, double x) {
        if (Double.isInfinite(x)) {
            throw inputOutOfRange();
        }
        return function.of(x);
    }

    static double cot(double x) {
        return 1.0 / trigonometric(LibM.TAN, x);
    }

    /// An inverse of a function whose values lie between -1 and 1.
    static double inverse(LibM.Unary function, double x) {
        requireUnit(x);
        return function.of(x);
    }

    static double cosh(double x) {
        return LibM.COSH.of(x);
    }

    static double acosh(double x) {
        if (x < 1) {
            throw inputOutOfRange();
        }
        return LibM.ACOSH.of(x);
    }

    static double degrees(double x) {
        return Floats.divide(x, Degrees.RADIANS_PER_DEGREE);
    }

    static double radians(double x) {
        return Floats.multiply(x, Degrees.RADIANS_PER_DEGREE);
    }

    static void requireUnit(double x) {
        if (x < -1 || x > 1) {
            throw inputOutOfRange();
        }
    }

    static MooncakeException inputOutOfRange() {
        return Errors.outOfRange("input is out of range");
    }

    private static double finite(double result, boolean fromInfinite) {
        return Floats.checked(result, fromInfinite);
    }

    private static double nonzero(double result, boolean mustBe) {
        if (mustBe && result == 0) {
            throw Errors.floatUnderflow();
        }
        return result;
    }

    /// Majors from 17 neither overflow nor give the bucket above the last one to what lies just below the bound.
    static int widthBucket(double operand, double low, double high, int count, int major) {
        if (count <= 0) {
            throw Errors.widthBucket("count must be greater than zero");
        }
        if (Double.isNaN(operand) || Double.isNaN(low) || Double.isNaN(high)) {
            throw Errors.widthBucket("operand, lower bound, and upper bound cannot be NaN");
        }
        if (Double.isInfinite(low) || Double.isInfinite(high)) {
            throw Errors.widthBucket("lower and upper bounds must be finite");
        }
        if (low == high) {
            throw Errors.widthBucket("lower bound cannot equal upper bound");
        }
        boolean ascending = low < high;
        if (ascending ? operand < low : operand > low) {
            return 0;
        }
        if (ascending ? operand >= high : operand <= high) {
            return above(count);
        }
        if (major < FIRST_CAREFUL) {
            double bucket = count * (operand - low) / (high - low) + 1;
            return bucket < (double) Integer.MAX_VALUE + 1 ? (int) bucket : Integer.MIN_VALUE;
        }
        double share = Double.isInfinite(high - low)
                ? (operand / 2 - low / 2) / (high / 2 - low / 2)
                : (operand - low) / (high - low);
        int bucket = (int) (count * share);
        return Math.min(bucket, count - 1) + 1;
    }

    /// The bucket after the last one.
    static int above(int count) {
        if (count == Integer.MAX_VALUE) {
            throw Errors.outOfRange("integer out of range");
        }
        return count + 1;
    }
}
