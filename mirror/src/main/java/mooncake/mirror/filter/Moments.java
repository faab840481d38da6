package mooncake.mirror.filter;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Dates and timestamps as literals: ISO 8601 only, so that they mean the same under every session's
/// settings, as the days or microseconds since 2000 that Postgres sends.
final class Moments {
    private static final Pattern DATE = Pattern.compile("([0-9]{4,5})-([0-9]{1,2})-([0-9]{1,2})");
    private static final Pattern TIMESTAMP =
            Pattern.compile(DATE + "(?:[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]{1,6}))?)?)?"
                    + " ?(Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)?");
    private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
    private static final long SECOND_MICROS = 1_000_000L;
    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;
    private static final long DAY_SECONDS = 86_400;

    private Moments() {}

    static long date(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "infinity" -> Integer.MAX_VALUE;
            case "-infinity" -> Integer.MIN_VALUE;
            default -> {
                Matcher matcher = DATE.matcher(text);
                if (!matcher.matches()) {
                    throw refused("date", text);
                }
                yield days(matcher, text);
            }
        };
    }

    /// A timestamp; with a time zone the literal must say which, since a session's may be another one
    /// tomorrow.
    static long timestamp(String text, boolean zoned) {
        String type = zoned ? "timestamp with time zone" : "timestamp";
        switch (text.toLowerCase(Locale.ROOT)) {
            case "infinity" -> {
                return Long.MAX_VALUE;
            }
            case "-infinity" -> {
                return Long.MIN_VALUE;
            }
            default -> {}
        }
        Matcher matcher = TIMESTAMP.matcher(text);
        if (!matcher.matches() || (matcher.group(8) != null) != zoned) {
            throw refused(type, text);
        }
        int hour = number(matcher.group(4));
        int minute = number(matcher.group(5));
        int second = number(matcher.group(6));
        if (hour > 23 || minute > 59 || second > 59) {
            throw refused(type, text);
        }
        String fraction = matcher.group(7) == null ? "" : matcher.group(7);
        long micros = number(fraction + "0".repeat(6 - fraction.length()));
        long seconds = days(matcher, text) * DAY_SECONDS + hour * HOUR + minute * MINUTE + second;
        return (seconds - offset(matcher.group(8), text)) * SECOND_MICROS + micros;
    }

    private static long days(Matcher matcher, String text) {
        try {
            int year = number(matcher.group(1));
            if (year == 0) {
                throw refused("date", text);
            }
            LocalDate date = LocalDate.of(year, number(matcher.group(2)), number(matcher.group(3)));
            return date.toEpochDay() - EPOCH.toEpochDay();
        } catch (DateTimeException e) {
            throw refused("date", text);
        }
    }

    private static long offset(@Nullable String zone, String text) {
        if (zone == null || zone.equalsIgnoreCase("z")) {
            return 0;
        }
        int hours = number(zone.substring(1, 3));
        int minutes = zone.length() == 3 ? 0 : number(zone.substring(zone.length() - 2));
        if (hours > 15 || minutes > 59) {
            throw refused("timestamp with time zone", text);
        }
        long seconds = hours * HOUR + minutes * MINUTE;
        return zone.charAt(0) == '-' ? -seconds : seconds;
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static IllegalArgumentException refused(String type, String text) {
        return new IllegalArgumentException("the " + type + " '" + text + "' is not supported");
    }
}
