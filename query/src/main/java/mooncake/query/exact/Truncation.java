package mooncake.query.exact;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import mooncake.model.Check;

/// `date_trunc`.
final class Truncation {
    private static final long MILLISECOND = 1000;
    private static final long MINUTE = 60 * Timestamps.SECOND;
    private static final long HOUR = 60 * MINUTE;

    private Truncation() {}

    static long truncate(Unit unit, long timestamp) {
        return Timestamps.isFinite(timestamp) ? local(unit, timestamp) : timestamp;
    }

    /// Times of day are cut in the offset of the instant itself, dates in the one of where they begin.
    static long truncate(Unit unit, long timestamp, Zone zone) {
        if (!Timestamps.isFinite(timestamp)) {
            return timestamp;
        }
        long offset = zone.offset(timestamp);
        long truncated = local(unit, Zone.shifted(timestamp, offset));
        return step(unit) > 0 ? Zone.shifted(truncated, -offset) : zone.fromLocal(truncated);
    }

    private static long local(Unit unit, long timestamp) {
        long step = step(unit);
        if (step > 0) {
            return timestamp - Math.floorMod(timestamp, step);
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(timestamp, Timestamps.DAY));
        return Timestamps.of(day(unit, date).toEpochDay(), 0);
    }

    /// Microseconds of the units below a day, else 0.
    private static long step(Unit unit) {
        return switch (unit) {
            case MICROSECONDS -> 1;
            case MILLISECONDS -> MILLISECOND;
            case SECOND -> Timestamps.SECOND;
            case MINUTE -> MINUTE;
            case HOUR -> HOUR;
            case DAY, WEEK, MONTH, QUARTER, YEAR, DECADE, CENTURY, MILLENNIUM, DOW, ISODOW, DOY, ISOYEAR, EPOCH -> 0;
        };
    }

    /// Centuries and millennia begin with years that end in 1, decades with ones that end in 0.
    private static LocalDate day(Unit unit, LocalDate date) {
        int year = date.getYear();
        return switch (unit) {
            case DAY -> date;
            case WEEK -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> date.withDayOfMonth(1);
            case QUARTER -> LocalDate.of(year, (date.getMonthValue() - 1) / 3 * 3 + 1, 1);
            case YEAR -> LocalDate.of(year, 1, 1);
            case DECADE -> LocalDate.of(year - Math.floorMod(year, 10), 1, 1);
            case CENTURY -> LocalDate.of(year - Math.floorMod(year - 1, 100), 1, 1);
            case MILLENNIUM -> LocalDate.of(year - Math.floorMod(year - 1, 1000), 1, 1);
            case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR, DOW, ISODOW, DOY, ISOYEAR, EPOCH -> {
                Check.that(false, "nothing is truncated to %s", unit);
                yield date;
            }
        };
    }
}
