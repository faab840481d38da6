package mooncake.model;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// What a query's conditions say of a column's values: rows with another value, or null, are not in the answer.
///
/// @param fieldId the column
/// @param kind what the values are
/// @param low the least value that may matter
/// @param high the greatest value that may matter
public record ColumnRange(int fieldId, Kind kind, Bound low, Bound high) {
    public ColumnRange(int fieldId, Kind kind, long low, long high) {
        this(fieldId, kind, Bound.of(low), Bound.of(high));
    }

    /// Types with an order in which files can be told apart: integers, days since 1970, microseconds since 1970 (UTC
    /// where there is a zone), numerics, texts by their bytes, UUIDs.
    public enum Kind {
        INTEGER,
        DATE,
        TIMESTAMP,
        TIMESTAMP_WITH_ZONE,
        NUMERIC,
        TEXT,
        UUID
    }

    /// Where a value stands in its kind's order. Different values may share a bound: of two values the smaller one
    /// never has the greater bound, and that is all that leaving out files needs.
    public record Bound(long head, long tail) implements Comparable<Bound> {
        public static final Bound LEAST = new Bound(Long.MIN_VALUE, Long.MIN_VALUE);
        public static final Bound GREATEST = new Bound(Long.MAX_VALUE, Long.MAX_VALUE);

        private static final int BYTES = 2 * Long.BYTES;

        public static Bound of(long number) {
            return new Bound(number, 0);
        }

        /// Of a numeric's text, as Postgres prints it: the nearest double.
        public static Bound ofNumeric(String text) {
            return switch (text) {
                case "NaN" -> GREATEST;
                case "Infinity" -> ofDouble(Double.POSITIVE_INFINITY);
                case "-Infinity" -> ofDouble(Double.NEGATIVE_INFINITY);
                default -> ofDouble(new BigDecimal(text).doubleValue());
            };
        }

        private static Bound ofDouble(double value) {
            long bits = Double.doubleToLongBits(value + 0.0);
            return of(bits ^ ((bits >> (Long.SIZE - 1)) & Long.MAX_VALUE));
        }

        /// Of a text: its first sixteen bytes.
        public static Bound ofText(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ByteBuffer first = ByteBuffer.allocate(BYTES);
            first.put(bytes, 0, Math.min(bytes.length, BYTES)).position(0);
            return unsigned(first.getLong(), first.getLong());
        }

        public static Bound ofUuid(String text) {
            UUID uuid = java.util.UUID.fromString(text);
            return unsigned(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        }

        private static Bound unsigned(long head, long tail) {
            return new Bound(head ^ Long.MIN_VALUE, tail ^ Long.MIN_VALUE);
        }

        public Bound orLess(Bound other) {
            return compareTo(other) <= 0 ? this : other;
        }

        public Bound orMore(Bound other) {
            return compareTo(other) >= 0 ? this : other;
        }

        @Override
        public int compareTo(Bound other) {
            int heads = Long.compare(head, other.head);
            return heads != 0 ? heads : Long.compare(tail, other.tail);
        }
    }
}
