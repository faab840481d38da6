package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.exact.Numeric.Finite;
import mooncake.query.exact.Numeric.Special;

/// The checks of `generate_series`: `mc_series_step` and `mc_series_timestamp` give the step
/// on when it leads somewhere, `mc_num_series` says how many numerics there are.
final class SeriesFunctions {
    /// The most that one series of moments may take in its text form.
    private static final int SERIES_BYTES_MAX = 256 << 20;

    private static final String TEXT = "VARCHAR";
    private static final String BIGINT = "BIGINT";
    private static final String INTERVAL = "INTERVAL";

    private SeriesFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                ExactFunction.ofRows("mc_series_step", List.of(BIGINT), BIGINT, (in, row, out) -> {
                    long step = in[0].getLong(row);
                    requireStep(step);
                    out.setLong(row, step);
                }),
                ExactFunction.ofRows(
                        "mc_series_timestamp",
                        List.of("TIMESTAMP", "TIMESTAMP", INTERVAL),
                        INTERVAL,
                        (in, row, out) -> {
                            Interval step = step(in, row);
                            out.setInterval(row, step.months(), step.days(), step.micros());
                        }),
                TimeFunctions.zoned(
                        "mc_series_timestamptz",
                        List.of("TIMESTAMPTZ", "TIMESTAMPTZ", INTERVAL, TEXT),
                        TEXT,
                        (in, row, out, zone) -> out.setString(
                                row, moments(in[0].getLong(row), in[1].getLong(row), step(in, row), zone))),
                ExactFunction.ofRows(
                        "mc_num_series",
                        List.of(TEXT, TEXT, TEXT),
                        BIGINT,
                        (in, row, out) -> out.setLong(
                                row,
                                count(
                                        finite(in[0], row, "start"),
                                        finite(in[1], row, "stop"),
                                        finite(in[2], row, "step")))));
    }

    private static Interval step(DuckVector[] in, int row) {
        Interval step = TimeFunctions.interval(in[2], row);
        requireStep(step.key().signum());
        if (!Timestamps.isFinite(in[0].getLong(row)) || !Timestamps.isFinite(in[1].getLong(row))) {
            throw Errors.notComputed("a series without end");
        }
        return step;
    }

    /// The moments' microseconds, as DuckDB's own series takes a day for 24 hours in any zone.
    private static String moments(long start, long stop, Interval step, Zone zone) {
        boolean forward = step.key().signum() > 0;
        StringBuilder text = new StringBuilder();
        long at = start;
        while (forward ? at <= stop : at >= stop) {
            if (text.length() > SERIES_BYTES_MAX) {
                throw new MooncakeException(ErrorCode.OUT_OF_MEMORY, "a series of too many moments");
            }
            text.append(text.isEmpty() ? "" : ",").append(at);
            at = Timestamps.add(at, step.months(), step.days(), step.micros(), zone);
        }
        return text.toString();
    }

    private static void requireStep(long step) {
        if (step == 0) {
            throw invalid("step size cannot equal zero");
        }
    }

    private static BigDecimal finite(DuckVector vector, int row, String what) {
        String name = what.equals("step") ? "step size" : what + " value";
        return switch (Numeric.parse(vector.getString(row))) {
            case Finite(BigDecimal value) -> value;
            case Special.NAN -> throw invalid(name + " cannot be NaN");
            case Special.INFINITY, Special.NEGATIVE_INFINITY -> throw invalid(name + " cannot be infinity");
        };
    }

    private static long count(BigDecimal start, BigDecimal stop, BigDecimal step) {
        requireStep(step.signum());
        BigDecimal steps = stop.subtract(start).divide(step, 0, RoundingMode.FLOOR);
        if (steps.signum() < 0) {
            return 0;
        }
        try {
            return Math.addExact(steps.longValueExact(), 1);
        } catch (ArithmeticException _) {
            throw new MooncakeException(ErrorCode.OUT_OF_MEMORY, "a series of " + steps + " numbers");
        }
    }

    private static MooncakeException invalid(String message) {
        return new MooncakeException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
