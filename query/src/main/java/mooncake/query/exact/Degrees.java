package mooncake.query.exact;

/// Trigonometry in degrees, exact at the angles whose values are: everything is scaled by what the C library makes of
/// 30, 45 and 60 degrees.
final class Degrees {
    static final double RADIANS_PER_DEGREE = 0.017453292519943295;

    private static final double SIN_30 = LibM.SIN.of(30.0 * RADIANS_PER_DEGREE);
    private static final double ONE_MINUS_COS_60 = 1.0 - LibM.COS.of(60.0 * RADIANS_PER_DEGREE);
    private static final double ASIN_HALF = LibM.ASIN.of(0.5);
    private static final double ACOS_HALF = LibM.ACOS.of(0.5);
    private static final double ATAN_ONE = LibM.ATAN.of(1.0);
    private static final double TAN_45 = sine(45) / cosine(45);
    private static final double COT_45 = cosine(45) / sine(45);

    private Degrees() {}

    static double sin(double x) {
        double angle = reduced(x);
        int sign = angle < 0 ? -1 : 1;
        angle *= sign;
        if (angle > 180) {
            angle = 360 - angle;
            sign = -sign;
        }
        return sign * sine(angle > 90 ? 180 - angle : angle);
    }

    static double cos(double x) {
        double angle = Math.abs(reduced(x));
        if (angle > 180) {
            angle = 360 - angle;
        }
        return angle > 90 ? -cosine(180 - angle) : cosine(angle);
    }

    static double tan(double x) {
        return ratio(x, true);
    }

    static double cot(double x) {
        return ratio(x, false);
    }

    /// The tangent or its inverse.
    private static double ratio(double x, boolean tangent) {
        double angle = reduced(x);
        int sign = angle < 0 ? -1 : 1;
        angle *= sign;
        if (angle > 180) {
            angle = 360 - angle;
            sign = -sign;
        }
        if (angle > 90) {
            angle = 180 - angle;
            sign = -sign;
        }
        double result =
                tangent ? sign * (sine(angle) / cosine(angle) / TAN_45) : sign * (cosine(angle) / sine(angle) / COT_45);
        return result == 0 ? 0 : result;
    }

    static double asin(double x) {
        FloatMath.requireUnit(x);
        return x >= 0 ? arcSine(x) : -arcSine(-x);
    }

    static double acos(double x) {
        FloatMath.requireUnit(x);
        return x >= 0 ? arcCosine(x) : 90 + arcSine(-x);
    }

    static double atan(double x) {
        return LibM.ATAN.of(x) / ATAN_ONE * 45;
    }

    static double atan2(double y, double x) {
        return LibM.ATAN2.of(y, x) / ATAN_ONE * 45;
    }

    private static double reduced(double x) {
        if (Double.isInfinite(x)) {
            throw FloatMath.inputOutOfRange();
        }
        return x % 360;
    }

    private static double sine(double x) {
        return x <= 30 ? sineTo30(x) : cosineTo60(90 - x);
    }

    private static double cosine(double x) {
        return x <= 60 ? cosineTo60(x) : sineTo30(90 - x);
    }

    private static double sineTo30(double x) {
        return LibM.SIN.of(x * RADIANS_PER_DEGREE) / SIN_30 / 2;
    }

    private static double cosineTo60(double x) {
        return 1 - (1 - LibM.COS.of(x * RADIANS_PER_DEGREE)) / ONE_MINUS_COS_60 / 2;
    }

    private static double arcSine(double x) {
        return x <= 0.5 ? LibM.ASIN.of(x) / ASIN_HALF * 30 : 90 - LibM.ACOS.of(x) / ACOS_HALF * 60;
    }

    private static double arcCosine(double x) {
        return x <= 0.5 ? 90 - LibM.ASIN.of(x) / ASIN_HALF * 30 : LibM.ACOS.of(x) / ACOS_HALF * 60;
    }
}
