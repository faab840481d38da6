package mooncake.source.admin;

/// A column of a source table.
///
/// @param number attribute number, from 1, with gaps where columns were dropped
/// @param typeName the type as `format_type` prints it, for messages
/// @param generated whether it is computed from others; such columns are neither replicated nor copied
public record SourceColumn(
        int number, String name, int typeOid, int typmod, String typeName, boolean notNull, boolean generated) {}
