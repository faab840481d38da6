package mooncake.query.frame;

import org.jspecify.annotations.Nullable;

/// A constant or parameter of a query: its Postgres type and the text that the type's output function gives.
///
/// @param known false for a generic plan's parameter, whose value is only known at execution
/// @param text null for SQL NULL and for values not known yet
public record Value(
        int type, int typmod, boolean known, @Nullable String text) {}
