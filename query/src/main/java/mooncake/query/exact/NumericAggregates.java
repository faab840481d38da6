package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.RoundingMode;
import mooncake.query.exact.Numeric.Finite;
import mooncake.query.exact.Numeric.Special;

/// What aggregates of numerics and integers end with.
final class NumericAggregates {
    private NumericAggregates() {}

    /// The variance, or its root, from exact sums of values and of their squares.
    ///
    /// @param count of values, at least 1, or 2 for a sample's
    static Numeric variance(Numeric sum, Numeric squares, long count, boolean sample, boolean root) {
        if (!(sum instanceof Finite(BigDecimal x)) || !(squares instanceof Finite(BigDecimal x2))) {
            return Special.NAN;
        }
        BigDecimal n = BigDecimal.valueOf(count);
        BigDecimal numerator = n.multiply(x2).subtract(x.multiply(x)).setScale(2 * x.scale(), RoundingMode.HALF_UP);
        if (numerator.signum() <= 0) {
            return Numeric.ZERO;
        }
        BigDecimal denominator = n.multiply(sample ? n.subtract(BigDecimal.ONE) : n);
        int scale = NumericMath.quotientScale(numerator, denominator);
        BigDecimal variance = numerator.divide(denominator, scale, RoundingMode.HALF_UP);
        return NumericMath.result(root ? NumericMath.sqrt(variance, scale) : variance);
    }

    /// The sum of numerics in text form with one blank between two.
    static Numeric sum(byte[] texts, int length) {
        NumericReader reader = new NumericReader();
        ExactSum sum = new ExactSum();
        int from = 0;
        while (from < length) {
            int to = from;
            while (to < length && texts[to] != ' ') {
                to++;
            }
            if (reader.readShort(texts, from, to - from)) {
                sum.add(reader.unscaled(), reader.scale());
            } else {
                sum.add(reader.read(texts, from, to - from));
            }
            from = to + 1;
        }
        return sum.result();
    }

    /// Adds short numbers of one scale in a long and goes over to big ones when that overflows or the scale changes.
    private static final class ExactSum {
        private Numeric total = Numeric.ZERO;
        private long pending;
        private int pendingScale;

        void add(long unscaled, int scale) {
            long next = pending + unscaled;
            boolean overflow = ((pending ^ next) & (unscaled ^ next)) < 0;
            if (overflow || scale != pendingScale) {
                flush();
                pending = unscaled;
                pendingScale = scale;
            } else {
                pending = next;
            }
        }

        void add(Numeric value) {
            total = plus(total, value);
        }

        Numeric result() {
            flush();
            return total instanceof Finite(BigDecimal value) ? NumericMath.result(value) : total;
        }

        private void flush() {
            total = plus(total, new Finite(BigDecimal.valueOf(pending, pendingScale)));
            pending = 0;
        }

        /// Without the limit on digits, which holds for the whole sum only.
        private static Numeric plus(Numeric a, Numeric b) {
            return a instanceof Finite(BigDecimal x) && b instanceof Finite(BigDecimal y)
                    ? new Finite(x.add(y))
                    : NumericMath.add(a, b);
        }
    }
}
