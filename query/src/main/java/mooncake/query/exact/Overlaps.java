package mooncake.query.exact;

import java.util.List;
import java.util.stream.Stream;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.WritableVector;
import org.jspecify.annotations.Nullable;

/// `OVERLAPS`, which knows an answer for some pairs with a null end.
final class Overlaps {
    private Overlaps() {}

    static List<ExactFunction> all() {
        return Stream.of("TIMESTAMP", "TIMESTAMPTZ", "TIME", "BIGINT")
                .map(type -> ExactFunction.ofAllRows(
                        "mc_overlaps", List.of(type, type, type, type), "BOOLEAN", Overlaps::apply))
                .toList();
    }

    private static void apply(DuckVector[] in, int row, WritableVector out) {
        Boolean result = overlap(value(in[0], row), value(in[1], row), value(in[2], row), value(in[3], row));
        if (result == null) {
            out.setNull(row);
        } else {
            out.setBoolean(row, result);
        }
    }

    private static @Nullable Long value(DuckVector vector, int row) {
        return vector.isValid(row) ? vector.getLong(row) : null;
    }

    private static @Nullable Boolean overlap(@Nullable Long a, @Nullable Long b, @Nullable Long c, @Nullable Long d) {
        Long startA = first(a, b);
        Long endA = last(a, b);
        Long startB = first(c, d);
        Long endB = last(c, d);
        if (startA == null || startB == null) {
            return null;
        }
        if (startA.equals(startB)) {
            return (endA == null || endB == null) ? null : Boolean.TRUE;
        }
        boolean later = startA > startB;
        Long endOfEarlier = later ? endB : endA;
        Long endOfLater = later ? endA : endB;
        if (endOfEarlier == null) {
            return null;
        }
        if (Math.max(startA, startB) < endOfEarlier) {
            return Boolean.TRUE;
        }
        return endOfLater == null ? null : Boolean.FALSE;
    }

    /// The earlier end, or the one that is known.
    private static @Nullable Long first(@Nullable Long a, @Nullable Long b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return Math.min(a, b);
    }

    private static @Nullable Long last(@Nullable Long a, @Nullable Long b) {
        if (a == null || b == null) {
            return null;
        }
        return Math.max(a, b);
    }
}
