package mooncake.query.exact;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import mooncake.model.Check;
import org.jspecify.annotations.Nullable;

/// `extract` and `date_part`: what the first prints for its numeric, and the float of the second.
final class DateParts {
    private static final long MINUTE = 60 * Timestamps.SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final int MONTHS_PER_YEAR = 12;
    private static final int SECOND_SCALE = 6;
    private static final int MILLISECOND_SCALE = 3;

    private DateParts() {}

    /// Null for the cyclic units of an infinite date.
    static @Nullable String ofDate(Unit unit, int date) {
        if (!Timestamps.isFinite(date)) {
            return ofInfinite(unit, date > 0);
        }
        return Long.toString(unit == Unit.EPOCH ? date * (Timestamps.DAY / Timestamps.SECOND) : dayPart(unit, date));
    }

    static @Nullable String ofTimestamp(Unit unit, long timestamp) {
        return Timestamps.isFinite(timestamp) ? ofLocal(unit, timestamp, timestamp) : ofInfinite(unit, timestamp > 0);
    }

    static @Nullable String ofTimestamp(Unit unit, long timestamp, Zone zone) {
        return Timestamps.isFinite(timestamp)
                ? ofLocal(unit, zone.toLocal(timestamp), timestamp)
                : ofInfinite(unit, timestamp > 0);
    }

    static String ofTime(Unit unit, long time) {
        return unit == Unit.EPOCH ? decimal(time, SECOND_SCALE) : timePart(unit, time);
    }

    static String ofInterval(Unit unit, Interval interval) {
        int years = interval.months() / MONTHS_PER_YEAR;
        int months = interval.months() % MONTHS_PER_YEAR;
        return switch (unit) {
            case DAY -> Integer.toString(interval.days());
            case MONTH -> Integer.toString(months);
            case QUARTER -> {
                if (interval.months() < 0) {
                    throw Errors.notComputed("the quarter of a negative interval");
                }
                yield Integer.toString(months / 3 + 1);
            }
            case YEAR -> Integer.toString(years);
            case DECADE -> Integer.toString(years / 10);
            case CENTURY -> Integer.toString(years / 100);
            case MILLENNIUM -> Integer.toString(years / 1000);
            case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> timePart(unit, interval.micros());
            case WEEK, DOW, ISODOW, DOY, ISOYEAR, EPOCH -> throw notOf(unit, "intervals");
        };
    }

    /// The double precision that `date_part` computes from the same fields.
    static double toDouble(Unit unit, String part) {
        if (part.endsWith("Infinity")) {
            return part.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        BigDecimal exact = new BigDecimal(part);
        long unscaled = exact.unscaledValue().longValueExact();
        long seconds = unscaled / Timestamps.SECOND;
        long fraction = unscaled % Timestamps.SECOND;
        return switch (exact.scale()) {
            case 0 -> unscaled;
            case MILLISECOND_SCALE -> seconds * 1000.0 + fraction / 1000.0;
            default -> unit == Unit.EPOCH ? unscaled / 1_000_000.0 : seconds + fraction / 1_000_000.0;
        };
    }

    private static String ofLocal(Unit unit, long local, long instant) {
        return switch (unit) {
            case EPOCH -> decimal(instant, SECOND_SCALE);
            case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR ->
                timePart(unit, Math.floorMod(local, Timestamps.DAY));
            case DAY, WEEK, MONTH, QUARTER, YEAR, DECADE, CENTURY, MILLENNIUM, DOW, ISODOW, DOY, ISOYEAR ->
                Long.toString(dayPart(unit, Math.floorDiv(local, Timestamps.DAY)));
        };
    }

    private static @Nullable String ofInfinite(Unit unit, boolean positive) {
        return unit.isMonotone() ? positive ? "Infinity" : "-Infinity" : null;
    }

    private static String timePart(Unit unit, long micros) {
        return switch (unit) {
            case MICROSECONDS -> Long.toString(micros % MINUTE);
            case MILLISECONDS -> decimal(micros % MINUTE, MILLISECOND_SCALE);
            case SECOND -> decimal(micros % MINUTE, SECOND_SCALE);
            case MINUTE -> Long.toString(micros % HOUR / MINUTE);
            case HOUR -> Long.toString(micros / HOUR);
            case DAY, WEEK, MONTH, QUARTER, YEAR, DECADE, CENTURY, MILLENNIUM, DOW, ISODOW, DOY, ISOYEAR, EPOCH ->
                throw notOf(unit, "times");
        };
    }

    /// Years count without a year 0: the one before 1 is -1.
    private static long dayPart(Unit unit, long day) {
        LocalDate date = LocalDate.ofEpochDay(day);
        int year = date.getYear();
        return switch (unit) {
            case DAY -> date.getDayOfMonth();
            case WEEK -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case MONTH -> date.getMonthValue();
            case QUARTER -> (date.getMonthValue() - 1) / 3 + 1;
            case YEAR -> withoutZero(year);
            case DECADE -> Math.floorDiv(year, 10);
            case CENTURY -> withoutZero(Math.floorDiv(year + 99, 100));
            case MILLENNIUM -> withoutZero(Math.floorDiv(year + 999, 1000));
            case DOW -> date.getDayOfWeek().getValue() % 7;
            case ISODOW -> date.getDayOfWeek().getValue();
            case DOY -> date.getDayOfYear();
            case ISOYEAR -> withoutZero(date.get(IsoFields.WEEK_BASED_YEAR));
            case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR, EPOCH -> throw notOf(unit, "days");
        };
    }

    private static int withoutZero(int number) {
        return number > 0 ? number : number - 1;
    }

    private static String decimal(long unscaled, int scale) {
        return BigDecimal.valueOf(unscaled, scale).toPlainString();
    }

    private static RuntimeException notOf(Unit unit, String kind) {
        Check.that(false, "%s are not asked for the unit %s", kind, unit);
        return new IllegalStateException();
    }
}
