package mooncake.query.exact;

import java.time.LocalDate;
import java.time.temporal.JulianFields;

/// What `to_date` and `to_timestamp` read: 0 is a field that was not named, or was named as 0, which is the same.
final class DateFields {
    private static final int SECONDS_PER_HOUR = 3600;
    private static final int ZONE_HOUR_MAX = 15;
    private static final int MICROS_DIGITS = 6;
    private static final int[][] DAYS_BEFORE = {
        {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
        {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366}
    };

    int era;
    int afternoon;
    boolean twelveHours;
    int hour;
    int minute;
    int second;
    int millis;
    int micros;
    int fraction;
    int secondOfDay;
    int year;
    int yearDigits;
    int century;
    int month;
    int day;
    int weekDay;
    int dayOfYear;
    int week;
    int weekOfMonth;
    int julian;
    int zoneSign;
    int zoneHour;
    int zoneMinute;
    private boolean hasCalendar;
    private boolean iso;

    void setIso(boolean wanted) {
        if (hasCalendar && iso != wanted) {
            throw Errors.invalidDateTime("invalid combination of date conventions");
        }
        hasCalendar = true;
        iso = wanted;
    }

    /// The date in Postgres' fields, year 0 being the one before 1.
    private int tmYear;

    private int tmMonth = 1;
    private int tmDay = 1;
    private boolean knowsYear;
    private boolean knowsMonth;
    private boolean knowsDay;

    /// The days since 1970 of `to_date`.
    int toDate(String text) {
        resolve(text);
        long days = julianDay() - JulianFields.JULIAN_DAY.getFrom(LocalDate.EPOCH);
        if (tmYear < -4713 || tmYear > 5_874_897 || days < Timestamps.FIRST_DAY || days > Timestamps.LAST_DATE) {
            throw Errors.dateTime("date out of range: \"" + text + "\"");
        }
        return (int) days;
    }

    /// The instant of `to_timestamp`.
    long toTimestamp(String text, Zone zone) {
        long micros = resolve(text);
        if (tmYear < -4713 || tmYear > 294_276) {
            throw Errors.timestampOutOfRange();
        }
        long days = julianDay() - JulianFields.JULIAN_DAY.getFrom(LocalDate.EPOCH);
        long local = Timestamps.of(days, micros);
        long instant;
        if (zoneSign == 0) {
            instant = zone.fromLocal(local);
        } else {
            long offset = zoneSign * (zoneHour * 60L + zoneMinute) * 60 * Timestamps.SECOND;
            instant = Zone.shifted(local, -offset);
        }
        return fraction > 0 && fraction < MICROS_DIGITS ? Ages.round(instant, fraction) : instant;
    }

    private long julianDay() {
        return Calendar.julian(tmYear, tmMonth, tmDay);
    }

    /// Fills in the date; the microseconds since midnight.
    private long resolve(String text) {
        int hours = secondOfDay / SECONDS_PER_HOUR;
        int minutes = secondOfDay % SECONDS_PER_HOUR / 60;
        int seconds = secondOfDay % 60;
        seconds = second != 0 ? second : seconds;
        minutes = minute != 0 ? minute : minutes;
        hours = hour != 0 ? hour : hours;
        if (twelveHours) {
            if (hours < 1 || hours > 12) {
                throw Errors.invalidDateTime("hour \"" + hours + "\" is invalid for the 12-hour clock");
            }
            hours = hours % 12 + (afternoon != 0 ? 12 : 0);
        }
        resolveYear();
        resolveDay();
        long fractions = millis * 1000L + micros;
        boolean time = hours >= 0
                && hours < 24
                && minutes >= 0
                && minutes < 60
                && seconds >= 0
                && seconds < 60
                && fractions >= 0
                && fractions < Timestamps.SECOND;
        if (!isDate() || !time) {
            throw Errors.dateTime("date/time field value out of range: \"" + text + "\"");
        }
        boolean zone = zoneHour >= 0 && zoneHour <= ZONE_HOUR_MAX && zoneMinute >= 0 && zoneMinute < 60;
        if (zoneSign != 0 && !zone) {
            throw new mooncake.model.MooncakeException(
                    mooncake.model.ErrorCode.ZONE_DISPLACEMENT,
                    "time zone displacement out of range: \"" + text + "\"");
        }
        return ((hours * 60L + minutes) * 60 + seconds) * Timestamps.SECOND + fractions;
    }

    private void resolveYear() {
        int signedCentury = era != 0 ? -century : century;
        if (year != 0) {
            knowsYear = true;
            if (century != 0 && yearDigits <= 2) {
                tmYear = year % 100;
                if (tmYear == 0) {
                    tmYear = signedCentury * 100 + (signedCentury >= 0 ? 0 : 1);
                } else if (signedCentury >= 0) {
                    tmYear += (signedCentury - 1) * 100;
                } else {
                    tmYear = (signedCentury + 1) * 100 - tmYear + 1;
                }
                return;
            }
            tmYear = era != 0 ? -year : year;
            if (tmYear < 0) {
                tmYear++;
            }
        } else if (century != 0) {
            knowsYear = true;
            tmYear = signedCentury >= 0 ? (signedCentury - 1) * 100 + 1 : signedCentury * 100 + 1;
        }
    }

    private void resolveDay() {
        if (julian != 0) {
            setJulian(julian);
        }
        if (week != 0) {
            if (iso) {
                int monday = Calendar.firstWeek(tmYear) + (week - 1) * 7;
                setJulian(monday + (weekDay == 0 ? 0 : weekDay > 1 ? weekDay - 2 : 6));
            } else {
                dayOfYear = (week - 1) * 7 + 1;
            }
        }
        if (weekOfMonth != 0) {
            day = (weekOfMonth - 1) * 7 + 1;
        }
        if (day != 0) {
            tmDay = day;
            knowsDay = true;
        }
        if (month != 0) {
            tmMonth = month;
            knowsMonth = true;
        }
        if (dayOfYear != 0 && (tmMonth <= 1 || tmDay <= 1)) {
            resolveDayOfYear();
        }
    }

    private void resolveDayOfYear() {
        if (tmYear == 0 && era == 0) {
            throw Errors.invalidDateTime("cannot calculate day of year without year information");
        }
        if (iso) {
            setJulian(Calendar.firstWeek(tmYear) - 1 + dayOfYear);
            return;
        }
        int[] before = DAYS_BEFORE[isLeap() ? 1 : 0];
        int found = 1;
        while (found <= 12 && dayOfYear > before[found]) {
            found++;
        }
        if (tmMonth <= 1) {
            tmMonth = found;
        }
        if (tmDay <= 1) {
            tmDay = dayOfYear - before[found - 1];
        }
        knowsMonth = true;
        knowsDay = true;
    }

    private void setJulian(int number) {
        LocalDate date = LocalDate.MIN.with(JulianFields.JULIAN_DAY, number);
        tmYear = date.getYear();
        tmMonth = date.getMonthValue();
        tmDay = date.getDayOfMonth();
        knowsYear = true;
        knowsMonth = true;
        knowsDay = true;
    }

    private boolean isLeap() {
        return java.time.Year.isLeap(tmYear);
    }

    private boolean isDate() {
        if (knowsMonth && (tmMonth < 1 || tmMonth > 12)) {
            return false;
        }
        if (knowsDay && (tmDay < 1 || tmDay > 31)) {
            return false;
        }
        return !(knowsYear && knowsMonth && knowsDay)
                || tmDay
                        <= java.time.YearMonth.of(Math.clamp(tmYear, -999_999, 9_999_999), tmMonth)
                                .lengthOfMonth();
    }
}
