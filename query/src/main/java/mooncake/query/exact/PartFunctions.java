package mooncake.query.exact;

import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;
import org.jspecify.annotations.Nullable;

/// `mc_part_*` and `mc_trunc_*`: fields of dates and times, and times cut off at a field. The unit is the first
/// argument.
final class PartFunctions {
    private static final String TEXT = "VARCHAR";

    private PartFunctions() {}

    /// A field of the value in one row of the second argument.
    private interface Part {
        @Nullable
        String apply(Unit unit, DuckVector value, int row);
    }

    static List<ExactFunction> all() {
        return List.of(
                part("mc_part_date", "DATE", (unit, value, row) -> DateParts.ofDate(unit, value.getInt(row))),
                part("mc_part_time", "TIME", (unit, value, row) -> DateParts.ofTime(unit, value.getLong(row))),
                part(
                        "mc_part_timestamp",
                        "TIMESTAMP",
                        (unit, value, row) -> DateParts.ofTimestamp(unit, value.getLong(row))),
                part(
                        "mc_part_interval",
                        "INTERVAL",
                        (unit, value, row) -> DateParts.ofInterval(unit, TimeFunctions.interval(value, row))),
                new ExactFunction(
                        "mc_part_timestamptz",
                        List.of(TEXT, "TIMESTAMPTZ", TEXT),
                        TEXT,
                        PartFunctions::partOfTimestamptz),
                new ExactFunction("mc_part_f8", List.of(TEXT, TEXT), "DOUBLE", PartFunctions::toDouble),
                new ExactFunction(
                        "mc_trunc_timestamp", List.of(TEXT, "TIMESTAMP"), "TIMESTAMP", PartFunctions::truncate),
                new ExactFunction(
                        "mc_trunc_timestamptz",
                        List.of(TEXT, "TIMESTAMPTZ", TEXT),
                        "TIMESTAMPTZ",
                        PartFunctions::truncateInZone));
    }

    private static ExactFunction part(String name, String type, Part part) {
        return new ExactFunction(name, List.of(TEXT, type), TEXT, (in, rows, out) -> {
            LastSeen<Unit> unit = new LastSeen<>(in[0], Unit::of);
            VectorFunction.eachRow(in, rows, out, row -> put(out, row, part.apply(unit.get(row), in[1], row)));
        });
    }

    private static void partOfTimestamptz(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<Unit> unit = new LastSeen<>(in[0], Unit::of);
        LastSeen<Zone> zone = new LastSeen<>(in[2], Zone::of);
        VectorFunction.eachRow(
                in,
                rows,
                out,
                row -> put(out, row, DateParts.ofTimestamp(unit.get(row), in[1].getLong(row), zone.get(row))));
    }

    private static void toDouble(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<Unit> unit = new LastSeen<>(in[1], Unit::of);
        VectorFunction.eachRow(
                in, rows, out, row -> out.setDouble(row, DateParts.toDouble(unit.get(row), in[0].getString(row))));
    }

    private static void truncate(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<Unit> unit = new LastSeen<>(in[0], Unit::of);
        VectorFunction.eachRow(
                in, rows, out, row -> out.setLong(row, Truncation.truncate(unit.get(row), in[1].getLong(row))));
    }

    private static void truncateInZone(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<Unit> unit = new LastSeen<>(in[0], Unit::of);
        LastSeen<Zone> zone = new LastSeen<>(in[2], Zone::of);
        VectorFunction.eachRow(
                in,
                rows,
                out,
                row -> out.setLong(row, Truncation.truncate(unit.get(row), in[1].getLong(row), zone.get(row))));
    }

    private static void put(WritableVector out, int row, @Nullable String text) {
        if (text == null) {
            out.setNull(row);
        } else {
            out.setBytes(row, ExactFunction.ascii(text));
        }
    }
}
