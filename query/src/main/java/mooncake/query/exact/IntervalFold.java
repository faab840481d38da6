package mooncake.query.exact;

import org.jspecify.annotations.Nullable;

/// An aggregate of intervals, value after value: `sum`, `avg`, `min` or `max`.
final class IntervalFold {
    private final String name;
    private long count;
    private @Nullable Interval value;

    IntervalFold(String name) {
        this.name = name;
    }

    void add(Interval next) {
        Interval before = value;
        value = before == null ? next : joined(before, next);
        count++;
    }

    /// Of equal intervals the later one stays.
    private Interval joined(Interval a, Interval b) {
        return switch (name) {
            case "min" -> a.key().compareTo(b.key()) < 0 ? a : b;
            case "max" -> a.key().compareTo(b.key()) > 0 ? a : b;
            default -> a.plus(b);
        };
    }

    /// Null without values.
    @Nullable
    Interval result() {
        Interval result = value;
        return result != null && name.equals("avg") ? Intervals.dividedBy(result, (double) count) : result;
    }
}
