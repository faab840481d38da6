package mooncake.query.exact;

import static mooncake.query.exact.Rows.INTEGER;
import static mooncake.query.exact.Rows.TEXT;

import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import org.jspecify.annotations.Nullable;

/// Functions of `timetz`, whose values are held as text.
final class ZonedTimeFunctions {
    private static final String INTERVAL = "INTERVAL";
    private static final String TIMESTAMPTZ = "TIMESTAMPTZ";

    private ZonedTimeFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                Rows.text(
                        "mc_timetz_add",
                        List.of(TEXT, INTERVAL),
                        (in, row) -> time(in[0], row).plus(micros(in[1], row)).text()),
                Rows.text(
                        "mc_timetz_subtract",
                        List.of(TEXT, INTERVAL),
                        (in, row) -> time(in[0], row).plus(-micros(in[1], row)).text()),
                Rows.text(
                        "mc_timetz_shift",
                        List.of(INTERVAL, TEXT),
                        (in, row) -> time(in[1], row)
                                .in(offset(TimeFunctions.interval(in[0], row)))
                                .text()),
                Rows.text(
                        "mc_timetz_typmod",
                        List.of(TEXT, INTEGER),
                        (in, row) -> time(in[0], row).rounded(in[1].getInt(row)).text()),
                Rows.text(
                        "mc_timetz_part",
                        List.of(TEXT, TEXT),
                        (in, row) -> time(in[1], row).part(in[0].getString(row))),
                ExactFunction.ofRows(
                        "mc_timetz_time",
                        List.of(TEXT),
                        "TIME",
                        (in, row, out) -> out.setLong(row, time(in[0], row).micros())),
                ExactFunction.ofRows(
                        "mc_timetz_rank",
                        List.of(TEXT),
                        "BIGINT",
                        (in, row, out) -> out.setLong(row, time(in[0], row).rank())),
                ExactFunction.ofRows(
                        "mc_date_timetz",
                        List.of("DATE", TEXT),
                        TIMESTAMPTZ,
                        (in, row, out) -> out.setLong(row, time(in[1], row).on(in[0].getInt(row)))),
                new ExactFunction("mc_timestamptz_timetz", List.of(TIMESTAMPTZ, TEXT), TEXT, (in, rows, out) -> {
                    LastSeen<Zone> zone = new LastSeen<>(in[1], Zone::of);
                    VectorFunction.eachRow(
                            in, rows, out, row -> Rows.put(out, row, of(in[0].getLong(row), zone.get(row))));
                }));
    }

    private static @Nullable String of(long moment, Zone zone) {
        if (!Timestamps.isFinite(moment)) {
            return null;
        }
        long offset = zone.offset(moment);
        long local = Math.floorMod(moment + offset, Timestamps.DAY);
        return new ZonedTime(local, offset / Timestamps.SECOND).text();
    }

    private static ZonedTime time(DuckVector vector, int row) {
        return ZonedTime.parse(vector.getString(row));
    }

    private static long micros(DuckVector vector, int row) {
        return TimeFunctions.interval(vector, row).micros();
    }

    private static long offset(Interval interval) {
        if (interval.months() != 0 || interval.days() != 0) {
            throw Errors.notComputed("a zone of months or days");
        }
        return interval.micros() / Timestamps.SECOND;
    }
}
