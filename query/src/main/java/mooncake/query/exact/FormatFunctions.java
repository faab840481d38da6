package mooncake.query.exact;

import java.time.LocalDate;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;
import mooncake.query.exact.DateFormat.Fields;
import mooncake.query.exact.Template.Node;

/// `mc_char_*`: `to_char` by the type of its first argument; the template is the second.
final class FormatFunctions {
    private static final String TEXT = "VARCHAR";
    private static final int MONTHS_PER_YEAR = 12;
    private static final int DAYS_PER_MONTH = 30;
    private static final long MINUTE = 60 * Timestamps.SECOND;
    private static final long HOUR = 60 * MINUTE;

    private FormatFunctions() {}

    /// The number in one row, formatted.
    private interface Formatted {
        String apply(DuckVector value, int row, NumberTemplate template);
    }

    static List<ExactFunction> all() {
        return List.of(
                new ExactFunction("mc_char_timestamp", List.of("TIMESTAMP", TEXT), TEXT, FormatFunctions::timestamps),
                new ExactFunction(
                        "mc_char_timestamptz", List.of("TIMESTAMPTZ", TEXT, TEXT), TEXT, FormatFunctions::inZone),
                new ExactFunction("mc_number", List.of(TEXT, TEXT, "INTEGER"), TEXT, FormatFunctions::parsedNumbers),
                new ExactFunction("mc_to_date", List.of(TEXT, TEXT, "INTEGER"), "DATE", FormatFunctions::toDates),
                new ExactFunction(
                        "mc_to_timestamp",
                        List.of(TEXT, TEXT, "INTEGER", TEXT),
                        "TIMESTAMPTZ",
                        FormatFunctions::toTimestamps),
                new ExactFunction("mc_char_interval", List.of("INTERVAL", TEXT), TEXT, FormatFunctions::intervals),
                numbers("mc_char_int4", "INTEGER", (in, row, to) -> NumberFormat.ofInt(in.getInt(row), to)),
                numbers("mc_char_int8", "BIGINT", (in, row, to) -> NumberFormat.ofLong(in.getLong(row), to)),
                numbers("mc_char_f8", "DOUBLE", (in, row, to) -> NumberFormat.ofDouble(in.getDouble(row), to)),
                numbers("mc_char_f4", "FLOAT", (in, row, to) -> NumberFormat.ofFloat(in.getFloat(row), to)),
                numbers(
                        "mc_char_num",
                        TEXT,
                        (in, row, to) -> NumberFormat.ofNumeric(Numeric.parse(in.getString(row)), to)));
    }

    private static ExactFunction numbers(String name, String type, Formatted body) {
        return new ExactFunction(name, List.of(type, TEXT), TEXT, (in, rows, out) -> {
            LastSeen<NumberTemplate> template = new LastSeen<>(in[1], NumberTemplate::of);
            VectorFunction.eachRow(
                    in,
                    rows,
                    out,
                    row -> out.setString(
                            row, in[1].stringLength(row) == 0 ? "" : body.apply(in[0], row, template.get(row))));
        });
    }

    private static void parsedNumbers(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<NumberTemplate> template = new LastSeen<>(in[1], NumberTemplate::of);
        VectorFunction.eachRow(in, rows, out, row -> {
            if (in[1].stringLength(row) == 0) {
                out.setNull(row);
            } else {
                Numeric number = NumberParser.parse(in[0].getString(row), template.get(row), in[2].getInt(row));
                out.setString(row, number.text());
            }
        });
    }

    private static void toDates(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<List<Node>> template = new LastSeen<>(in[1], FormatFunctions::dates);
        VectorFunction.eachRow(in, rows, out, row -> {
            String text = in[0].getString(row);
            out.setInt(
                    row,
                    DateScanner.scan(text, template.get(row), in[2].getInt(row)).toDate(text));
        });
    }

    private static void toTimestamps(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<List<Node>> template = new LastSeen<>(in[1], FormatFunctions::dates);
        LastSeen<Zone> zone = new LastSeen<>(in[3], Zone::of);
        VectorFunction.eachRow(in, rows, out, row -> {
            String text = in[0].getString(row);
            DateFields fields = DateScanner.scan(text, template.get(row), in[2].getInt(row));
            out.setLong(row, fields.toTimestamp(text, zone.get(row)));
        });
    }

    private static void timestamps(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<List<Node>> template = new LastSeen<>(in[1], FormatFunctions::dates);
        VectorFunction.eachRow(in, rows, out, row -> {
            long timestamp = in[0].getLong(row);
            if (in[1].stringLength(row) == 0 || !Timestamps.isFinite(timestamp)) {
                out.setNull(row);
            } else {
                out.setString(row, DateFormat.format(template.get(row), fields(timestamp)));
            }
        });
    }

    private static void inZone(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<List<Node>> template = new LastSeen<>(in[1], FormatFunctions::dates);
        LastSeen<Zone> zone = new LastSeen<>(in[2], Zone::of);
        VectorFunction.eachRow(in, rows, out, row -> {
            long timestamp = in[0].getLong(row);
            if (in[1].stringLength(row) == 0 || !Timestamps.isFinite(timestamp)) {
                out.setNull(row);
            } else {
                out.setString(row, DateFormat.format(template.get(row), fields(timestamp, zone.get(row))));
            }
        });
    }

    private static void intervals(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<List<Node>> template = new LastSeen<>(in[1], FormatFunctions::dates);
        VectorFunction.eachRow(in, rows, out, row -> {
            if (in[1].stringLength(row) == 0) {
                out.setNull(row);
            } else {
                out.setString(row, DateFormat.format(template.get(row), fields(TimeFunctions.interval(in[0], row))));
            }
        });
    }

    static List<Node> dates(String template) {
        return Template.ofDates(template, DateFormat.KEYS);
    }

    static Fields fields(long timestamp) {
        return fields(timestamp, null, 0);
    }

    static Fields fields(long timestamp, Zone zone) {
        long offset = zone.offset(timestamp);
        return fields(timestamp + offset, zone.abbreviation(timestamp), (int) (offset / Timestamps.SECOND));
    }

    private static Fields fields(long local, @org.jspecify.annotations.Nullable String zone, int offset) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(local, Timestamps.DAY));
        long time = Math.floorMod(local, Timestamps.DAY);
        return new Fields(
                false,
                day.getYear(),
                day.getMonthValue(),
                day.getDayOfMonth(),
                time / HOUR,
                (int) (time % HOUR / MINUTE),
                (int) (time % MINUTE / Timestamps.SECOND),
                (int) (time % Timestamps.SECOND),
                day.getDayOfWeek().getValue() % 7,
                day.getDayOfYear(),
                zone,
                offset);
    }

    static Fields fields(Interval interval) {
        int year = interval.months() / MONTHS_PER_YEAR;
        int month = interval.months() % MONTHS_PER_YEAR;
        long time = interval.micros();
        return new Fields(
                true,
                year,
                month,
                interval.days(),
                time / HOUR,
                (int) (time % HOUR / MINUTE),
                (int) (time % MINUTE / Timestamps.SECOND),
                (int) (time % Timestamps.SECOND),
                0,
                (year * MONTHS_PER_YEAR + month) * DAYS_PER_MONTH + interval.days(),
                null,
                0);
    }
}
