package mooncake.model;

import org.jspecify.annotations.Nullable;

/// A column of a mirror.
///
/// @param fieldId the Iceberg field id, equal to the attribute number in the mirror, from 1
/// @param name the name in Postgres
/// @param notNull whether the source column is declared NOT NULL
/// @param initial the value of rows that were written before the column was added; null for SQL's NULL
public record Column(
        int fieldId,
        String name,
        ColumnType type,
        boolean notNull,
        @Nullable StoredValue initial) {
    /// A column that rows without it have as NULL.
    public Column(int fieldId, String name, ColumnType type, boolean notNull) {
        this(fieldId, name, type, notNull, null);
    }
}
