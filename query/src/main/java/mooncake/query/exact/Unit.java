package mooncake.query.exact;

import java.util.Locale;

/// Units of time, named as the translator names them.
enum Unit {
    MICROSECONDS,
    MILLISECONDS,
    SECOND,
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR,
    DECADE,
    CENTURY,
    MILLENNIUM,
    DOW,
    ISODOW,
    DOY,
    ISOYEAR,
    EPOCH;

    static Unit of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /// Whether the unit counts on for ever, so that an infinite time has an infinite value of it.
    boolean isMonotone() {
        return switch (this) {
            case YEAR, DECADE, CENTURY, MILLENNIUM, ISOYEAR, EPOCH -> true;
            case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, DOW, ISODOW, DOY -> false;
        };
    }
}
