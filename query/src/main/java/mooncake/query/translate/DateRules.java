package mooncake.query.translate;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import mooncake.query.exact.TimeZones;
import mooncake.query.exact.UnitNames;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Dates and times.
final class DateRules {
    /// Digits after the point that extract shows for the units that have a fraction.
    private static final Map<String, Integer> SCALES = Map.of("second", 6, "milliseconds", 3, "epoch", 6);

    private static final Pattern COLUMN = Pattern.compile("t\\d+\\.c\\d+");

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
        String unit = args.getFirst().literal() == null ? "" : unit(args.getFirst());
        Scalar value = args.get(1);
        String source = source(function);
        boolean date = source.equals("date");
        boolean time = source.equals("time");
        boolean interval = source.equals("interval");
        boolean computed = args.getFirst().literal() == null;
        if (!computed && !UnitNames.isPart(unit, source)) {
            throw Refusal.because("%s of %s is not translated.", unit, source);
        }
        String named = computed ? "mc_part_unit(" + args.getFirst().sql() + ", '" + source + "')" : "'" + unit + "'";
        String zone = source.equals("timestamptz") ? ", " + context.zoneLiteral() : "";
        String sql = "mc_part_" + source + "(" + named + ", " + value.sql() + zone + ")";
        if (function.rule().equals("date_part")) {
            return Scalar.of("mc_part_f8(" + sql + ", " + named + ")", new Form.Plain(Oids.FLOAT8), true);
        }
        if (computed) {
            return Scalar.of(sql, new Form.Free(), true);
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
        boolean interval = function.signature().endsWith(",interval)");
        Scalar name = args.getFirst();
        String type = interval ? "interval" : "timestamp";
        if (name.literal() != null && !UnitNames.isCut(unit(name), type)) {
            throw Refusal.because("date_trunc of %s to %s is not translated.", type, unit(name));
        }
        String unit =
                name.literal() == null ? "mc_trunc_unit(" + name.sql() + ", '" + type + "')" : "'" + unit(name) + "'";
        boolean raises = fails
                || name.literal() == null
                || (args.size() > 2 && args.get(2).literal() == null);
        String value = args.get(1).sql();
        if (interval) {
            return Scalar.of("mc_trunc_interval(" + unit + ", " + value + ")", new Form.Plain(Oids.INTERVAL), raises);
        }
        if (!function.signature().contains("with time zone")) {
            return Scalar.of("mc_trunc_timestamp(" + unit + ", " + value + ")", new Form.Plain(Oids.TIMESTAMP), raises);
        }
        String zone = args.size() == 3 ? zone(args.get(2)) : context.zoneLiteral();
        return Scalar.of(
                "mc_trunc_timestamptz(" + unit + ", " + value + ", " + zone + ")",
                new Form.Plain(Oids.TIMESTAMPTZ),
                raises);
    }

    static Scalar atTimeZone(FunctionTable.Function function, List<Scalar> args, boolean fails) {
        String zone = zone(args.getFirst());
        boolean raises = fails || args.getFirst().literal() == null;
        String value = args.get(1).sql();
        return function.signature().contains("without")
                ? Scalar.of(
                        "mc_timestamp_timestamptz(" + value + ", " + zone + ")",
                        new Form.Plain(Oids.TIMESTAMPTZ),
                        raises)
                : Scalar.of(
                        "mc_timestamptz_timestamp(" + value + ", " + zone + ")",
                        new Form.Plain(Oids.TIMESTAMP),
                        raises);
    }

    private static String zone(Scalar name) {
        if (name.literal() == null) {
            return "mc_zone(" + name.sql() + ")";
        }
        String constant = name.literalText();
        if (constant == null) {
            return "CAST(NULL AS VARCHAR)";
        }
        if (!TimeZones.isUnambiguous(constant)) {
            throw Refusal.because("Time zone %s is not known to mean the same here.", constant);
        }
        return Literals.text(constant);
    }

    private static String unit(Scalar name) {
        String constant = name.literalText();
        String unit = constant == null ? null : UnitNames.find(constant);
        if (unit == null) {
            throw Refusal.because("A unit of time is not known.");
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
