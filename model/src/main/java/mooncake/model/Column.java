package mooncake.model;

/// A column of a mirror.
///
/// @param fieldId the Iceberg field id, equal to the attribute number in the mirror, from 1
/// @param name the name in Postgres
/// @param notNull whether the source column is declared NOT NULL
public record Column(int fieldId, String name, ColumnType type, boolean notNull) {}
