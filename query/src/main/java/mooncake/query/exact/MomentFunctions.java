package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;

/// Functions that make, round, bin and compare moments and intervals.
final class MomentFunctions {
    private static final String INTEGER = "INTEGER";
    private static final String DOUBLE = "DOUBLE";
    private static final String TEXT = "VARCHAR";
    private static final String DATE = "DATE";
    private static final String TIME = "TIME";
    private static final String TIMESTAMP = "TIMESTAMP";
    private static final String TIMESTAMPTZ = "TIMESTAMPTZ";
    private static final String INTERVAL = "INTERVAL";

    private MomentFunctions() {}

    /// An interval out of another.
    private interface OfInterval {
        Interval apply(Interval value);
    }

    /// An interval out of another and a number.
    private interface WithNumber {
        Interval apply(Interval value, double number);
    }

    /// A moment out of another and a whole number.
    private interface WithInteger {
        long apply(long moment, int number);
    }

    /// A moment out of two.
    private interface OfTwo {
        long apply(long a, long b);
    }

    static List<ExactFunction> all() {
        List<ExactFunction> all = new ArrayList<>();
        all.addAll(moments());
        all.addAll(makers());
        all.addAll(intervals());
        return all;
    }

    private static List<ExactFunction> moments() {
        return List.of(
                ExactFunction.ofRows(
                        "mc_timestamp_age", List.of(TIMESTAMP, TIMESTAMP, INTEGER), INTERVAL, (in, row, out) -> {
                            long a = in[0].getLong(row);
                            long b = in[1].getLong(row);
                            put(out, row, Ages.age(a, b, a, b, in[2].getInt(row)));
                        }),
                new ExactFunction(
                        "mc_timestamptz_age",
                        List.of(TIMESTAMPTZ, TIMESTAMPTZ, INTEGER, TEXT),
                        INTERVAL,
                        MomentFunctions::ageInZone),
                bin("mc_timestamp_bin", TIMESTAMP),
                bin("mc_timestamptz_bin", TIMESTAMPTZ),
                withInteger("mc_timestamp_round", TIMESTAMP, Ages::round),
                withInteger("mc_timestamptz_round", TIMESTAMPTZ, Ages::round),
                withInteger("mc_time_round", TIME, Ages::roundMicros),
                ofTwo("mc_date_time", List.of(TIMESTAMP, TIME), TIMESTAMP, MomentFunctions::plusTime),
                ExactFunction.ofRows(
                        "mc_time_difference",
                        List.of(TIME, TIME),
                        INTERVAL,
                        (in, row, out) -> put(out, row, new Interval(0, 0, in[0].getLong(row) - in[1].getLong(row)))),
                ExactFunction.ofRows(
                        "mc_time_interval",
                        List.of(TIME),
                        INTERVAL,
                        (in, row, out) -> put(out, row, new Interval(0, 0, in[0].getLong(row)))),
                ExactFunction.ofRows(
                        "mc_time_add",
                        List.of(TIME, INTERVAL),
                        TIME,
                        (in, row, out) -> out.setLong(
                                row,
                                ofDay(in[0].getLong(row), interval(in[1], row).micros()))),
                ExactFunction.ofRows(
                        "mc_time_subtract",
                        List.of(TIME, INTERVAL),
                        TIME,
                        (in, row, out) -> out.setLong(
                                row,
                                ofDay(in[0].getLong(row), -interval(in[1], row).micros()))),
                ExactFunction.ofRows(
                        "mc_interval_time",
                        List.of(INTERVAL),
                        TIME,
                        (in, row, out) ->
                                out.setLong(row, ofDay(0, interval(in[0], row).micros()))),
                shifted("mc_timestamp_shift", TIMESTAMP, TIMESTAMPTZ, -1),
                shifted("mc_timestamptz_shift", TIMESTAMPTZ, TIMESTAMP, 1),
                bound("mc_date_bound", DATE),
                bound("mc_timestamp_bound", TIMESTAMP));
    }

    private static List<ExactFunction> makers() {
        return List.of(
                ExactFunction.ofRows(
                        "mc_make_date",
                        List.of(INTEGER, INTEGER, INTEGER),
                        DATE,
                        (in, row, out) ->
                                out.setInt(row, Makers.date(in[0].getInt(row), in[1].getInt(row), in[2].getInt(row)))),
                ExactFunction.ofRows(
                        "mc_make_time",
                        List.of(INTEGER, INTEGER, DOUBLE),
                        TIME,
                        (in, row, out) -> out.setLong(
                                row, Makers.time(in[0].getInt(row), in[1].getInt(row), in[2].getDouble(row)))),
                ExactFunction.ofRows(
                        "mc_make_timestamp",
                        List.of(INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, DOUBLE),
                        TIMESTAMP,
                        (in, row, out) -> out.setLong(row, Makers.timestamp(fields(in, row, 5), in[5].getDouble(row)))),
                ExactFunction.ofRows(
                        "mc_make_interval",
                        List.of(INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, DOUBLE, INTEGER),
                        INTERVAL,
                        (in, row, out) -> put(
                                out, row, Intervals.make(fields(in, row, 6), in[6].getDouble(row), in[7].getInt(row)))),
                ExactFunction.ofRows(
                        "mc_f8_timestamptz",
                        List.of(DOUBLE),
                        TIMESTAMPTZ,
                        (in, row, out) -> out.setLong(row, Makers.instant(in[0].getDouble(row)))));
    }

    private static List<ExactFunction> intervals() {
        return List.of(
                ofInterval("mc_interval_justify_hours", Intervals::justifyHours),
                ofInterval("mc_interval_justify_days", Intervals::justifyDays),
                ofInterval("mc_interval_justify", Intervals::justify),
                withNumber("mc_interval_times", Intervals::times),
                withNumber("mc_interval_div", Intervals::dividedBy),
                ExactFunction.ofRows(
                        "mc_interval_typmod",
                        List.of(INTERVAL, INTEGER),
                        INTERVAL,
                        (in, row, out) ->
                                put(out, row, Intervals.typmod(TimeFunctions.any(in[0], row), in[1].getInt(row)))),
                new ExactFunction("mc_trunc_interval", List.of(TEXT, INTERVAL), INTERVAL, MomentFunctions::truncate),
                ExactFunction.ofRows(
                        "mc_interval_finite",
                        List.of(INTERVAL, INTEGER),
                        "BOOLEAN",
                        (in, row, out) -> out.setBoolean(
                                row,
                                in[1].getInt(row) < Ages.FIRST_INFINITE
                                        || !TimeFunctions.any(in[0], row).isInfinite())));
    }

    private static int[] fields(DuckVector[] in, int row, int count) {
        int[] fields = new int[count];
        for (int i = 0; i < count; i++) {
            fields[i] = in[i].getInt(row);
        }
        return fields;
    }

    private static void ageInZone(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<Zone> zone = new LastSeen<>(in[3], Zone::of);
        VectorFunction.eachRow(in, rows, out, row -> {
            long a = in[0].getLong(row);
            long b = in[1].getLong(row);
            Zone at = zone.get(row);
            put(out, row, Ages.age(a, b, at.toLocal(a), at.toLocal(b), in[2].getInt(row)));
        });
    }

    private static void truncate(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<Unit> unit = new LastSeen<>(in[0], Unit::of);
        VectorFunction.eachRow(
                in, rows, out, row -> put(out, row, Intervals.truncate(unit.get(row), interval(in[1], row))));
    }

    private static ExactFunction bin(String name, String type) {
        return ExactFunction.ofRows(
                name,
                List.of(INTERVAL, type, type),
                type,
                (in, row, out) ->
                        out.setLong(row, Ages.bin(interval(in[0], row), in[1].getLong(row), in[2].getLong(row))));
    }

    private static long plusTime(long timestamp, long time) {
        return Timestamps.isFinite(timestamp)
                ? Timestamps.of(
                        Math.floorDiv(timestamp + time, Timestamps.DAY),
                        Math.floorMod(timestamp + time, Timestamps.DAY))
                : timestamp;
    }

    private static long ofDay(long time, long micros) {
        return Math.floorMod(time + micros % Timestamps.DAY, Timestamps.DAY);
    }

    /// A moment seen in a zone that an interval says.
    private static ExactFunction shifted(String name, String from, String to, int direction) {
        return ExactFunction.ofRows(name, List.of(INTERVAL, from), to, (in, row, out) -> {
            Interval zone = interval(in[0], row);
            if (zone.months() != 0 || zone.days() != 0) {
                throw Errors.invalidParameter(
                        "interval time zone \"" + zone.text() + "\" must not include months or days");
            }
            long timestamp = in[1].getLong(row);
            long seconds = zone.micros() / Timestamps.SECOND;
            out.setLong(
                    row,
                    Timestamps.isFinite(timestamp)
                            ? Zone.shifted(timestamp, direction * seconds * Timestamps.SECOND)
                            : timestamp);
        });
    }

    /// The instant of a date or local time to compare with: one that is too late for a timestamp comes after all
    /// others but infinity.
    private static ExactFunction bound(String name, String type) {
        boolean date = type.equals(DATE);
        return new ExactFunction(name, List.of(type, TEXT), TIMESTAMPTZ, (in, rows, out) -> {
            LastSeen<Zone> zone = new LastSeen<>(in[1], Zone::of);
            VectorFunction.eachRow(
                    in,
                    rows,
                    out,
                    row -> out.setLong(
                            row,
                            date
                                    ? boundOfDate(in[0].getInt(row), zone.get(row))
                                    : boundOfLocal(in[0].getLong(row), zone.get(row))));
        });
    }

    private static long boundOfDate(int date, Zone zone) {
        return Timestamps.isFinite(date) && date > Timestamps.LAST_TIMESTAMP_DAY
                ? Timestamps.INFINITY - 1
                : boundOfLocal(Timestamps.ofDate(date), zone);
    }

    private static long boundOfLocal(long local, Zone zone) {
        if (!Timestamps.isFinite(local)) {
            return local;
        }
        try {
            return zone.fromLocal(local);
        } catch (mooncake.model.MooncakeException e) {
            if (e.code() != mooncake.model.ErrorCode.DATETIME_OUT_OF_RANGE) {
                throw e;
            }
            return local > 0 ? Timestamps.INFINITY - 1 : 1 - Timestamps.INFINITY;
        }
    }

    private static ExactFunction withInteger(String name, String type, WithInteger body) {
        return ExactFunction.ofRows(
                name,
                List.of(type, INTEGER),
                type,
                (in, row, out) -> out.setLong(row, body.apply(in[0].getLong(row), in[1].getInt(row))));
    }

    private static ExactFunction ofTwo(String name, List<String> types, String result, OfTwo body) {
        return ExactFunction.ofRows(
                name,
                types,
                result,
                (in, row, out) -> out.setLong(row, body.apply(in[0].getLong(row), in[1].getLong(row))));
    }

    private static ExactFunction ofInterval(String name, OfInterval body) {
        return ExactFunction.ofRows(
                name, List.of(INTERVAL), INTERVAL, (in, row, out) -> put(out, row, body.apply(interval(in[0], row))));
    }

    private static ExactFunction withNumber(String name, WithNumber body) {
        return ExactFunction.ofRows(
                name,
                List.of(INTERVAL, DOUBLE),
                INTERVAL,
                (in, row, out) -> put(out, row, body.apply(interval(in[0], row), in[1].getDouble(row))));
    }

    private static Interval interval(DuckVector vector, int row) {
        return TimeFunctions.interval(vector, row);
    }

    private static void put(WritableVector out, int row, Interval interval) {
        out.setInterval(row, interval.months(), interval.days(), interval.micros());
    }
}
