package mooncake.model;

/// What a query's conditions say of a column's values: rows with another value, or null, are not in the answer.
///
/// @param fieldId the column
/// @param kind what the values count
/// @param low the least value that may matter
/// @param high the greatest value that may matter
public record ColumnRange(int fieldId, Kind kind, long low, long high) {
    /// Types whose values are kept as numbers: integers, days since 1970, microseconds since 1970 (UTC where there is a
    /// zone).
    public enum Kind {
        INTEGER,
        DATE,
        TIMESTAMP,
        TIMESTAMP_WITH_ZONE
    }
}
