package mooncake.query.exact;

import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Arithmetic of intervals that moves amounts from field to field.
final class Intervals {
    private static final int DAYS_PER_MONTH = 30;
    private static final int MONTHS_PER_YEAR = 12;
    private static final int DAYS_PER_WEEK = 7;
    private static final double SECONDS_PER_DAY = 86_400;
    private static final double MICROS_PER_SECOND = 1_000_000;
    private static final long MINUTE = 60 * Timestamps.SECOND;
    private static final long HOUR = 60 * MINUTE;

    private static final int MONTH = 1 << 1;
    private static final int YEAR = 1 << 2;
    private static final int DAY = 1 << 3;
    private static final int HOURS = 1 << 10;
    private static final int MINUTES = 1 << 11;
    private static final int SECONDS = 1 << 12;
    private static final int FULL_RANGE = 0x7fff;
    private static final int FULL_PRECISION = 0xffff;
    private static final int PRECISION_MAX = 6;

    private Intervals() {}

    static Interval justifyHours(Interval a) {
        long days = a.days() + a.micros() / Timestamps.DAY;
        return balanced(a.months(), days, a.micros() % Timestamps.DAY);
    }

    static Interval justifyDays(Interval a) {
        int days = a.days() % DAYS_PER_MONTH;
        long months = (long) a.months() + a.days() / DAYS_PER_MONTH;
        if (months > 0 && days < 0) {
            return of(months - 1, days + DAYS_PER_MONTH, a.micros());
        }
        return months < 0 && days > 0
                ? of(months + 1, days - DAYS_PER_MONTH, a.micros())
                : of(months, days, a.micros());
    }

    static Interval justify(Interval a) {
        long allDays = a.days() + a.micros() / Timestamps.DAY;
        long micros = a.micros() % Timestamps.DAY;
        long months = a.months() + allDays / DAYS_PER_MONTH;
        long days = allDays % DAYS_PER_MONTH;
        if (months > 0 && (days < 0 || (days == 0 && micros < 0))) {
            days += DAYS_PER_MONTH;
            months--;
        } else if (months < 0 && (days > 0 || (days == 0 && micros > 0))) {
            days -= DAYS_PER_MONTH;
            months++;
        }
        return balanced(months, days, micros);
    }

    /// Days and time of one sign.
    private static Interval balanced(long months, long days, long micros) {
        if (days > 0 && micros < 0) {
            return of(months, days - 1, micros + Timestamps.DAY);
        }
        return days < 0 && micros > 0 ? of(months, days + 1, micros - Timestamps.DAY) : of(months, days, micros);
    }

    private static Interval of(long months, long days, long micros) {
        if (months != (int) months || days != (int) days) {
            throw Errors.intervalOutOfRange();
        }
        return new Interval((int) months, (int) days, micros);
    }

    static Interval times(Interval a, double factor) {
        return scaled(a, factor, a.months() * factor, a.days() * factor, a.micros() * factor);
    }

    static Interval dividedBy(Interval a, double divisor) {
        if (divisor == 0) {
            throw Errors.divisionByZero();
        }
        return scaled(a, divisor, a.months() / divisor, a.days() / divisor, a.micros() / divisor);
    }

    /// Fractions of months become days and those of days time.
    private static Interval scaled(Interval from, double by, double months, double days, double micros) {
        if (Double.isInfinite(by) || Double.isNaN(by)) {
            throw Errors.notComputed("an interval times " + by + " of " + from.text());
        }
        int wholeMonths = toInt(months);
        int wholeDays = toInt(days);
        double monthDays = rounded((months - wholeMonths) * DAYS_PER_MONTH);
        double seconds = rounded((days - wholeDays + monthDays - (int) monthDays) * SECONDS_PER_DAY);
        long sumDays = wholeDays;
        if (Math.abs(seconds) >= SECONDS_PER_DAY) {
            int more = (int) (seconds / SECONDS_PER_DAY);
            sumDays += more;
            seconds -= more * SECONDS_PER_DAY;
        }
        sumDays += (int) monthDays;
        double time = Math.rint(micros + seconds * MICROS_PER_SECOND);
        if (!(time >= Long.MIN_VALUE && time < -(double) Long.MIN_VALUE)) {
            throw Errors.intervalOutOfRange();
        }
        return of(wholeMonths, sumDays, (long) time);
    }

    private static int toInt(double value) {
        if (!(value <= Integer.MAX_VALUE && value >= Integer.MIN_VALUE)) {
            throw Errors.intervalOutOfRange();
        }
        return (int) value;
    }

    private static double rounded(double value) {
        return Math.rint(value * MICROS_PER_SECOND) / MICROS_PER_SECOND;
    }

    /// Cut off at a unit.
    static Interval truncate(Unit unit, Interval a) {
        int years = a.months() / MONTHS_PER_YEAR;
        return switch (unit) {
            case MILLENNIUM -> ofYears(years / 1000 * 1000);
            case CENTURY -> ofYears(years / 100 * 100);
            case DECADE -> ofYears(years / 10 * 10);
            case YEAR -> ofYears(years);
            case QUARTER -> new Interval(a.months() / 3 * 3, 0, 0);
            case MONTH -> new Interval(a.months(), 0, 0);
            case DAY -> new Interval(a.months(), a.days(), 0);
            case HOUR -> ofTime(a, HOUR);
            case MINUTE -> ofTime(a, MINUTE);
            case SECOND -> ofTime(a, Timestamps.SECOND);
            case MILLISECONDS -> ofTime(a, 1000);
            case MICROSECONDS -> a;
            case WEEK, DOW, ISODOW, DOY, ISOYEAR, EPOCH -> throw new IllegalStateException(unit + " of intervals");
        };
    }

    private static Interval ofYears(int years) {
        return new Interval(years * MONTHS_PER_YEAR, 0, 0);
    }

    private static Interval ofTime(Interval a, long unit) {
        return new Interval(a.months(), a.days(), a.micros() / unit * unit);
    }

    /// The cast to `interval FIELDS (p)`.
    static Interval typmod(Interval a, int typmod) {
        if (typmod < 0) {
            return a;
        }
        int range = typmod >> 16 & FULL_RANGE;
        Interval cut = switch (range) {
            case YEAR -> ofYears(a.months() / MONTHS_PER_YEAR);
            case MONTH, YEAR | MONTH -> new Interval(a.months(), 0, 0);
            case DAY -> new Interval(a.months(), a.days(), 0);
            case HOURS, DAY | HOURS -> ofTime(a, HOUR);
            case MINUTES, HOURS | MINUTES, DAY | HOURS | MINUTES -> ofTime(a, MINUTE);
            case FULL_RANGE, SECONDS, MINUTES | SECONDS, HOURS | MINUTES | SECONDS, DAY | HOURS | MINUTES | SECONDS ->
                a;
            default -> throw new MooncakeException(ErrorCode.UNKNOWN_TYPMOD, "unrecognized interval typmod: " + typmod);
        };
        int precision = typmod & FULL_PRECISION;
        if (precision != FULL_PRECISION && precision > PRECISION_MAX) {
            throw Errors.invalidParameter("interval(" + precision + ") precision must be between 0 and 6");
        }
        return new Interval(cut.months(), cut.days(), Ages.roundMicros(cut.micros(), precision));
    }

    /// What `make_interval` makes; majors before 17 let whole numbers wrap around.
    static Interval make(int[] fields, double seconds, int major) {
        if (Double.isInfinite(seconds) || Double.isNaN(seconds)) {
            throw Errors.intervalOutOfRange();
        }
        double micros = Math.rint(seconds * MICROS_PER_SECOND);
        boolean fits = micros >= Long.MIN_VALUE && micros < -(double) Long.MIN_VALUE;
        if (major < Ages.FIRST_INFINITE) {
            return new Interval(
                    fields[0] * MONTHS_PER_YEAR + fields[1],
                    fields[2] * DAYS_PER_WEEK + fields[3],
                    fields[4] * HOUR + fields[5] * MINUTE + (fits ? (long) micros : Long.MIN_VALUE));
        }
        if (!fits) {
            throw Errors.intervalOutOfRange();
        }
        try {
            return new Interval(
                    Math.addExact(Math.multiplyExact(fields[0], MONTHS_PER_YEAR), fields[1]),
                    Math.addExact(Math.multiplyExact(fields[2], DAYS_PER_WEEK), fields[3]),
                    Math.addExact(fields[4] * HOUR + fields[5] * MINUTE, (long) micros));
        } catch (ArithmeticException _) {
            throw Errors.intervalOutOfRange();
        }
    }
}
