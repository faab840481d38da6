package mooncake.query.translate;

import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// Values as the texts that arrays, ranges and rows hold of them: what Postgres prints under DateStyle ISO,
/// IntervalStyle postgres and TimeZone UTC.
final class Elements {
    private Elements() {}

    /// The text of a value.
    static String text(Scalar value) {
        return switch (value.form()) {
            case Form.Document _, Form.Padded _ -> value.sql();
            case Form.Decimal _, Form.Free _, Form.NullNumeric _ -> Forms.free(value);
            case Form.Kept(int type, String _) -> throw Refusal.because("Values of type %d are not printed.", type);
            case Form.Plain(int type) ->
                switch (type) {
                    case Oids.TEXT, Oids.NAME, Oids.JSON, Oids.JSONB -> value.sql();
                    case Oids.INT2, Oids.INT4, Oids.INT8, Oids.OID, Oids.UUID -> "CAST(" + value.sql() + " AS VARCHAR)";
                    case Oids.FLOAT4 -> "mc_f4_text(" + value.sql() + ")";
                    case Oids.FLOAT8 -> "mc_f8_text(" + value.sql() + ")";
                    case Oids.BOOL -> "mc_bool_text(" + value.sql() + ")";
                    case Oids.BYTEA -> "('\\x' || lower(hex(" + value.sql() + ")))";
                    case Oids.DATE -> "mc_date_text(" + value.sql() + ")";
                    case Oids.TIME -> "mc_time_text(" + value.sql() + ")";
                    case Oids.TIMESTAMP, Oids.TIMESTAMPTZ -> "mc_timestamp_text(" + value.sql() + ")";
                    case Oids.INTERVAL -> "mc_interval_text(" + value.sql() + ")";
                    default -> throw Refusal.because("Values of type %d are not printed.", type);
                };
        };
    }

    /// The value of a text.
    static Scalar parse(String sql, Form form, boolean fails) {
        String parsed = switch (form) {
            case Form.Document _, Form.Free _, Form.Padded _ -> sql;
            case Form.Decimal decimal -> "CAST(" + sql + " AS " + decimal.duckType() + ")";
            case Form.NullNumeric _ -> "CAST(NULL AS DECIMAL(1,0))";
            case Form.Kept(int type, String _) -> throw Refusal.because("Values of type %d are not read.", type);
            case Form.Plain(int type) ->
                switch (type) {
                    case Oids.TEXT, Oids.NAME, Oids.JSON, Oids.JSONB -> sql;
                    case Oids.INT2, Oids.INT4, Oids.INT8, Oids.OID, Oids.UUID, Oids.FLOAT4, Oids.FLOAT8 ->
                        "CAST(" + sql + " AS " + Literals.duckType(form) + ")";
                    case Oids.BOOL -> "(" + sql + " = 't')";
                    case Oids.BYTEA -> "from_hex(substr(" + sql + ", 3))";
                    case Oids.DATE -> "mc_date_value(" + sql + ")";
                    case Oids.TIME -> "mc_time_value(" + sql + ")";
                    case Oids.TIMESTAMP -> "mc_timestamp_value(" + sql + ")";
                    case Oids.TIMESTAMPTZ -> "mc_timestamptz_value(" + sql + ")";
                    case Oids.INTERVAL -> "mc_interval_value(" + sql + ")";
                    default -> throw Refusal.because("Values of type %d are not read.", type);
                };
        };
        return Scalar.of(parsed, form, fails);
    }
}
