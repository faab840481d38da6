package mooncake.query.exact;

import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Reads dates, times and intervals in the form in which mirrors keep them inside of arrays and ranges: DateStyle ISO,
/// IntervalStyle postgres, TimeZone UTC.
final class MomentText {
    private static final Pattern INTERVAL = Pattern.compile("(?:([+-]?\\d+) years? ?)?(?:([+-]?\\d+) mons? ?)?"
            + "(?:([+-]?\\d+) days? ?)?(?:([+-])?(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?)?");
    private static final int TIME_CHARACTERS = 8;

    private MomentText() {}

    /// Days since 1970-01-01 with DuckDB's infinities.
    static int date(String text) {
        if (text.endsWith("infinity")) {
            return text.startsWith("-") ? -Timestamps.DATE_INFINITY : Timestamps.DATE_INFINITY;
        }
        boolean before = text.endsWith(" BC");
        return Math.toIntExact(day(before ? text.substring(0, text.length() - 3) : text, before));
    }

    private static long day(String text, boolean before) {
        int month = text.indexOf('-');
        if (month < 4 || text.length() != month + 6) {
            throw broken(text);
        }
        int year = Integer.parseInt(text, 0, month, 10);
        return LocalDate.of(
                        before ? 1 - year : year,
                        Integer.parseInt(text, month + 1, month + 3, 10),
                        Integer.parseInt(text, month + 4, month + 6, 10))
                .toEpochDay();
    }

    /// Microseconds of the day.
    static long time(String text) {
        if (text.length() < TIME_CHARACTERS) {
            throw broken(text);
        }
        long seconds = Integer.parseInt(text, 0, 2, 10) * 3600L
                + Integer.parseInt(text, 3, 5, 10) * 60L
                + Integer.parseInt(text, 6, 8, 10);
        return seconds * Timestamps.SECOND + (text.length() > 9 ? fraction(text.substring(9)) : 0);
    }

    private static long fraction(String digits) {
        return Long.parseLong((digits + "000000").substring(0, 6));
    }

    /// Microseconds since 1970-01-01 with DuckDB's infinities; a zone, if any, is an offset.
    static long timestamp(String text) {
        if (text.endsWith("infinity")) {
            return text.startsWith("-") ? -Timestamps.INFINITY : Timestamps.INFINITY;
        }
        boolean before = text.endsWith(" BC");
        String plain = before ? text.substring(0, text.length() - 3) : text;
        int blank = plain.indexOf(' ');
        if (blank < 0) {
            throw broken(text);
        }
        int zone = Math.max(plain.indexOf('+', blank), plain.indexOf('-', blank));
        String time = plain.substring(blank + 1, zone < 0 ? plain.length() : zone);
        long offset = zone < 0 ? 0 : offset(plain.substring(zone));
        return Math.addExact(
                Math.multiplyExact(day(plain.substring(0, blank), before), Timestamps.DAY),
                time(time) - offset * Timestamps.SECOND);
    }

    /// Seconds east of Greenwich of a zone like `+05:30`.
    private static long offset(String zone) {
        String[] parts = zone.substring(1).split(":", -1);
        long seconds = 0;
        for (int i = 0; i < parts.length; i++) {
            seconds += Integer.parseInt(parts[i]) * (i == 0 ? 3600L : i == 1 ? 60L : 1L);
        }
        return zone.charAt(0) == '-' ? -seconds : seconds;
    }

    /// The moment of the day in UTC and the offset west of Greenwich, by which such times compare.
    static long[] timetz(String text) {
        int zone = Math.max(text.indexOf('+'), text.indexOf('-'));
        if (zone < 0) {
            throw broken(text);
        }
        long offset = offset(text.substring(zone));
        return new long[] {time(text.substring(0, zone)) - offset * Timestamps.SECOND, -offset};
    }

    static Interval interval(String text) {
        if (text.endsWith("infinity")) {
            return text.startsWith("-")
                    ? new Interval(Integer.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE)
                    : new Interval(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
        }
        Matcher parts = INTERVAL.matcher(text);
        if (!parts.matches()) {
            throw broken(text);
        }
        long months = number(parts, 1) * 12 + number(parts, 2);
        String sub = parts.group(8);
        long sign = "-".equals(parts.group(4)) ? -1 : 1;
        // The least value has no counterpart above zero.
        long micros = sign * (number(parts, 5) * 3600 + number(parts, 6) * 60 + number(parts, 7)) * Timestamps.SECOND
                + sign * (sub == null ? 0 : fraction(sub));
        return new Interval(Math.toIntExact(months), Math.toIntExact(number(parts, 3)), micros);
    }

    private static long number(Matcher parts, int group) {
        String digits = parts.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    static String dateText(int days) {
        if (!Timestamps.isFinite(days)) {
            return days < 0 ? "-infinity" : "infinity";
        }
        StringBuilder text = new StringBuilder();
        boolean before = appendDay(text, LocalDate.ofEpochDay(days));
        return text.append(before ? " BC" : "").toString();
    }

    /// Returns whether the year is before Christ.
    private static boolean appendDay(StringBuilder text, LocalDate day) {
        int year = day.getYear();
        String digits = Integer.toString(year > 0 ? year : 1 - year);
        text.append("0".repeat(Math.max(0, 4 - digits.length()))).append(digits);
        appendTwo(text.append('-'), day.getMonthValue());
        appendTwo(text.append('-'), day.getDayOfMonth());
        return year <= 0;
    }

    private static void appendTwo(StringBuilder text, long number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    static String timeText(long micros) {
        StringBuilder text = new StringBuilder();
        appendTime(text, micros);
        return text.toString();
    }

    private static void appendTime(StringBuilder text, long micros) {
        long seconds = micros / Timestamps.SECOND;
        appendTwo(text, seconds / 3600);
        appendTwo(text.append(':'), seconds / 60 % 60);
        appendTwo(text.append(':'), seconds % 60);
        long fraction = micros % Timestamps.SECOND;
        if (fraction != 0) {
            String digits = Long.toString(Timestamps.SECOND + fraction);
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            text.append('.').append(digits, 1, end);
        }
    }

    /// @param separator between date and time
    /// @param zone what stands behind the time
    static String timestampText(long micros, char separator, String zone) {
        if (!Timestamps.isFinite(micros)) {
            return micros < 0 ? "-infinity" : "infinity";
        }
        StringBuilder text = new StringBuilder();
        boolean before = appendDay(text, LocalDate.ofEpochDay(Math.floorDiv(micros, Timestamps.DAY)));
        appendTime(text.append(separator), Math.floorMod(micros, Timestamps.DAY));
        return text.append(zone).append(before ? " BC" : "").toString();
    }

    private static MooncakeException broken(String text) {
        return new MooncakeException(ErrorCode.BROKEN_INVARIANT, "a moment has the unreadable form " + text);
    }
}
