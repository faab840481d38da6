package mooncake.query.exact;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What units of time are called, and which of them values of a type have.
public final class UnitNames {
    /// The names and abbreviations that Postgres takes for the units that are computed.
    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("year", "year"),
            Map.entry("years", "year"),
            Map.entry("y", "year"),
            Map.entry("quarter", "quarter"),
            Map.entry("month", "month"),
            Map.entry("months", "month"),
            Map.entry("mon", "month"),
            Map.entry("mons", "month"),
            Map.entry("week", "week"),
            Map.entry("weeks", "week"),
            Map.entry("day", "day"),
            Map.entry("days", "day"),
            Map.entry("hour", "hour"),
            Map.entry("hours", "hour"),
            Map.entry("minute", "minute"),
            Map.entry("minutes", "minute"),
            Map.entry("second", "second"),
            Map.entry("seconds", "second"),
            Map.entry("millisecond", "milliseconds"),
            Map.entry("milliseconds", "milliseconds"),
            Map.entry("microsecond", "microseconds"),
            Map.entry("microseconds", "microseconds"),
            Map.entry("decade", "decade"),
            Map.entry("century", "century"),
            Map.entry("millennium", "millennium"),
            Map.entry("dow", "dow"),
            Map.entry("isodow", "isodow"),
            Map.entry("doy", "doy"),
            Map.entry("isoyear", "isoyear"),
            Map.entry("epoch", "epoch"));

    private UnitNames() {}

    /// The unit that a name means, null when none that is computed.
    public static @Nullable String find(String name) {
        return UNITS.get(name.toLowerCase(Locale.ROOT));
    }

    /// Whether `extract` takes a unit from values of a type.
    ///
    /// @param type `date`, `time`, `timestamp`, `timestamptz` or `interval`
    public static boolean isPart(String unit, String type) {
        boolean date = type.equals("date");
        boolean time = type.equals("time");
        boolean interval = type.equals("interval");
        return switch (unit) {
            case "hour", "minute", "second", "milliseconds", "microseconds" -> !date;
            case "epoch" -> !interval;
            case "week", "dow", "isodow", "doy", "isoyear" -> !time && !interval;
            default -> !time;
        };
    }

    /// Whether `date_trunc` cuts values of a type off at a unit.
    public static boolean isCut(String unit, String type) {
        return switch (unit) {
            case "dow", "isodow", "doy", "isoyear", "epoch" -> false;
            case "week" -> !type.equals("interval");
            default -> true;
        };
    }

    /// `mc_part_unit` and `mc_trunc_unit`: the unit that a name of a row means for values of a type.
    static List<ExactFunction> all() {
        return List.of(named("mc_part_unit", UnitNames::isPart), named("mc_trunc_unit", UnitNames::isCut));
    }

    private interface Use {
        boolean allows(String unit, String type);
    }

    private static ExactFunction named(String name, Use use) {
        return Rows.text(name, List.of(Rows.TEXT, Rows.TEXT), (in, row) -> {
            String unit = find(in[0].getString(row));
            if (unit == null || !use.allows(unit, in[1].getString(row))) {
                throw Errors.notComputed("the unit " + in[0].getString(row));
            }
            return unit;
        });
    }
}
