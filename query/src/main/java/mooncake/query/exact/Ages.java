package mooncake.query.exact;

import java.time.LocalDate;
import java.time.YearMonth;

/// `age` and `date_bin`: symbolic differences and regular steps.
final class Ages {
    /// From this major on intervals may be infinite.
    static final int FIRST_INFINITE = 17;

    private static final long MINUTE = 60 * Timestamps.SECOND;
    private static final int MONTHS_PER_YEAR = 12;
    private static final int HOURS_PER_DAY = 24;
    private static final int MINUTES_PER_HOUR = 60;

    private Ages() {}

    /// @param localA and
    /// @param localB the local times of the instants `a` and `b`
    static Interval age(long a, long b, long localA, long localB, int major) {
        if (major >= FIRST_INFINITE && (!Timestamps.isFinite(a) || !Timestamps.isFinite(b))) {
            return infiniteAge(a, b);
        }
        return a < b ? difference(localB, localA, localA).negated() : difference(localA, localB, localB);
    }

    private static Interval infiniteAge(long a, long b) {
        int left = sign(a);
        int right = sign(b);
        if (left == right) {
            throw Errors.intervalOutOfRange();
        }
        return left > right ? Interval.INFINITY : Interval.NEGATIVE_INFINITY;
    }

    private static int sign(long timestamp) {
        return Timestamps.isFinite(timestamp) ? 0 : Long.signum(timestamp);
    }

    /// Field by field; what a field lacks it takes from the next, a month having the days that `earlier`'s has.
    private static Interval difference(long later, long earlierTime, long earlier) {
        LocalDate from = day(earlierTime);
        LocalDate to = day(later);
        long micros = time(later) - time(earlierTime);
        int days = to.getDayOfMonth() - from.getDayOfMonth();
        int months = to.getMonthValue() - from.getMonthValue();
        int years = to.getYear() - from.getYear();
        if (micros < 0) {
            micros += HOURS_PER_DAY * MINUTES_PER_HOUR * MINUTE;
            days--;
        }
        LocalDate lender = day(earlier);
        while (days < 0) {
            days += YearMonth.of(lender.getYear(), lender.getMonthValue()).lengthOfMonth();
            months--;
        }
        while (months < 0) {
            months += MONTHS_PER_YEAR;
            years--;
        }
        return new Interval(years * MONTHS_PER_YEAR + months, days, micros);
    }

    /// Majors without infinite intervals take the far end of time for a date like any other.
    private static LocalDate day(long timestamp) {
        if (timestamp == Timestamps.INFINITY) {
            return LocalDate.ofEpochDay(Timestamps.POSTGRES_EPOCH_DAY + Long.MAX_VALUE / Timestamps.DAY);
        }
        if (timestamp == -Timestamps.INFINITY) {
            throw Errors.timestampOutOfRange();
        }
        return LocalDate.ofEpochDay(Math.floorDiv(timestamp, Timestamps.DAY));
    }

    private static long time(long timestamp) {
        return timestamp == Timestamps.INFINITY
                ? Long.MAX_VALUE % Timestamps.DAY
                : Math.floorMod(timestamp, Timestamps.DAY);
    }

    /// The start of the step of `stride` from `origin` that a timestamp lies in.
    static long bin(Interval stride, long timestamp, long origin) {
        if (!Timestamps.isFinite(timestamp)) {
            return timestamp;
        }
        if (!Timestamps.isFinite(origin)) {
            throw Errors.dateTime("origin out of range");
        }
        if (stride.months() != 0) {
            throw Errors.unsupported("timestamps cannot be binned into intervals containing months or years");
        }
        try {
            long step = Math.addExact(Math.multiplyExact(stride.days(), Timestamps.DAY), stride.micros());
            if (step <= 0) {
                throw Errors.dateTime("stride must be greater than zero");
            }
            long distance = Math.subtractExact(timestamp, origin);
            long start = origin + (distance - Math.floorMod(distance, step));
            return Timestamps.of(Math.floorDiv(start, Timestamps.DAY), Math.floorMod(start, Timestamps.DAY));
        } catch (ArithmeticException _) {
            throw Errors.intervalOutOfRange();
        }
    }

    /// Rounds the fraction of a second as seen from the year 2000, half away from it.
    static long round(long timestamp, int digits) {
        if (!Timestamps.isFinite(timestamp)) {
            return timestamp;
        }
        return roundMicros(timestamp - Timestamps.POSTGRES_EPOCH, digits) + Timestamps.POSTGRES_EPOCH;
    }

    static long roundMicros(long micros, int digits) {
        if (digits < 0 || digits >= 6) {
            return micros;
        }
        long unit = 1;
        for (int i = digits; i < 6; i++) {
            unit *= 10;
        }
        long half = unit / 2;
        return micros >= 0 ? (micros + half) / unit * unit : -((-micros + half) / unit * unit);
    }
}
