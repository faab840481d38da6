package mooncake.query.exact;

import java.util.List;
import java.util.Locale;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;

/// `mc_*_text` and `mc_text_*`: casts that go through a type's text form.
final class CastFunctions {
    private static final String TEXT = "VARCHAR";

    private CastFunctions() {}

    /// The text of a value.
    private interface Printed {
        String apply(DuckVector value, int row);
    }

    static List<ExactFunction> all() {
        return List.of(
                printed("mc_f8_text", "DOUBLE", (in, row) -> FloatText.of(in.getDouble(row))),
                printed("mc_f4_text", "FLOAT", (in, row) -> FloatText.of(in.getFloat(row))),
                printed("mc_date_print", "DATE", (in, row) -> MomentPrinter.date(in.getInt(row))),
                printed("mc_time_print", "TIME", (in, row) -> MomentPrinter.time(in.getLong(row))),
                printed("mc_timestamp_print", "TIMESTAMP", (in, row) -> MomentPrinter.timestamp(in.getLong(row))),
                new ExactFunction(
                        "mc_timestamptz_print", List.of("TIMESTAMPTZ", TEXT), TEXT, CastFunctions::timestamptz),
                ExactFunction.ofRows("mc_text_interval", List.of(TEXT), "INTERVAL", (in, row, out) -> {
                    Interval interval = MomentText.interval(in[0].getString(row));
                    out.setInterval(row, interval.months(), interval.days(), interval.micros());
                }),
                integer("mc_text_int2", "SMALLINT", 16),
                integer("mc_text_int4", "INTEGER", 32),
                integer("mc_text_int8", "BIGINT", 64),
                read("mc_text_f8", "DOUBLE", (text, row, out, major) -> out.setDouble(row, NumberInput.float8(text))),
                read("mc_text_f4", "FLOAT", (text, row, out, major) -> out.setFloat(row, NumberInput.float4(text))),
                read(
                        "mc_text_num",
                        TEXT,
                        (text, row, out, major) -> out.setString(
                                row, NumberInput.numeric(text, major).text())),
                read(
                        "mc_text_bool",
                        "BOOLEAN",
                        (text, row, out, major) -> out.setBoolean(row, NumberInput.truth(text))));
    }

    /// Writes the value that a text means to a server of a major version.
    private interface Read {
        void apply(String text, int row, WritableVector out, int major);
    }

    private static ExactFunction printed(String name, String type, Printed body) {
        return ExactFunction.ofRows(
                name, List.of(type), TEXT, (in, row, out) -> out.setString(row, body.apply(in[0], row)));
    }

    private static void timestamptz(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<Zone> zone = new LastSeen<>(in[1], Zone::of);
        VectorFunction.eachRow(
                in, rows, out, row -> out.setString(row, MomentPrinter.timestamptz(in[0].getLong(row), zone.get(row))));
    }

    private static ExactFunction read(String name, String type, Read body) {
        return ExactFunction.ofRows(
                name,
                List.of(TEXT, "INTEGER"),
                type,
                (in, row, out) -> body.apply(in[0].getString(row), row, out, in[1].getInt(row)));
    }

    private static ExactFunction integer(String name, String type, int bits) {
        String shown = type.toLowerCase(Locale.ROOT);
        return read(name, type, (text, row, out, major) -> {
            long value = NumberInput.integer(text, bits, shown, major);
            switch (bits) {
                case 16 -> out.setShort(row, (short) value);
                case 32 -> out.setInt(row, (int) value);
                default -> out.setLong(row, value);
            }
        });
    }
}
