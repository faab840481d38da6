package mooncake.query.exact;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/// Dates as days and timestamps as microseconds since 1970, with the extreme values as infinities, in Postgres' range
/// as far as DuckDB's reaches: a timestamp after the year 294247 is out of range here.
final class Timestamps {
    static final long SECOND = 1_000_000;
    static final long DAY = 86_400 * SECOND;

    static final long INFINITY = Long.MAX_VALUE;
    static final int DATE_INFINITY = Integer.MAX_VALUE;

    /// 2000-01-01, from which Postgres counts.
    static final long POSTGRES_EPOCH_DAY = 10_957;

    static final long POSTGRES_EPOCH = POSTGRES_EPOCH_DAY * DAY;

    /// The first and the last day of both types, and the last one of timestamps.
    static final long FIRST_DAY = -2_440_588;

    static final long LAST_DATE = 2_145_042_905;
    static final long LAST_TIMESTAMP_DAY = Long.MAX_VALUE / DAY - 1;

    private Timestamps() {}

    static boolean isFinite(long timestamp) {
        return timestamp != INFINITY && timestamp != -INFINITY;
    }

    static boolean isFinite(int date) {
        return date != DATE_INFINITY && date != -DATE_INFINITY;
    }

    static int addDays(int date, long days) {
        if (!isFinite(date)) {
            return date;
        }
        long sum = date + days;
        if (sum < FIRST_DAY || sum > LAST_DATE) {
            throw Errors.dateTime("date out of range");
        }
        return (int) sum;
    }

    static int daysBetween(int a, int b) {
        if (!isFinite(a) || !isFinite(b)) {
            throw Errors.dateTime("cannot subtract infinite dates");
        }
        return a - b;
    }

    static long ofDate(int date) {
        if (!isFinite(date)) {
            return date > 0 ? INFINITY : -INFINITY;
        }
        if (date > LAST_TIMESTAMP_DAY) {
            throw Errors.dateTime("date out of range for timestamp");
        }
        return date * DAY;
    }

    static int toDate(long timestamp) {
        if (!isFinite(timestamp)) {
            return timestamp > 0 ? DATE_INFINITY : -DATE_INFINITY;
        }
        return (int) Math.floorDiv(timestamp, DAY);
    }

    /// A timestamp plus months, then days, then microseconds.
    static long add(long timestamp, int months, int days, long micros) {
        if (!isFinite(timestamp)) {
            return timestamp;
        }
        return addMicros(of(addToDay(timestamp, months, days), Math.floorMod(timestamp, DAY)), micros);
    }

    /// The same where months and days are those of a time zone.
    static long add(long timestamp, int months, int days, long micros, Zone zone) {
        if (!isFinite(timestamp)) {
            return timestamp;
        }
        long moved = timestamp;
        if (months != 0) {
            long local = zone.toLocal(moved);
            moved = zone.fromLocal(of(addToDay(local, months, 0), Math.floorMod(local, DAY)));
        }
        if (days != 0) {
            long local = zone.toLocal(moved);
            moved = zone.fromLocal(of(addToDay(local, 0, days), Math.floorMod(local, DAY)));
        }
        return addMicros(moved, micros);
    }

    private static long addToDay(long timestamp, int months, int days) {
        long day = Math.floorDiv(timestamp, DAY);
        if (months != 0) {
            day = LocalDate.ofEpochDay(day).plusMonths(months).toEpochDay();
            of(day, 0);
        }
        return day + days;
    }

    private static long addMicros(long timestamp, long micros) {
        long sum = timestamp + micros;
        if (((timestamp ^ sum) & (micros ^ sum)) < 0) {
            throw Errors.timestampOutOfRange();
        }
        return of(Math.floorDiv(sum, DAY), Math.floorMod(sum, DAY));
    }

    /// The timestamp of a day and the microseconds since its midnight, if there is such.
    static long of(long day, long time) {
        if (day < FIRST_DAY || day > LAST_TIMESTAMP_DAY) {
            throw Errors.timestampOutOfRange();
        }
        return day * DAY + time;
    }

    static Interval difference(long a, long b) {
        if (!isFinite(a) || !isFinite(b)) {
            throw Errors.dateTime("cannot subtract infinite timestamps");
        }
        long micros = a - b;
        if (((a ^ b) & (a ^ micros)) < 0) {
            throw Errors.intervalOutOfRange();
        }
        return new Interval(0, (int) (micros / DAY), micros % DAY);
    }

    static LocalDateTime toLocal(long timestamp) {
        return LocalDateTime.of(
                LocalDate.ofEpochDay(Math.floorDiv(timestamp, DAY)),
                LocalTime.ofNanoOfDay(Math.floorMod(timestamp, DAY) * 1000));
    }
}
