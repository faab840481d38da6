package mooncake.query.exact;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.exact.Numeric.Finite;
import mooncake.query.exact.Numeric.Special;

/// The checks of `generate_series`: `mc_series_step`, `mc_series_timestamp` and `mc_series_timestamptz` give the step
/// on when it leads somewhere, `mc_num_series` says how many numerics there are.
final class SeriesFunctions {
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
                moments("mc_series_timestamp", "TIMESTAMP"),
                moments("mc_series_timestamptz", "TIMESTAMPTZ"),
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

    private static ExactFunction moments(String name, String type) {
        return ExactFunction.ofRows(name, List.of(type, type, INTERVAL), INTERVAL, (in, row, out) -> {
            Interval step = TimeFunctions.interval(in[2], row);
            requireStep(step.key().signum());
            if (!Timestamps.isFinite(in[0].getLong(row)) || !Timestamps.isFinite(in[1].getLong(row))) {
                throw Errors.notComputed("a series without end");
            }
            out.setInterval(row, step.months(), step.days(), step.micros());
        });
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
