package mooncake.query.translate;

import mooncake.query.frame.Value;
import org.jspecify.annotations.Nullable;

/// An expression in DuckDB's SQL.
///
/// @param literal the value behind it when it is a constant
/// @param fails whether it raises an error for some values
record Scalar(String sql, Form form, @Nullable Value literal, boolean fails) {
    static Scalar of(String sql, Form form, boolean fails) {
        return new Scalar(sql, form, null, fails);
    }

    static Scalar bool(String sql, boolean fails) {
        return of(sql, new Form.Plain(mooncake.query.tree.Oids.BOOL), fails);
    }

    boolean isNullLiteral() {
        return literal != null && literal.text() == null;
    }

    /// The constant's text, null when it is no constant or NULL.
    @Nullable
    String literalText() {
        return literal == null ? null : literal.text();
    }
}
