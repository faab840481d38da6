package mooncake.query.exact;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// The fields of a date, a time and a time zone in the forms that are common: ISO 8601, dates with slashes in the
/// session's order, names of months, AM and PM, offsets and names of zones. Other forms are not computed.
///
/// @param micros since midnight
/// @param offset seconds east of Greenwich
record MomentFields(
        LocalDate day,
        @Nullable Long micros,
        @Nullable Integer offset,
        @Nullable Zone zone) {
    private static final List<String> MONTHS = List.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december");
    private static final String TIME =
            "(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,20}))?)?(?:\\s*([AaPp][Mm])(?![A-Za-z]))?";
    private static final String ZONE =
            "(?:\\s*([+-]\\d{1,2}:\\d{2}(?::\\d{2})?|[+-]\\d{1,4}|(?i:Z|UTC|GMT))" + "|\\s+([A-Za-z_]+/[A-Za-z_/]+))?";
    private static final Pattern MOMENT = Pattern.compile("(?<date>[^\\s:T]+?|[^:T]*?[A-Za-z][^:T]*?\\d)"
            + "(?:(?:\\s+|(?<mark>[Tt]))" + TIME + ZONE + ")?(?:\\s+(?<era>[Bb][Cc]|[Aa][Dd]))?");
    private static final Pattern TIME_ALONE = Pattern.compile("[Tt]?" + TIME + ZONE);
    private static final Pattern ISO = Pattern.compile("(\\d{3,7})-(\\d{1,2})-(\\d{1,2})");
    private static final Pattern DIGITS = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");
    private static final Pattern ORDERED = Pattern.compile("(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4,7})");
    private static final Pattern MONTH_FIRST = Pattern.compile("([A-Za-z]+)(?:\\s+|-)(\\d{1,2})(?:,?\\s+|-)(\\d{4})");
    private static final Pattern DAY_FIRST = Pattern.compile("(\\d{1,2})(?:\\s+|-)([A-Za-z]+)(?:\\s+|-)(\\d{4})");
    private static final Pattern YEAR_FIRST = Pattern.compile("(\\d{4})(?:\\s+|-)([A-Za-z]+)(?:\\s+|-)(\\d{1,2})");
    private static final int TIME_GROUP = 3;
    private static final int TIME_PARTS = 5;
    private static final int DAYS_MAX = 31;
    private static final int ABBREVIATION_LENGTH = 3;
    private static final int OFFSET_HOURS_MAX = 15;
    private static final int HOURS_A_DAY = 24;
    private static final int HALF_DAY = 12;
    private static final int FIRST_YEAR = -4713;
    private static final int FIRST_MONTH = 11;

    /// @param order in which dates with slashes name their parts: `MDY`, `DMY` or `YMD`
    static MomentFields parse(String text, String order) {
        String trimmed = text.strip();
        Matcher moment = MOMENT.matcher(trimmed);
        if (!moment.matches()) {
            throw unread(text);
        }
        String date = moment.group("date");
        if (moment.group("mark") != null && !ISO.matcher(date).matches()) {
            throw unread(text);
        }
        Parts parts = parts(date, order, text);
        Zone zone = zone(moment, TIME_GROUP + TIME_PARTS + 1, text);
        Long micros = moment.group(TIME_GROUP) == null ? null : time(moment, TIME_GROUP, text);
        Integer offset = offset(moment, TIME_GROUP + TIME_PARTS, text);
        return new MomentFields(day(parts, "BC".equalsIgnoreCase(moment.group("era")), text), micros, offset, zone);
    }

    /// The numbers of a date, which need not be one.
    private record Parts(int year, int month, int day) {
        static Parts of(String year, String month, String day) {
            return new Parts(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day));
        }
    }

    /// A time that no date comes with, whose zone counts for nothing.
    static long time(String text) {
        Matcher alone = TIME_ALONE.matcher(text.strip());
        if (!alone.matches() || alone.group(TIME_PARTS + 2) != null) {
            throw unread(text);
        }
        long micros = time(alone, 1, text);
        offset(alone, TIME_PARTS + 1, text);
        return micros;
    }

    private static Parts parts(String date, String order, String text) {
        Matcher iso = ISO.matcher(date);
        if (iso.matches()) {
            return Parts.of(iso.group(1), iso.group(2), iso.group(3));
        }
        Matcher digits = DIGITS.matcher(date);
        if (digits.matches()) {
            return Parts.of(digits.group(1), digits.group(2), digits.group(3));
        }
        Matcher ordered = ORDERED.matcher(date);
        if (ordered.matches() && !order.equals("YMD")) {
            boolean monthFirst = order.equals("MDY");
            return Parts.of(ordered.group(4), ordered.group(monthFirst ? 1 : 3), ordered.group(monthFirst ? 3 : 1));
        }
        if (!order.equals("YMD")) {
            Matcher first = MONTH_FIRST.matcher(date);
            if (first.matches()) {
                return Parts.of(first.group(3), month(first.group(1), text), number(first.group(2), text));
            }
            Matcher second = DAY_FIRST.matcher(date);
            if (second.matches()) {
                return Parts.of(second.group(3), month(second.group(2), text), number(second.group(1), text));
            }
            Matcher third = YEAR_FIRST.matcher(date);
            if (third.matches()) {
                return Parts.of(third.group(1), month(third.group(2), text), number(third.group(3), text));
            }
        }
        throw unread(text);
    }

    /// A day beside the name of a month.
    private static String number(String day, String text) {
        int number = Integer.parseInt(day);
        if (number < 1 || number > DAYS_MAX) {
            throw unread(text);
        }
        return day;
    }

    /// The number of a month that is named in full, by three letters or as `sept`.
    private static String month(String name, String text) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < MONTHS.size(); i++) {
            String month = MONTHS.get(i);
            if (month.equals(lower) || (lower.length() == ABBREVIATION_LENGTH && month.startsWith(lower))) {
                return Integer.toString(i + 1);
            }
        }
        if (lower.equals("sept")) {
            return "9";
        }
        throw unread(text);
    }

    private static LocalDate day(Parts parts, boolean before, String text) {
        int y = parts.year();
        int m = parts.month();
        int d = parts.day();
        if (y == 0 || m < 1 || m > HALF_DAY || d < 1) {
            throw outOfRange(text);
        }
        LocalDate first = LocalDate.of(before ? 1 - y : y, m, 1);
        if (d > first.lengthOfMonth()) {
            throw outOfRange(text);
        }
        return first.withDayOfMonth(d);
    }

    /// Whether Postgres has a number for the day; for the first ones no type has room.
    static boolean isNumbered(LocalDate day) {
        return day.getYear() > FIRST_YEAR || (day.getYear() == FIRST_YEAR && day.getMonthValue() >= FIRST_MONTH);
    }

    private static long time(Matcher moment, int group, String text) {
        long hours = Integer.parseInt(moment.group(group));
        int minutes = Integer.parseInt(moment.group(group + 1));
        int seconds = moment.group(group + 2) == null ? 0 : Integer.parseInt(moment.group(group + 2));
        String digits = moment.group(group + 3);
        long fraction = digits == null ? 0 : (long) Math.rint(Double.parseDouble("0." + digits) * Timestamps.SECOND);
        String half = moment.group(group + 4);
        boolean zoned = moment.group(group + TIME_PARTS) != null || moment.group(group + TIME_PARTS + 1) != null;
        if (half != null && zoned) {
            throw unread(text);
        }
        if (minutes > 59 || seconds > 60 || (half != null && hours > HALF_DAY)) {
            throw outOfRange(text);
        }
        if (half != null) {
            hours = hours % HALF_DAY + (half.toLowerCase(Locale.ROOT).equals("pm") ? HALF_DAY : 0);
        }
        long micros = ((hours * 60 + minutes) * 60 + seconds) * Timestamps.SECOND + fraction;
        boolean past = hours == HOURS_A_DAY && (minutes > 0 || seconds > 0 || fraction > 0);
        if (hours > HOURS_A_DAY || past || micros > Timestamps.DAY) {
            throw outOfRange(text);
        }
        return micros;
    }

    private static @Nullable Integer offset(Matcher moment, int group, String text) {
        String offset = moment.group(group);
        if (offset == null) {
            return null;
        }
        if (Character.isLetter(offset.charAt(0))) {
            return 0;
        }
        String[] parts = offset.substring(1).split(":", -1);
        int hours = Integer.parseInt(parts[0]);
        int minutes = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        if (parts.length == 1 && parts[0].length() > 2) {
            minutes = hours % 100;
            hours /= 100;
        }
        int seconds = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
        if (hours > OFFSET_HOURS_MAX || minutes > 59 || seconds > 59) {
            throw new MooncakeException(
                    ErrorCode.ZONE_DISPLACEMENT, "time zone displacement out of range: \"" + text + "\"");
        }
        int size = (hours * 60 + minutes) * 60 + seconds;
        return offset.charAt(0) == '-' ? -size : size;
    }

    private static @Nullable Zone zone(Matcher moment, int group, String text) {
        String name = moment.group(group);
        if (name == null) {
            return null;
        }
        Zone zone = TimeZones.find(name);
        if (zone == null) {
            throw unread(text);
        }
        return zone;
    }

    static MooncakeException outOfRange(String text) {
        return Errors.dateTime("date/time field value out of range: \"" + text + "\"");
    }

    static MooncakeException unread(String text) {
        return Errors.notComputed("the date or time \"" + text + "\"");
    }
}
