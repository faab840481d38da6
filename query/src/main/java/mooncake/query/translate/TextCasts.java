package mooncake.query.translate;

import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Casts that print a value in its type's text form, or read it from there.
final class TextCasts {
    private TextCasts() {}

    /// The text of a value of a type that Postgres and DuckDB print in different ways; null for other types.
    static @Nullable String print(Scalar value, Context context) {
        if (!(value.form() instanceof Form.Plain(int type))) {
            return null;
        }
        Session session = context.session();
        switch (type) {
            case Oids.FLOAT4, Oids.FLOAT8 -> session.requireShortestFloats();
            case Oids.DATE, Oids.TIMESTAMP, Oids.TIMESTAMPTZ -> session.requireIsoDates();
            case Oids.INTERVAL -> session.require("IntervalStyle");
            default -> {}
        }
        String sql = value.sql();
        return switch (type) {
            case Oids.BOOL -> "(CASE WHEN " + sql + " THEN 't' WHEN NOT " + sql + " THEN 'f' END)";
            case Oids.FLOAT4 -> "mc_f4_text(" + sql + ")";
            case Oids.FLOAT8 -> "mc_f8_text(" + sql + ")";
            case Oids.DATE -> "mc_date_print(" + sql + ")";
            case Oids.TIME -> "mc_time_print(" + sql + ")";
            case Oids.TIMESTAMP -> "mc_timestamp_print(" + sql + ")";
            case Oids.TIMESTAMPTZ -> "mc_timestamptz_print(" + sql + ", " + context.zoneLiteral() + ")";
            case Oids.INTERVAL -> "mc_interval_text(" + sql + ", " + context.major() + ")";
            default -> null;
        };
    }

    /// A text read as a value of another type.
    static Scalar read(Scalar text, int type, Context context) {
        boolean textual = text.form() instanceof Form.Padded
                || (text.form() instanceof Form.Plain(int from) && from == Oids.TEXT);
        String function = switch (type) {
            case Oids.INT2 -> "mc_text_int2";
            case Oids.INT4 -> "mc_text_int4";
            case Oids.INT8 -> "mc_text_int8";
            case Oids.FLOAT4 -> "mc_text_f4";
            case Oids.FLOAT8 -> "mc_text_f8";
            case Oids.NUMERIC -> "mc_text_num";
            case Oids.BOOL -> "mc_text_bool";
            default -> "";
        };
        if (!textual || function.isEmpty()) {
            throw Refusal.because("A cast of text to type %d is not translated.", type);
        }
        Form form = type == Oids.NUMERIC ? new Form.Free() : new Form.Plain(type);
        return Scalar.of(function + "(" + text.sql() + ", " + context.major() + ")", form, true);
    }
}
