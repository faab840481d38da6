package mooncake.query.exact;

import java.util.List;

/// Where a percentile lies in a sorted list, as positions from 1: `mc_percentile_disc`, and for
/// percentiles between two values `mc_percentile_low`, `mc_percentile_high` and `mc_percentile_part`;
/// `mc_f8_between` computes those.
final class PercentileFunctions {
    private static final String DOUBLE = "DOUBLE";
    private static final String BIGINT = "BIGINT";

    private PercentileFunctions() {}

    /// The position of a percentile among this many values.
    private interface Position {
        double of(double percentile, long count);
    }

    static List<ExactFunction> all() {
        return List.of(
                position("mc_percentile_disc", (percentile, count) -> Math.max(1, Math.ceil(percentile * count))),
                position("mc_percentile_low", (percentile, count) -> 1 + Math.floor(percentile * (count - 1))),
                position("mc_percentile_high", (percentile, count) -> 1 + Math.ceil(percentile * (count - 1))),
                ExactFunction.ofRows("mc_percentile_part", List.of(DOUBLE, BIGINT), DOUBLE, (in, row, out) -> {
                    double place = checked(in[0].getDouble(row)) * (in[1].getLong(row) - 1);
                    out.setDouble(row, place - Math.floor(place));
                }),
                ExactFunction.ofRows("mc_f8_between", List.of(DOUBLE, DOUBLE, DOUBLE), DOUBLE, (in, row, out) -> {
                    double low = in[0].getDouble(row);
                    double part = in[2].getDouble(row);
                    out.setDouble(row, part == 0 ? low : low + part * (in[1].getDouble(row) - low));
                }));
    }

    private static ExactFunction position(String name, Position position) {
        return ExactFunction.ofRows(name, List.of(DOUBLE, BIGINT), BIGINT, (in, row, out) -> {
            double percentile = checked(in[0].getDouble(row));
            out.setLong(row, (long) position.of(percentile, in[1].getLong(row)));
        });
    }

    private static double checked(double percentile) {
        if (!(percentile >= 0 && percentile <= 1)) {
            throw Errors.outOfRange("percentile value " + percentile + " is not between 0 and 1");
        }
        return percentile;
    }
}
