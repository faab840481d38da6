package mooncake.query.translate;

import mooncake.query.tree.Oids;

/// The last step of a query's targets: values as the result encoder takes them.
final class Delivery {
    private Delivery() {}

    /// @param major of the server that reads the texts
    static String sql(Scalar value, int major) {
        return switch (value.form()) {
            case Form.Plain(int type) ->
                type == Oids.INTERVAL ? "mc_interval_text(" + value.sql() + ", " + major + ")" : value.sql();
            case Form.Decimal decimal -> decimal.shown() == null ? value.sql() : Forms.free(value);
            case Form.Padded _, Form.Free _, Form.NullNumeric _, Form.Document _, Form.Kept _ -> value.sql();
        };
    }
}
