package mooncake.query.exact;

import java.time.LocalDate;
import java.time.Year;
import java.util.ArrayList;
import java.util.List;
import mooncake.query.exact.ZoneRules.LocalType;
import org.jspecify.annotations.Nullable;

/// Reads a zone written as POSIX does, like `CET-1CEST,M3.5.0,M10.5.0/3` or `<+03>-03`, as `tzparse` of Postgres'
/// localtime.c.
final class PosixZone {
    /// What Postgres takes for a summer time without dates when its installation has no `posixrules`.
    private static final String DEFAULT_DATES = ",M3.2.0,M11.1.0";

    private static final int FIRST_YEAR = 1769;
    private static final int CHANGES_MAX = 1_998;
    private static final int HOUR_SECONDS = 3_600;
    private static final int DAY_SECONDS = 86_400;
    private static final int HOURS_MAX = 24 * 7 - 1;

    private final String text;
    private int at;

    private PosixZone(String text) {
        this.text = text;
    }

    /// The rules, null when the text is no such zone.
    ///
    /// @param defaultDates whether a summer time without dates has the usual ones
    static @Nullable ZoneRules read(String text, boolean defaultDates) {
        try {
            return new PosixZone(text).read(defaultDates);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// A day of the year on which the offset changes, and the second of that day in the offset before.
    private record Date(Kind kind, int month, int week, int day, int second) {
        enum Kind {
            JULIAN_DAY,
            DAY_OF_YEAR,
            MONTH_WEEK_DAY
        }

        /// Seconds from the year's begin, in local time.
        int secondsInto(int year) {
            int dayOfYear = switch (kind) {
                case JULIAN_DAY -> day - 1 + (Year.isLeap(year) && day >= 60 ? 1 : 0);
                case DAY_OF_YEAR -> day;
                case MONTH_WEEK_DAY -> dayOfMonth(year);
            };
            return dayOfYear * DAY_SECONDS + second;
        }

        private int dayOfMonth(int year) {
            LocalDate first = LocalDate.of(year, month, 1);
            int weekday = first.getDayOfWeek().getValue() % 7;
            int found = Math.floorMod(day - weekday, 7);
            for (int i = 1; i < week && found + 7 < first.lengthOfMonth(); i++) {
                found += 7;
            }
            return first.getDayOfYear() - 1 + found;
        }
    }

    private ZoneRules read(boolean defaultDates) {
        String standard = name();
        require(at < text.length());
        int offset = -offset();
        if (at == text.length()) {
            return new ZoneRules(new long[0], new int[0], List.of(new LocalType(offset, false, standard)), 0);
        }
        String daylight = name();
        require(!daylight.isEmpty());
        int summer = at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ';'
                ? -offset()
                : offset + HOUR_SECONDS;
        require(defaultDates || at < text.length());
        PosixZone dates = at == text.length() ? new PosixZone(DEFAULT_DATES) : this;
        dates.require(dates.text.charAt(dates.at) == ',' || dates.text.charAt(dates.at) == ';');
        dates.at++;
        Date start = dates.date();
        dates.require(dates.at < dates.text.length() && dates.text.charAt(dates.at) == ',');
        dates.at++;
        Date end = dates.date();
        dates.require(dates.at == dates.text.length());
        return changes(new LocalType(offset, false, standard), new LocalType(summer, true, daylight), start, end);
    }

    private static ZoneRules changes(LocalType standard, LocalType daylight, Date start, Date end) {
        List<Long> instants = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        for (int year = FIRST_YEAR; instants.size() <= CHANGES_MAX && year <= FIRST_YEAR + CHANGES_MAX; year++) {
            long begin = LocalDate.of(year, 1, 1).toEpochDay() * DAY_SECONDS;
            int from = start.secondsInto(year) - standard.offset();
            int to = end.secondsInto(year) - daylight.offset();
            int yearSeconds = (Year.isLeap(year) ? 366 : 365) * DAY_SECONDS;
            boolean reversed = to < from;
            int length = Math.abs(to - from);
            if (reversed || (length > 0 && length < yearSeconds + daylight.offset() - standard.offset())) {
                instants.add(begin + Math.min(from, to));
                types.add(reversed ? 0 : 1);
                instants.add(begin + Math.max(from, to));
                types.add(reversed ? 1 : 0);
            }
        }
        return instants.isEmpty()
                ? new ZoneRules(new long[0], new int[0], List.of(daylight), 0)
                : new ZoneRules(
                        instants.stream().mapToLong(Long::longValue).toArray(),
                        types.stream().mapToInt(Integer::intValue).toArray(),
                        List.of(standard, daylight),
                        0);
    }

    private void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException(text);
        }
    }

    private String name() {
        int begin = at;
        if (at < text.length() && text.charAt(at) == '<') {
            at = text.indexOf('>', at) + 1;
            require(at > 0);
            return text.substring(begin + 1, at - 1);
        }
        while (at < text.length() && ",-+".indexOf(text.charAt(at)) < 0 && !isDigit()) {
            at++;
        }
        return text.substring(begin, at);
    }

    private boolean isDigit() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    /// Seconds that must be added to local time to get UTC.
    private int offset() {
        boolean negative = at < text.length() && text.charAt(at) == '-';
        if (negative || (at < text.length() && text.charAt(at) == '+')) {
            at++;
        }
        int seconds = number(0, HOURS_MAX) * HOUR_SECONDS;
        if (skip(':')) {
            seconds += number(0, 59) * 60;
            if (skip(':')) {
                seconds += number(0, 60);
            }
        }
        return negative ? -seconds : seconds;
    }

    private boolean skip(char expected) {
        boolean there = at < text.length() && text.charAt(at) == expected;
        at += there ? 1 : 0;
        return there;
    }

    private int number(int min, int max) {
        require(isDigit());
        int number = 0;
        while (isDigit()) {
            number = number * 10 + text.charAt(at++) - '0';
            require(number <= max);
        }
        require(number >= min);
        return number;
    }

    private Date date() {
        Date.Kind kind =
                skip('J') ? Date.Kind.JULIAN_DAY : skip('M') ? Date.Kind.MONTH_WEEK_DAY : Date.Kind.DAY_OF_YEAR;
        int month = 0;
        int week = 0;
        int day = switch (kind) {
            case JULIAN_DAY -> number(1, 365);
            case DAY_OF_YEAR -> number(0, 365);
            case MONTH_WEEK_DAY -> {
                month = number(1, 12);
                require(skip('.'));
                week = number(1, 5);
                require(skip('.'));
                yield number(0, 6);
            }
        };
        int second = skip('/') ? offset() : 2 * HOUR_SECONDS;
        return new Date(kind, month, week, day, second);
    }
}
