package mooncake.query.translate;

import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooncake.query.tree.Refusal;

/// Reads the texts that Postgres prints for dates, timestamps (DateStyle ISO) and intervals (IntervalStyle postgres).
final class DateTimes {
    static final long DAY_MICROS = 86_400_000_000L;

    private static final Pattern DATE = Pattern.compile("(\\d{4,})-(\\d\\d)-(\\d\\d)( BC)?");
    private static final Pattern TIMESTAMP =
            Pattern.compile("(\\d{4,}-\\d\\d-\\d\\d) (\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?"
                    + "(?:([+-])(\\d\\d)(?::(\\d\\d))?(?::(\\d\\d))?)?( BC)?");
    private static final Pattern INTERVAL = Pattern.compile("(?:([+-]?\\d+) years? ?)?(?:([+-]?\\d+) mons? ?)?"
            + "(?:([+-]?\\d+) days? ?)?(?:([+-])?(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?)?");

    private DateTimes() {}

    record Interval(int months, int days, long micros) {
        /// Microseconds with months of 30 days and days of 24 hours, by which intervals compare.
        BigInteger size() {
            long wholeDays = months * 30L + days;
            return BigInteger.valueOf(wholeDays)
                    .multiply(BigInteger.valueOf(DAY_MICROS))
                    .add(BigInteger.valueOf(micros));
        }
    }

    /// Days since 1970-01-01, ±`Integer.MAX_VALUE` for the infinities.
    static int parseDate(String text) {
        if (text.equals("infinity")) {
            return Integer.MAX_VALUE;
        }
        if (text.equals("-infinity")) {
            return -Integer.MAX_VALUE;
        }
        Matcher date = match(DATE, text);
        return Math.toIntExact(days(date.group(1), date.group(2), date.group(3), date.group(4) != null));
    }

    /// Microseconds since 1970-01-01 (of UTC when the text has an offset), ±`Long.MAX_VALUE` for the infinities.
    static long parseTimestamp(String text) {
        if (text.equals("infinity")) {
            return Long.MAX_VALUE;
        }
        if (text.equals("-infinity")) {
            return -Long.MAX_VALUE;
        }
        Matcher time = match(TIMESTAMP, text);
        String[] date = time.group(1).split("-", -1);
        long days = days(date[0], date[1], date[2], time.group(10) != null);
        long seconds = number(time.group(2)) * 3600 + number(time.group(3)) * 60 + number(time.group(4));
        long offset = number(time.group(7)) * 3600 + number(time.group(8)) * 60 + number(time.group(9));
        seconds -= "-".equals(time.group(6)) ? -offset : offset;
        return Math.addExact(Math.multiplyExact(days, DAY_MICROS), seconds * 1_000_000 + fraction(time.group(5)));
    }

    static Interval parseInterval(String text) {
        Matcher interval = match(INTERVAL, text);
        long months = number(interval.group(1)) * 12 + number(interval.group(2));
        long micros = (number(interval.group(5)) * 3600 + number(interval.group(6)) * 60 + number(interval.group(7)))
                        * 1_000_000
                + fraction(interval.group(8));
        return new Interval(
                Math.toIntExact(months),
                Math.toIntExact(number(interval.group(3))),
                "-".equals(interval.group(4)) ? -micros : micros);
    }

    static LocalDateTime toLocal(long micros) {
        return LocalDateTime.of(
                LocalDate.ofEpochDay(Math.floorDiv(micros, DAY_MICROS)),
                LocalTime.ofNanoOfDay(Math.floorMod(micros, DAY_MICROS) * 1000));
    }

    private static long days(String year, String month, String day, boolean beforeChrist) {
        int number = Integer.parseInt(year);
        return LocalDate.of(beforeChrist ? 1 - number : number, Integer.parseInt(month), Integer.parseInt(day))
                .toEpochDay();
    }

    private static long number(String digits) {
        return digits == null || digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    private static long fraction(String digits) {
        return digits == null || digits.isEmpty() ? 0 : Long.parseLong((digits + "00000").substring(0, 6));
    }

    private static Matcher match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw Refusal.because("The constant '%s' has an unexpected form.", text);
        }
        return matcher;
    }
}
