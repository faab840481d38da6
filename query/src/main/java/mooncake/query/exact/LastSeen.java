package mooncake.query.exact;

import java.util.function.Function;
import mooncake.duckdb.DuckVector;
import org.jspecify.annotations.Nullable;

/// What a text argument means, worked out once for rows that have the same text, as all rows have under a constant.
final class LastSeen<T> {
    private final DuckVector vector;
    private final Function<String, T> meaning;
    private @Nullable T value;
    private long low;
    private long high;

    LastSeen(DuckVector vector, Function<String, T> meaning) {
        this.vector = vector;
        this.meaning = meaning;
    }

    /// Equal entries point at the same bytes or hold them.
    T get(int row) {
        T seen = value;
        if (seen == null || low != vector.getLow(row) || high != vector.getHigh(row)) {
            seen = meaning.apply(vector.getString(row));
            value = seen;
            low = vector.getLow(row);
            high = vector.getHigh(row);
        }
        return seen;
    }
}
