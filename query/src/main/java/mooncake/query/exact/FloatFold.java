package mooncake.query.exact;

import org.jspecify.annotations.Nullable;

/// An aggregate of floats by Postgres' own steps, value after value: `sum`, `sum4` for float4, or a statistic.
final class FloatFold {
    private final String name;
    private final boolean adds;
    private final boolean single;
    private final FloatStatistics statistics = new FloatStatistics();
    private @Nullable Double sum;

    /// @param name a sum's, or one that [FloatStatistics#result] knows
    FloatFold(String name) {
        this.name = name;
        this.single = name.equals("sum4");
        this.adds = single || name.equals("sum");
    }

    void add(double value) {
        Double before = sum;
        if (!adds) {
            statistics.add(value);
        } else if (before == null) {
            sum = value;
        } else if (single) {
            sum = (double) Floats.add(before.floatValue(), (float) value);
        } else {
            sum = Floats.add(before, value);
        }
    }

    void add(double y, double x) {
        statistics.add(y, x);
    }

    /// Null without values and where the statistic is not defined.
    @Nullable
    Double result() {
        return adds ? sum : statistics.result(name);
    }
}
