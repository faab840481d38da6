package mooncake.query.exact;

import java.math.BigInteger;
import java.util.Locale;

/// A value of type interval: three fields that are added and printed each for itself.
record Interval(int months, int days, long micros) {
    static final Interval INFINITY = new Interval(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
    static final Interval NEGATIVE_INFINITY = new Interval(Integer.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE);

    private static final int FIRST_WITH_INFINITY = 17;
    private static final int MONTHS_PER_YEAR = 12;
    private static final int DAYS_PER_MONTH = 30;
    private static final long MINUTE = 60 * Timestamps.SECOND;
    private static final long HOUR = 60 * MINUTE;

    /// Whether these are the fields of an infinity, which majors before 17 do not have.
    boolean isInfinite() {
        return (months == Integer.MAX_VALUE && days == Integer.MAX_VALUE && micros == Long.MAX_VALUE)
                || (months == Integer.MIN_VALUE && days == Integer.MIN_VALUE && micros == Long.MIN_VALUE);
    }

    Interval plus(Interval other) {
        try {
            return new Interval(
                    Math.addExact(months, other.months),
                    Math.addExact(days, other.days),
                    Math.addExact(micros, other.micros));
        } catch (ArithmeticException _) {
            throw Errors.intervalOutOfRange();
        }
    }

    Interval minus(Interval other) {
        try {
            return new Interval(
                    Math.subtractExact(months, other.months),
                    Math.subtractExact(days, other.days),
                    Math.subtractExact(micros, other.micros));
        } catch (ArithmeticException _) {
            throw Errors.intervalOutOfRange();
        }
    }

    Interval negated() {
        return new Interval(0, 0, 0).minus(this);
    }

    /// What intervals are compared by: microseconds, with months of 30 days of 24 hours.
    BigInteger key() {
        long wholeDays = (long) months * DAYS_PER_MONTH + days;
        return BigInteger.valueOf(wholeDays)
                .multiply(BigInteger.valueOf(Timestamps.DAY))
                .add(BigInteger.valueOf(micros));
    }

    /// What Postgres prints under IntervalStyle postgres. A field after a negative one shows its sign.
    String text() {
        if (isInfinite()) {
            return months < 0 ? "-infinity" : "infinity";
        }
        return fields();
    }

    /// The same by a server of some major; before 17 the extreme values were finite.
    String text(int major) {
        return major < FIRST_WITH_INFINITY ? fields() : text();
    }

    private String fields() {
        StringBuilder text = new StringBuilder();
        boolean negative = append(text, months / MONTHS_PER_YEAR, "year", false);
        negative = append(text, months % MONTHS_PER_YEAR, "mon", negative);
        negative = append(text, days, "day", negative);
        if (micros != 0 || text.isEmpty()) {
            appendTime(text, negative);
        }
        return text.toString();
    }

    /// Returns whether the last field printed is negative.
    private static boolean append(StringBuilder text, int value, String unit, boolean afterNegative) {
        if (value == 0) {
            return afterNegative;
        }
        text.append(text.isEmpty() ? "" : " ")
                .append(afterNegative && value > 0 ? "+" : "")
                .append(value)
                .append(' ')
                .append(unit)
                .append(value == 1 ? "" : "s");
        return value < 0;
    }

    private void appendTime(StringBuilder text, boolean afterNegative) {
        text.append(text.isEmpty() ? "" : " ").append(micros < 0 ? "-" : afterNegative ? "+" : "");
        long hours = Math.abs(micros / HOUR);
        long minutes = Math.abs(micros % HOUR / MINUTE);
        long seconds = Math.abs(micros % MINUTE / Timestamps.SECOND);
        long fraction = Math.abs(micros % Timestamps.SECOND);
        text.append(String.format(Locale.ROOT, "%02d:%02d:%02d", hours, minutes, seconds));
        if (fraction != 0) {
            String digits = String.format(Locale.ROOT, ".%06d", fraction);
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            text.append(digits, 0, end);
        }
    }
}
