package mooncake.query.exact;

import java.util.List;
import java.util.Locale;
import mooncake.query.exact.Template.Literal;
import mooncake.query.exact.Template.Node;
import mooncake.query.exact.Template.Pattern;
import org.jspecify.annotations.Nullable;

/// `to_char` of timestamps and intervals under the C locale.
final class DateFormat {
    static final List<String> KEYS = List.of(
            "A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "CC", "DAY", "DDD", "DD", "DY", "Day", "Dy", "D", "FF1", "FF2",
            "FF3", "FF4", "FF5", "FF6", "FX", "HH24", "HH12", "HH", "IDDD", "ID", "IW", "IYYY", "IYY", "IY", "I", "J",
            "MI", "MM", "MONTH", "MON", "MS", "Month", "Mon", "OF", "P.M.", "PM", "Q", "RM", "SSSSS", "SSSS", "SS",
            "TZH", "TZM", "TZ", "US", "WW", "W", "Y,YYY", "YYYY", "YYY", "YY", "Y", "a.d.", "a.m.", "ad", "am", "b.c.",
            "bc", "cc", "day", "ddd", "dd", "dy", "d", "ff1", "ff2", "ff3", "ff4", "ff5", "ff6", "fx", "hh24", "hh12",
            "hh", "iddd", "id", "iw", "iyyy", "iyy", "iy", "i", "j", "mi", "mm", "month", "mon", "ms", "of", "p.m.",
            "pm", "q", "rm", "sssss", "ssss", "ss", "tzh", "tzm", "tz", "us", "ww", "w", "y,yyy", "yyyy", "yyy", "yy",
            "y");
    static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");
    static final List<String> DAYS =
            List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");
    static final List<String> ROMAN = List.of("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII");
    private static final int NAME_WIDTH = 9;
    private static final int ROMAN_WIDTH = 4;

    private DateFormat() {}

    /// The fields that are printed. An interval's may be negative and of any size.
    ///
    /// @param dayOfYear for an interval, its days with months of 30
    /// @param zone the zone's abbreviation, null without one
    /// @param offset seconds ahead of UTC
    record Fields(
            boolean interval,
            int year,
            int month,
            int day,
            long hour,
            int minute,
            int second,
            int micros,
            int dayOfWeek,
            int dayOfYear,
            @Nullable String zone,
            int offset) {}

    static String format(List<Node> template, Fields fields) {
        StringBuilder out = new StringBuilder();
        for (Node node : template) {
            switch (node) {
                case Literal(String text, boolean _) -> out.append(text);
                case Pattern pattern -> append(out, pattern, fields);
            }
        }
        return out.toString();
    }

    private static void append(StringBuilder out, Pattern pattern, Fields fields) {
        String key = pattern.key().toUpperCase(Locale.ROOT);
        boolean lower = Character.isLowerCase(pattern.key().charAt(0));
        if (fields.interval()) {
            requireOfInterval(key);
        }
        switch (key) {
            case "FX" -> {}
            case "A.M.", "P.M." -> out.append(cased(isAfternoon(fields) ? "P.M." : "A.M.", lower));
            case "AM", "PM" -> out.append(cased(isAfternoon(fields) ? "PM" : "AM", lower));
            case "A.D.", "B.C." -> out.append(cased(fields.year() <= 0 ? "B.C." : "A.D.", lower));
            case "AD", "BC" -> out.append(cased(fields.year() <= 0 ? "BC" : "AD", lower));
            case "TZ" -> {
                String zone = fields.zone();
                if (zone != null) {
                    out.append(lower ? zone.toLowerCase(Locale.ROOT) : zone.toUpperCase(Locale.ROOT));
                }
            }
            case "TZH" -> appendOffset(out, fields.offset(), 2);
            case "TZM" -> out.append(padded(Math.abs(fields.offset()) % 3600 / 60, 2));
            case "OF" -> {
                appendOffset(out, fields.offset(), pattern.fill() ? 0 : 2);
                if (fields.offset() % 3600 != 0) {
                    out.append(':').append(padded(Math.abs(fields.offset()) % 3600 / 60, 2));
                }
            }
            case "MONTH" -> appendMonth(out, pattern, fields, MONTHS, true);
            case "MON" -> appendMonth(out, pattern, fields, MONTHS, false);
            case "DAY" -> appendName(out, pattern, DAYS.get(fields.dayOfWeek()), true);
            case "DY" -> appendName(out, pattern, DAYS.get(fields.dayOfWeek()).substring(0, 3), false);
            case "RM" -> appendRoman(out, pattern, fields, lower);
            default -> {
                String number = number(key, pattern.fill(), fields);
                if (number != null) {
                    out.append(number);
                    if (pattern.ordinal() != 0) {
                        out.append(Template.ordinal(number, pattern.ordinal() == 'T'));
                    }
                }
            }
        }
    }

    private static void requireOfInterval(String key) {
        switch (key) {
            case "TZ", "TZH", "TZM", "OF", "A.D.", "B.C.", "AD", "BC", "MONTH", "MON", "DAY", "DY", "D", "ID" ->
                throw Errors.invalidDateTime("invalid format specification for an interval value");
            default -> {}
        }
    }

    private static boolean isAfternoon(Fields fields) {
        return fields.hour() % 24 >= 12;
    }

    private static String cased(String text, boolean lower) {
        return lower ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static void appendOffset(StringBuilder out, int offset, int width) {
        out.append(offset >= 0 ? '+' : '-').append(padded(Math.abs(offset) / 3600, width));
    }

    private static void appendMonth(
            StringBuilder out, Pattern pattern, Fields fields, List<String> names, boolean full) {
        if (fields.month() != 0) {
            String name = names.get(fields.month() - 1);
            appendName(out, pattern, full ? name : name.substring(0, 3), full);
        }
    }

    /// In the letter case of the pattern; full names have one width.
    private static void appendName(StringBuilder out, Pattern pattern, String name, boolean full) {
        String key = pattern.key();
        String cased = Character.isLowerCase(key.charAt(0))
                ? name.toLowerCase(Locale.ROOT)
                : Character.isUpperCase(key.charAt(1)) ? name.toUpperCase(Locale.ROOT) : name;
        out.append(cased);
        if (full && !pattern.fill() && !pattern.translated()) {
            out.repeat(' ', NAME_WIDTH - cased.length());
        }
    }

    private static void appendRoman(StringBuilder out, Pattern pattern, Fields fields, boolean lower) {
        int month = fields.month();
        if (month == 0 && fields.year() == 0) {
            return;
        }
        if (month == 0) {
            month = fields.year() >= 0 ? 12 : 1;
        } else if (month < 0) {
            month += 13;
        }
        String numeral = ROMAN.get(month - 1);
        out.append(cased(numeral, lower));
        if (!pattern.fill()) {
            out.repeat(' ', ROMAN_WIDTH - numeral.length());
        }
    }

    /// A field that is a number; null for what is left out.
    private static @Nullable String number(String key, boolean fill, Fields at) {
        return switch (key) {
            case "HH", "HH12" -> signed(at.hour() % 12 == 0 ? 12 : at.hour() % 12, fill, at.hour() >= 0 ? 2 : 3);
            case "HH24" -> signed(at.hour(), fill, at.hour() >= 0 ? 2 : 3);
            case "MI" -> signed(at.minute(), fill, at.minute() >= 0 ? 2 : 3);
            case "SS" -> signed(at.second(), fill, at.second() >= 0 ? 2 : 3);
            case "FF1" -> padded(at.micros() / 100_000, 1);
            case "FF2" -> padded(at.micros() / 10_000, 2);
            case "FF3", "MS" -> padded(at.micros() / 1000, 3);
            case "FF4" -> padded(at.micros() / 100, 4);
            case "FF5" -> padded(at.micros() / 10, 5);
            case "FF6", "US" -> padded(at.micros(), 6);
            case "SSSS", "SSSSS" -> Long.toString(at.hour() * 3600 + at.minute() * 60L + at.second());
            case "MM" -> signed(at.month(), fill, at.month() >= 0 ? 2 : 3);
            case "DDD" -> signed(at.dayOfYear(), fill, 3);
            case "DD" -> signed(at.day(), fill, 2);
            case "D" -> Integer.toString(at.dayOfWeek() + 1);
            case "ID" -> Integer.toString(at.dayOfWeek() == 0 ? 7 : at.dayOfWeek());
            case "WW" -> signed((at.dayOfYear() - 1) / 7 + 1, fill, 2);
            case "W" -> Integer.toString((at.day() - 1) / 7 + 1);
            case "IW" -> signed(Calendar.isoWeek(at.year(), at.month(), at.day()), fill, 2);
            case "IDDD" -> signed(Calendar.isoDayOfYear(at.year(), at.month(), at.day()), fill, 3);
            case "Q" -> at.month() == 0 ? null : Integer.toString((at.month() - 1) / 3 + 1);
            case "J" -> Integer.toString(Calendar.julian(at.year(), at.month(), at.day()));
            case "CC" -> century(at, fill);
            default -> year(key, fill, at);
        };
    }

    private static String century(Fields at, boolean fill) {
        int century = at.interval() ? at.year() / 100 : at.year() > 0 ? (at.year() - 1) / 100 + 1 : at.year() / 100 - 1;
        return century <= 99 && century >= -99
                ? signed(century, fill, century >= 0 ? 2 : 3)
                : Integer.toString(century);
    }

    private static String year(String key, boolean fill, Fields at) {
        boolean iso = key.startsWith("I");
        int counted = iso ? Calendar.isoYear(at.year(), at.month(), at.day()) : at.year();
        int year = at.interval() || counted > 0 ? counted : 1 - counted;
        if (key.equals("Y,YYY")) {
            int thousands = year / 1000;
            return thousands + "," + padded(year - thousands * 1000, 3);
        }
        int digits = key.length();
        int modulus = switch (digits) {
            case 1 -> 10;
            case 2 -> 100;
            case 3 -> 1000;
            default -> Integer.MAX_VALUE;
        };
        return digits == 1
                ? Integer.toString(year % 10)
                : signed(year % modulus, fill, !at.interval() || at.year() >= 0 ? digits : digits + 1);
    }

    private static String signed(long number, boolean fill, int width) {
        return padded(number, fill ? 0 : width);
    }

    /// With zeros to a width that the sign is part of.
    private static String padded(long number, int width) {
        String digits = Long.toString(Math.abs(number));
        int sign = number < 0 ? 1 : 0;
        return (number < 0 ? "-" : "") + "0".repeat(Math.max(0, width - digits.length() - sign)) + digits;
    }
}
