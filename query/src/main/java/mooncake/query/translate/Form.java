package mooncake.query.translate;

import org.jspecify.annotations.Nullable;

/// How values of a Postgres type are held in DuckDB.
sealed interface Form {
    /// The DuckDB type that holds exactly the Postgres type's values; `varchar` counts as `text`.
    record Plain(int type) implements Form {}

    /// `char(n)` with its padding as `VARCHAR`; length -1 when values of several lengths meet.
    record Padded(int length) implements Form {}

    /// A numeric as `DECIMAL(precision, scale)`. Where the display scale differs from row to row, `shown` is SQL of it;
    /// it never exceeds `scale`.
    record Decimal(int precision, int scale, @Nullable String shown) implements Form {
        static final int MAX_PRECISION = 38;

        static Decimal of(int precision, int scale) {
            return new Decimal(Math.min(precision, MAX_PRECISION), scale, null);
        }

        String shownScale() {
            return shown == null ? Integer.toString(scale) : shown;
        }

        int wholeDigits() {
            return precision - scale;
        }

        String duckType() {
            return "DECIMAL(" + precision + "," + scale + ")";
        }
    }

    /// A numeric as the text that Postgres prints for it, of any size and scale, NaN and the infinities included.
    record Free() implements Form {}

    /// A value as the text that Postgres prints for it under DateStyle ISO, IntervalStyle postgres and TimeZone UTC:
    /// arrays, ranges, enums, network addresses and other types that DuckDB has not.
    ///
    /// @param code how such texts compare, as `mc_key` takes it
    record Document(int type, String code) implements Form {}

    /// A type that DuckDB only carries, as text or bytes: values are delivered, counted and tested for null.
    record Kept(int type, String duckType) implements Form {}

    /// The constant NULL of type numeric, which takes any numeric's form.
    record NullNumeric() implements Form {}
}
