package mooncake.query.exact;

import java.math.BigInteger;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;

/// Functions of dates, timestamps and intervals.
final class TimeFunctions {
    private static final String TEXT = "VARCHAR";
    private static final String DATE = "DATE";
    private static final String TIME = "TIME";
    private static final String TIMESTAMP = "TIMESTAMP";
    private static final String TIMESTAMPTZ = "TIMESTAMPTZ";
    private static final String INTERVAL = "INTERVAL";

    private TimeFunctions() {}

    /// Writes one row, given the zone that the last argument names.
    interface ZonedRow {
        void apply(DuckVector[] in, int row, WritableVector out, Zone zone);
    }

    static List<ExactFunction> dates() {
        return List.of(
                ExactFunction.ofRows(
                        "mc_date_add",
                        List.of(DATE, "INTEGER"),
                        DATE,
                        (in, row, out) -> out.setInt(row, Timestamps.addDays(in[0].getInt(row), in[1].getInt(row)))),
                ExactFunction.ofRows(
                        "mc_date_subtract",
                        List.of(DATE, "INTEGER"),
                        DATE,
                        (in, row, out) ->
                                out.setInt(row, Timestamps.addDays(in[0].getInt(row), -(long) in[1].getInt(row)))),
                ExactFunction.ofRows(
                        "mc_date_difference",
                        List.of(DATE, DATE),
                        "INTEGER",
                        (in, row, out) ->
                                out.setInt(row, Timestamps.daysBetween(in[0].getInt(row), in[1].getInt(row)))),
                ExactFunction.ofRows(
                        "mc_date_timestamp",
                        List.of(DATE),
                        TIMESTAMP,
                        (in, row, out) -> out.setLong(row, Timestamps.ofDate(in[0].getInt(row)))),
                zoned(
                        "mc_date_timestamptz",
                        List.of(DATE, TEXT),
                        TIMESTAMPTZ,
                        (in, row, out, zone) ->
                                out.setLong(row, zone.fromLocal(Timestamps.ofDate(in[0].getInt(row))))));
    }

    static List<ExactFunction> timestamps() {
        return List.of(
                ExactFunction.ofRows(
                        "mc_timestamp_date",
                        List.of(TIMESTAMP),
                        DATE,
                        (in, row, out) -> out.setInt(row, Timestamps.toDate(in[0].getLong(row)))),
                ExactFunction.ofRows("mc_timestamp_time", List.of(TIMESTAMP), TIME, (in, row, out) -> {
                    long timestamp = in[0].getLong(row);
                    if (Timestamps.isFinite(timestamp)) {
                        out.setLong(row, Math.floorMod(timestamp, Timestamps.DAY));
                    } else {
                        out.setNull(row);
                    }
                }),
                zoned(
                        "mc_timestamptz_date",
                        List.of(TIMESTAMPTZ, TEXT),
                        DATE,
                        (in, row, out, zone) -> out.setInt(row, Timestamps.toDate(zone.toLocal(in[0].getLong(row))))),
                zoned(
                        "mc_timestamptz_timestamp",
                        List.of(TIMESTAMPTZ, TEXT),
                        TIMESTAMP,
                        (in, row, out, zone) -> out.setLong(row, zone.toLocal(in[0].getLong(row)))),
                zoned(
                        "mc_timestamp_timestamptz",
                        List.of(TIMESTAMP, TEXT),
                        TIMESTAMPTZ,
                        (in, row, out, zone) -> out.setLong(row, zone.fromLocal(in[0].getLong(row)))),
                Rows.text("mc_zone", List.of(TEXT), (in, row) -> {
                    String zone = in[0].getString(row);
                    if (!TimeZones.isUnambiguous(zone)) {
                        throw Errors.notComputed("time zone " + zone);
                    }
                    return zone;
                }),
                moved("mc_timestamp_add", false),
                moved("mc_timestamp_subtract", true),
                movedInZone("mc_timestamptz_add", false),
                movedInZone("mc_timestamptz_subtract", true),
                difference("mc_timestamp_difference", TIMESTAMP),
                difference("mc_timestamptz_difference", TIMESTAMPTZ));
    }

    static List<ExactFunction> intervals() {
        return List.of(
                ExactFunction.ofRows(
                        "mc_interval_add",
                        List.of(INTERVAL, INTERVAL),
                        INTERVAL,
                        (in, row, out) -> put(out, row, interval(in[0], row).plus(interval(in[1], row)))),
                ExactFunction.ofRows(
                        "mc_interval_subtract",
                        List.of(INTERVAL, INTERVAL),
                        INTERVAL,
                        (in, row, out) -> put(out, row, interval(in[0], row).minus(interval(in[1], row)))),
                ExactFunction.ofRows(
                        "mc_interval_negate",
                        List.of(INTERVAL),
                        INTERVAL,
                        (in, row, out) -> put(out, row, interval(in[0], row).negated())),
                ExactFunction.ofRows("mc_interval_key", List.of(INTERVAL), "HUGEINT", (in, row, out) -> {
                    BigInteger key = any(in[0], row).key();
                    out.setHuge(row, key.longValue(), key.shiftRight(64).longValueExact());
                }),
                ExactFunction.ofRows(
                        "mc_interval_text",
                        List.of(INTERVAL),
                        TEXT,
                        (in, row, out) -> out.setString(row, any(in[0], row).text())),
                ExactFunction.ofRows(
                        "mc_interval_text",
                        List.of(INTERVAL, "INTEGER"),
                        TEXT,
                        (in, row, out) -> out.setString(row, any(in[0], row).text(in[1].getInt(row)))));
    }

    static ExactFunction zoned(String name, List<String> arguments, String result, ZonedRow body) {
        return new ExactFunction(name, arguments, result, (in, rows, out) -> {
            LastSeen<Zone> zone = new LastSeen<>(in[in.length - 1], Zone::of);
            VectorFunction.eachRow(in, rows, out, row -> body.apply(in, row, out, zone.get(row)));
        });
    }

    private static ExactFunction moved(String name, boolean back) {
        return ExactFunction.ofRows(name, List.of(TIMESTAMP, INTERVAL), TIMESTAMP, (in, row, out) -> {
            Interval by = back ? interval(in[1], row).negated() : interval(in[1], row);
            out.setLong(row, Timestamps.add(in[0].getLong(row), by.months(), by.days(), by.micros()));
        });
    }

    private static ExactFunction movedInZone(String name, boolean back) {
        return zoned(name, List.of(TIMESTAMPTZ, INTERVAL, TEXT), TIMESTAMPTZ, (in, row, out, zone) -> {
            Interval by = back ? interval(in[1], row).negated() : interval(in[1], row);
            out.setLong(row, Timestamps.add(in[0].getLong(row), by.months(), by.days(), by.micros(), zone));
        });
    }

    private static ExactFunction difference(String name, String type) {
        return ExactFunction.ofRows(
                name,
                List.of(type, type),
                INTERVAL,
                (in, row, out) -> put(out, row, Timestamps.difference(in[0].getLong(row), in[1].getLong(row))));
    }

    /// An interval to compute with.
    static Interval interval(DuckVector vector, int row) {
        Interval interval = any(vector, row);
        if (interval.isInfinite()) {
            throw Errors.notComputed("an infinite interval");
        }
        return interval;
    }

    /// Any interval, the infinite ones included.
    static Interval any(DuckVector vector, int row) {
        return new Interval(vector.intervalMonths(row), vector.intervalDays(row), vector.getHigh(row));
    }

    private static void put(WritableVector out, int row, Interval interval) {
        out.setInterval(row, interval.months(), interval.days(), interval.micros());
    }
}
