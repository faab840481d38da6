package mooncake.query.exact;

import static mooncake.query.exact.Rows.TEXT;

import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;

/// Dates and times as the texts that arrays and ranges hold of them, and back.
final class MomentTextFunctions {
    private MomentTextFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                new ExactFunction("mc_array_zoned", List.of(TEXT, TEXT, "BOOLEAN"), TEXT, MomentTextFunctions::zoned),
                Rows.text("mc_bool_text", List.of("BOOLEAN"), (in, row) -> in[0].getBoolean(row) ? "t" : "f"),
                Rows.text("mc_date_text", List.of("DATE"), (in, row) -> MomentText.dateText(in[0].getInt(row))),
                Rows.text("mc_time_text", List.of("TIME"), (in, row) -> MomentText.timeText(in[0].getLong(row))),
                Rows.text(
                        "mc_timestamp_text",
                        List.of("TIMESTAMP"),
                        (in, row) -> MomentText.timestampText(in[0].getLong(row), ' ', "")),
                Rows.text(
                        "mc_timestamp_text",
                        List.of("TIMESTAMPTZ"),
                        (in, row) -> MomentText.timestampText(in[0].getLong(row), ' ', "+00")),
                ExactFunction.ofRows(
                        "mc_date_value",
                        List.of(TEXT),
                        "DATE",
                        (in, row, out) -> out.setInt(row, MomentText.date(in[0].getString(row)))),
                ExactFunction.ofRows(
                        "mc_time_value",
                        List.of(TEXT),
                        "TIME",
                        (in, row, out) -> out.setLong(row, MomentText.time(in[0].getString(row)))),
                ExactFunction.ofRows(
                        "mc_timestamp_value",
                        List.of(TEXT),
                        "TIMESTAMP",
                        (in, row, out) -> out.setLong(row, MomentText.timestamp(in[0].getString(row)))),
                ExactFunction.ofRows(
                        "mc_timestamptz_value",
                        List.of(TEXT),
                        "TIMESTAMPTZ",
                        (in, row, out) -> out.setLong(row, MomentText.timestamp(in[0].getString(row)))),
                ExactFunction.ofRows("mc_interval_value", List.of(TEXT), "INTERVAL", (in, row, out) -> {
                    Interval interval = MomentText.interval(in[0].getString(row));
                    out.setInterval(row, interval.months(), interval.days(), interval.micros());
                }));
    }

    /// @param in an array of timestamps with time zone, a zone, and whether they are written as JSON has them
    private static void zoned(DuckVector[] in, int rows, WritableVector out) {
        LastSeen<Zone> zones = new LastSeen<>(in[1], Zone::of);
        VectorFunction.eachRow(in, rows, out, row -> {
            Zone zone = zones.get(row);
            boolean json = in[2].getBoolean(row);
            out.setString(row, Arrays.map(in[0].getString(row), text -> {
                long moment = MomentText.timestamp(text);
                return json ? JsonMaking.moment(moment, zone) : MomentPrinter.timestamptz(moment, zone);
            }));
        });
    }
}
