package mooncake.query.exact;

import static mooncake.query.exact.Rows.TEXT;

import java.util.List;
import mooncake.duckdb.VectorFunction;

/// Casts of texts to dates, times and intervals. An argument is the order of a date's parts in the session.
final class MomentReadFunctions {
    private MomentReadFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                ExactFunction.ofRows(
                        "mc_text_date",
                        List.of(TEXT, TEXT),
                        "DATE",
                        (in, row, out) ->
                                out.setInt(row, MomentInput.date(in[0].getString(row), in[1].getString(row)))),
                ExactFunction.ofRows(
                        "mc_text_time",
                        List.of(TEXT),
                        "TIME",
                        (in, row, out) -> out.setLong(row, MomentInput.time(in[0].getString(row)))),
                ExactFunction.ofRows(
                        "mc_text_timestamp",
                        List.of(TEXT, TEXT),
                        "TIMESTAMP",
                        (in, row, out) ->
                                out.setLong(row, MomentInput.timestamp(in[0].getString(row), in[1].getString(row)))),
                new ExactFunction("mc_text_timestamptz", List.of(TEXT, TEXT, TEXT), "TIMESTAMPTZ", (in, rows, out) -> {
                    LastSeen<Zone> zone = new LastSeen<>(in[2], Zone::of);
                    VectorFunction.eachRow(
                            in,
                            rows,
                            out,
                            row -> out.setLong(
                                    row,
                                    MomentInput.timestamptz(
                                            in[0].getString(row), in[1].getString(row), zone.get(row))));
                }),
                ExactFunction.ofRows("mc_text_interval", List.of(TEXT, "INTEGER"), "INTERVAL", (in, row, out) -> {
                    Interval interval = IntervalInput.read(in[0].getString(row), in[1].getInt(row));
                    out.setInterval(row, interval.months(), interval.days(), interval.micros());
                }));
    }
}
