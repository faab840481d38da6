package mooncake.query.exact;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Locale;

/// `make_date`, `make_time`, `make_timestamp` and `to_timestamp`: moments from numbers.
final class Makers {
    private static final int MONTHS = 12;
    private static final int HOURS = 24;
    private static final int MINUTES = 60;
    private static final double MICROS_PER_SECOND = 1_000_000;

    private Makers() {}

    /// A day; a negative year counts back from the one before 1.
    static int date(int year, int month, int day) {
        String shown = String.format(Locale.ROOT, "%d-%02d-%02d", Math.abs((long) year), month, day);
        int proleptic = year < 0 ? year + 1 : year;
        boolean valid = year != 0
                && month >= 1
                && month <= MONTHS
                && day >= 1
                && Math.abs((long) year) <= 999_999_999
                && day <= YearMonth.of(proleptic, month).lengthOfMonth();
        if (!valid) {
            throw Errors.dateTime("date field value out of range: " + shown);
        }
        long days = LocalDate.of(proleptic, month, day).toEpochDay();
        if (days < Timestamps.FIRST_DAY || days > Timestamps.LAST_DATE) {
            throw Errors.dateTime("date out of range: " + shown);
        }
        return (int) days;
    }

    static long time(int hour, int minute, double second) {
        boolean valid = hour >= 0 && hour <= HOURS && minute >= 0 && minute < MINUTES && second >= 0 && second <= 60;
        long micros = valid
                ? (hour * 60L + minute) * 60 * Timestamps.SECOND + (long) Math.rint(second * MICROS_PER_SECOND)
                : -1;
        if (!valid || micros > Timestamps.DAY) {
            throw Errors.dateTime("time field value out of range: "
                    + String.format(Locale.ROOT, "%d:%02d:", hour, minute) + general(second));
        }
        return micros;
    }

    static long timestamp(int[] fields, double second) {
        int date = date(fields[0], fields[1], fields[2]);
        long time = time(fields[3], fields[4], second);
        if (date > Timestamps.LAST_TIMESTAMP_DAY) {
            throw Errors.timestampOutOfRange();
        }
        return Timestamps.of(date + Math.floorDiv(time, Timestamps.DAY), Math.floorMod(time, Timestamps.DAY));
    }

    /// The instant so many seconds after 1970.
    static long instant(double seconds) {
        if (Double.isNaN(seconds)) {
            throw Errors.dateTime("timestamp cannot be NaN");
        }
        if (Double.isInfinite(seconds)) {
            return seconds > 0 ? Timestamps.INFINITY : -Timestamps.INFINITY;
        }
        long secondsPerDay = Timestamps.DAY / Timestamps.SECOND;
        if (seconds < (double) (Timestamps.FIRST_DAY * secondsPerDay)
                || seconds >= (double) (Timestamps.LAST_TIMESTAMP_DAY * secondsPerDay)) {
            throw Errors.dateTime("timestamp out of range: \"" + general(seconds) + "\"");
        }
        double since2000 = seconds - Timestamps.POSTGRES_EPOCH_DAY * secondsPerDay;
        return (long) Math.rint(since2000 * MICROS_PER_SECOND) + Timestamps.POSTGRES_EPOCH;
    }

    /// As C prints under `%g`.
    private static String general(double value) {
        return FloatText.general(value, 6);
    }
}
