package mooncake.query.translate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import mooncake.query.exact.TimeZones;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Dates and times.
final class DateRules {
    /// The names and abbreviations that Postgres takes for the units that are translated.
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

    /// Digits after the point that extract shows for the units that have a fraction.
    private static final Map<String, Integer> SCALES = Map.of("second", 6, "milliseconds", 3, "epoch", 6);

    private static final Pattern COLUMN = Pattern.compile("t\\d+\\.c\\d+");

    private static final Set<String> WORDS = Set.of("UTC", "GMT");

    private DateRules() {}

    /// A date against a timestamp: a constant timestamp becomes a date, so that the column is compared as it is.
    static Scalar dateAndTimestamp(FunctionTable.Function function, String operator, List<Scalar> args) {
        Scalar left = args.get(0);
        Scalar right = args.get(1);
        boolean dateFirst = left.form() instanceof Form.Plain(int type) && type == Oids.DATE;
        Scalar date = dateFirst ? left : right;
        String constant = (dateFirst ? right : left).literalText();
        boolean fails = ExprSql.anyFails(args);
        if (constant == null) {
            String cast = "mc_date_timestamp(" + date.sql() + ")";
            return Scalar.bool(
                    "(" + (dateFirst ? cast : left.sql()) + " " + operator + " " + (dateFirst ? right.sql() : cast)
                            + ")",
                    true);
        }
        long micros = DateTimes.parseTimestamp(constant);
        boolean finite = Math.abs(micros) != Long.MAX_VALUE;
        int day = finite
                ? Math.toIntExact(Math.floorDiv(micros, DateTimes.DAY_MICROS))
                : micros > 0 ? Integer.MAX_VALUE : -Integer.MAX_VALUE;
        boolean midnight = !finite || Math.floorMod(micros, DateTimes.DAY_MICROS) == 0;
        String seen = dateFirst ? operator : CallSql.mirrored(operator);
        String bound = switch (seen) {
            case "<" -> midnight ? "<" : "<=";
            case ">=" -> midnight ? ">=" : ">";
            case "=", "<>" -> midnight ? seen : "";
            default -> seen;
        };
        if (bound.isEmpty()) {
            String never = seen.equals("=") ? "FALSE" : "TRUE";
            return Scalar.bool("(CASE WHEN " + date.sql() + " IS NOT NULL THEN " + never + " END)", fails);
        }
        return Scalar.bool("(" + date.sql() + " " + bound + " " + Literals.date(day) + ")", fails);
    }

    /// `extract` gives numeric and `date_part` double precision.
    static Scalar extract(FunctionTable.Function function, List<Scalar> args, Context context, boolean fails) {
        String unit = unit(args.getFirst());
        Scalar value = args.get(1);
        String source = source(function);
        boolean date = source.equals("date");
        boolean time = source.equals("time");
        boolean interval = source.equals("interval");
        boolean allowed = switch (unit) {
            case "hour", "minute", "second", "milliseconds", "microseconds" -> !date;
            case "epoch" -> !interval;
            case "week", "dow", "isodow", "doy", "isoyear" -> !time && !interval;
            default -> !time;
        };
        if (!allowed) {
            throw Refusal.because("%s of %s is not translated.", unit, source);
        }
        String zone = source.equals("timestamptz") ? ", " + context.zoneLiteral() : "";
        String sql = "mc_part_" + source + "('" + unit + "', " + value.sql() + zone + ")";
        if (function.rule().equals("date_part")) {
            return Scalar.of("mc_part_f8(" + sql + ", '" + unit + "')", new Form.Plain(Oids.FLOAT8), true);
        }
        int scale = date ? 0 : SCALES.getOrDefault(unit, 0);
        String counted = time || interval || context.allNumericsFree()
                ? null
                : counted(unit, value.sql(), sql, source.equals("timestamptz") ? context.zoneLiteral() : null);
        if (counted != null) {
            Form.Decimal form = Form.Decimal.of(19, 0);
            return Scalar.of("CAST(" + counted + " AS " + form.duckType() + ")", form, fails);
        }
        if (context.allNumericsFree()) {
            return Scalar.of(sql, new Form.Free(), fails);
        }
        Form.Decimal form = Form.Decimal.of(scale == 0 ? 19 : 22, scale);
        return Scalar.of("CAST(" + sql + " AS " + form.duckType() + ")", form, fails);
    }

    /// The units that DuckDB counts like Postgres, which gives null for infinite values; their year is infinite too and
    /// then does not fit, which sends the query to free numerics.
    private static @Nullable String counted(String unit, String value, String part, @Nullable String zone) {
        String local = zone == null ? value : "mc_timestamptz_timestamp(" + value + ", " + zone + ")";
        return switch (unit) {
            case "month", "day", "quarter", "isodow", "hour", "minute" -> unit + "(" + local + ")";
            case "dow" -> "dayofweek(" + local + ")";
            case "doy" -> "dayofyear(" + local + ")";
            case "year" ->
                COLUMN.matcher(local).matches()
                        ? "(CASE WHEN isfinite(" + local + ") THEN CASE WHEN year(" + local + ") > 0 THEN year(" + local
                                + ") ELSE year(" + local + ") - 1 END ELSE CAST(" + part
                                + " AS DECIMAL(19,0)) END)"
                        : null;
            default -> null;
        };
    }

    static Scalar truncate(FunctionTable.Function function, List<Scalar> args, Context context, boolean fails) {
        String unit = unit(args.getFirst());
        switch (unit) {
            case "dow", "isodow", "doy", "isoyear", "epoch" ->
                throw Refusal.because("date_trunc to %s is not translated.", unit);
            default -> {}
        }
        String value = args.get(1).sql();
        if (function.signature().endsWith(",interval)")) {
            if (unit.equals("week")) {
                throw Refusal.because("Intervals are not cut off at weeks.");
            }
            return Scalar.of("mc_trunc_interval('" + unit + "', " + value + ")", new Form.Plain(Oids.INTERVAL), fails);
        }
        if (!function.signature().contains("with time zone")) {
            return Scalar.of(
                    "mc_trunc_timestamp('" + unit + "', " + value + ")", new Form.Plain(Oids.TIMESTAMP), fails);
        }
        String zone = args.size() == 3 ? zone(args.get(2)) : context.zoneLiteral();
        return Scalar.of(
                "mc_trunc_timestamptz('" + unit + "', " + value + ", " + zone + ")",
                new Form.Plain(Oids.TIMESTAMPTZ),
                fails);
    }

    static Scalar atTimeZone(FunctionTable.Function function, List<Scalar> args, boolean fails) {
        String zone = zone(args.getFirst());
        String value = args.get(1).sql();
        return function.signature().contains("without")
                ? Scalar.of(
                        "mc_timestamp_timestamptz(" + value + ", " + zone + ")",
                        new Form.Plain(Oids.TIMESTAMPTZ),
                        fails)
                : Scalar.of(
                        "mc_timestamptz_timestamp(" + value + ", " + zone + ")", new Form.Plain(Oids.TIMESTAMP), fails);
    }

    private static String zone(Scalar name) {
        String constant = name.literalText();
        if (constant == null) {
            throw Refusal.because("A time zone that is not constant is not translated.");
        }
        // A word may also be an abbreviation, whose meaning is a setting.
        boolean word = constant.chars().allMatch(Character::isLetter);
        if ((word && !WORDS.contains(constant.toUpperCase(Locale.ROOT))) || !TimeZones.isKnown(constant)) {
            throw Refusal.because("Time zone %s is not known to mean the same here.", constant);
        }
        return Literals.text(constant);
    }

    private static String unit(Scalar name) {
        String constant = name.literalText();
        String unit = constant == null ? null : UNITS.get(constant.toLowerCase(Locale.ROOT));
        if (unit == null) {
            throw Refusal.because("A unit of time is not known or not constant.");
        }
        return unit;
    }

    private static String source(FunctionTable.Function function) {
        String signature = function.signature();
        String type = signature.substring(signature.indexOf(',') + 1, signature.indexOf(')'));
        return switch (type) {
            case "date" -> "date";
            case "time without time zone" -> "time";
            case "timestamp without time zone" -> "timestamp";
            case "timestamp with time zone" -> "timestamptz";
            case "interval" -> "interval";
            default -> throw Refusal.because("Function %s is not translated.", signature);
        };
    }
}
