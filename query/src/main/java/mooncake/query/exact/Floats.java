package mooncake.query.exact;

/// Arithmetic of float4 and float8: as in IEEE 754, but a result that leaves the range of numbers is an error.
final class Floats {
    private Floats() {}

    static double add(double a, double b) {
        return checked(a + b, Double.isInfinite(a) || Double.isInfinite(b));
    }

    static double subtract(double a, double b) {
        return checked(a - b, Double.isInfinite(a) || Double.isInfinite(b));
    }

    static double multiply(double a, double b) {
        double product = checked(a * b, Double.isInfinite(a) || Double.isInfinite(b));
        if (product == 0 && a != 0 && b != 0) {
            throw Errors.floatUnderflow();
        }
        return product;
    }

    static double divide(double a, double b) {
        if (b == 0 && !Double.isNaN(a)) {
            throw Errors.divisionByZero();
        }
        double quotient = checked(a / b, Double.isInfinite(a));
        if (quotient == 0 && a != 0 && !Double.isInfinite(b)) {
            throw Errors.floatUnderflow();
        }
        return quotient;
    }

    static float add(float a, float b) {
        return checked(a + b, Float.isInfinite(a) || Float.isInfinite(b));
    }

    static float subtract(float a, float b) {
        return checked(a - b, Float.isInfinite(a) || Float.isInfinite(b));
    }

    static float multiply(float a, float b) {
        float product = checked(a * b, Float.isInfinite(a) || Float.isInfinite(b));
        if (product == 0 && a != 0 && b != 0) {
            throw Errors.floatUnderflow();
        }
        return product;
    }

    static float divide(float a, float b) {
        if (b == 0 && !Float.isNaN(a)) {
            throw Errors.divisionByZero();
        }
        float quotient = checked(a / b, Float.isInfinite(a));
        if (quotient == 0 && a != 0 && !Float.isInfinite(b)) {
            throw Errors.floatUnderflow();
        }
        return quotient;
    }

    static float toFloat(double value) {
        float narrow = checked((float) value, Double.isInfinite(value));
        if (narrow == 0 && value != 0) {
            throw Errors.floatUnderflow();
        }
        return narrow;
    }

    static double sqrt(double value) {
        if (value < 0) {
            throw Errors.rootOfNegative();
        }
        return Math.sqrt(value);
    }

    /// A result that may be infinite only if it comes from something infinite.
    static double checked(double result, boolean fromInfinite) {
        if (Double.isInfinite(result) && !fromInfinite) {
            throw Errors.floatOverflow();
        }
        return result;
    }

    private static float checked(float result, boolean fromInfinite) {
        if (Float.isInfinite(result) && !fromInfinite) {
            throw Errors.floatOverflow();
        }
        return result;
    }
}
