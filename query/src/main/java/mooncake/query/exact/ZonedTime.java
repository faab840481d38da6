package mooncake.query.exact;

import java.math.BigDecimal;
import java.util.Locale;

/// A time of the day in a zone that is a fixed number of seconds ahead of UTC: a value of `timetz`.
///
/// @param micros since midnight there
/// @param offset seconds east of Greenwich
record ZonedTime(long micros, long offset) {
    private static final int DIGITS = 6;
    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;

    /// Microseconds of the last digit, by the number of digits.
    private static final long[] PLACES = {1_000_000, 100_000, 10_000, 1_000, 100, 10, 1};

    static ZonedTime parse(String text) {
        long[] parts = MomentText.timetz(text);
        long offset = -parts[1];
        return new ZonedTime(parts[0] + offset * Timestamps.SECOND, offset);
    }

    /// As Postgres prints it.
    String text() {
        return MomentPrinter.time(micros) + MomentPrinter.offset(offset);
    }

    /// The time after some microseconds, in the same zone.
    ZonedTime plus(long added) {
        long sum = (micros + added) % Timestamps.DAY;
        return new ZonedTime(sum < 0 ? sum + Timestamps.DAY : sum, offset);
    }

    /// The same moment in another zone.
    ZonedTime in(long other) {
        return new ZonedTime(Math.floorMod(micros + (other - offset) * Timestamps.SECOND, Timestamps.DAY), other);
    }

    /// With a number of digits after the point.
    ZonedTime rounded(int digits) {
        long place = PLACES[Math.clamp(digits, 0, DIGITS)];
        return new ZonedTime((micros + place / 2) / place * place, offset);
    }

    /// A number that orders such times as Postgres does: by the moment, then by the zone.
    long rank() {
        return ((micros - offset * Timestamps.SECOND) << 18) - offset;
    }

    /// The moment on a day.
    long on(int date) {
        long midnight = Timestamps.ofDate(date);
        return Timestamps.isFinite(midnight) ? Zone.shifted(midnight, micros - offset * Timestamps.SECOND) : midnight;
    }

    /// A part as `extract` gives it.
    String part(String unit) {
        long seconds = micros / Timestamps.SECOND;
        BigDecimal part = switch (unit.toLowerCase(Locale.ROOT)) {
            case "hour" -> BigDecimal.valueOf(seconds / HOUR);
            case "minute" -> BigDecimal.valueOf(seconds / MINUTE % MINUTE);
            case "second" -> BigDecimal.valueOf(micros % (MINUTE * Timestamps.SECOND), DIGITS);
            case "milliseconds" -> BigDecimal.valueOf(micros % (MINUTE * Timestamps.SECOND), 3);
            case "microseconds" -> BigDecimal.valueOf(micros % (MINUTE * Timestamps.SECOND));
            case "epoch" -> BigDecimal.valueOf(micros - offset * Timestamps.SECOND, DIGITS);
            case "timezone" -> BigDecimal.valueOf(offset);
            case "timezone_hour" -> BigDecimal.valueOf(offset / HOUR);
            case "timezone_minute" -> BigDecimal.valueOf(offset / MINUTE % MINUTE);
            default -> throw Errors.notComputed("the unit " + unit);
        };
        return part.toPlainString();
    }
}
