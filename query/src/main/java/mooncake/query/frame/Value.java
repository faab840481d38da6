package mooncake.query.frame;

import org.jspecify.annotations.Nullable;

/// A constant or parameter of a query: its Postgres type and the text that the type's output function gives.
///
/// @param known false for a generic plan's parameter, whose value is only known at execution
/// @param text null for SQL NULL and for values not known yet
/// @param error what Postgres raises where the value is needed, packed as [PostgresError] says; null for a value
public record Value(
        int type,
        int typmod,
        boolean known,
        @Nullable String text,
        @Nullable String error) {
    public Value(int type, int typmod, boolean known, @Nullable String text) {
        this(type, typmod, known, text, null);
    }
}
