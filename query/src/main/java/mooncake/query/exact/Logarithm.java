package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// Natural logarithms of positive decimals.
final class Logarithm {
    private static final BigDecimal NEAR_ONE_LOW = new BigDecimal("0.9");
    private static final BigDecimal NEAR_ONE_HIGH = new BigDecimal("1.1");
    private static final double LN_10 = 2.302585092994046;
    private static final int GROUP_DIGITS = 4;

    private static final int GUARD_DIGITS = 8;
    private static final double LOG10_2 = 0.301029995663981;

    private Logarithm() {}

    /// Where Postgres expects the first digit of the logarithm of a number; it derives scales from that.
    static int weight(BigDecimal x) {
        if (x.signum() <= 0) {
            return 0;
        }
        if (x.compareTo(NEAR_ONE_LOW) >= 0 && x.compareTo(NEAR_ONE_HIGH) <= 0) {
            BigDecimal beyond = x.subtract(BigDecimal.ONE);
            return beyond.signum() == 0
                    ? 0
                    : NumericMath.weight(beyond) * GROUP_DIGITS + (int) LibM.LOG10.of(NumericMath.firstGroup(beyond));
        }
        int weight = NumericMath.weight(x) * GROUP_DIGITS;
        long digits = NumericMath.firstGroup(x);
        BigDecimal rest = x.remainder(BigDecimal.ONE.movePointRight(weight));
        if (rest.signum() != 0) {
            weight -= GROUP_DIGITS;
            digits = x.movePointLeft(weight).toBigInteger().longValueExact();
        }
        return (int) LibM.LOG10.of(Math.abs(LibM.LOG.of((double) digits) + weight * LN_10));
    }

    /// The logarithm of a positive number, rounded to a scale: roots bring it near to 1, where a series is fast.
    static BigDecimal of(BigDecimal x, int scale) {
        int roots = 0;
        BigDecimal near = x;
        while (near.compareTo(NEAR_ONE_LOW) <= 0 || near.compareTo(NEAR_ONE_HIGH) >= 0) {
            near = NumericMath.sqrt(near, scale - NumericMath.weight(near) * GROUP_DIGITS / 2 + GUARD_DIGITS);
            roots++;
        }
        int places = scale + (int) ((roots + 1) * LOG10_2) + GUARD_DIGITS;
        BigDecimal sum = near.subtract(BigDecimal.ONE).divide(near.add(BigDecimal.ONE), places, RoundingMode.HALF_UP);
        BigDecimal power = sum;
        BigDecimal square = sum.multiply(sum).setScale(places, RoundingMode.HALF_UP);
        for (int i = 3; ; i += 2) {
            power = power.multiply(square).setScale(places, RoundingMode.HALF_UP);
            BigDecimal term = power.divide(BigDecimal.valueOf(i), places, RoundingMode.HALF_UP);
            if (term.signum() == 0) {
                break;
            }
            sum = sum.add(term);
        }
        return sum.multiply(new BigDecimal(BigInteger.TWO.pow(roots + 1))).setScale(scale, RoundingMode.HALF_UP);
    }
}
