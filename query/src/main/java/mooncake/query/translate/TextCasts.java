package mooncake.query.translate;

import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// Casts that read a value from its type's text form.
final class TextCasts {
    private TextCasts() {}

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
        if (textual && function.isEmpty()) {
            return other(text.sql(), type, context);
        }
        if (!textual) {
            throw Refusal.because("A cast of text to type %d is not translated.", type);
        }
        Form form = type == Oids.NUMERIC ? new Form.Free() : new Form.Plain(type);
        return Scalar.of(function + "(" + text.sql() + ", " + context.major() + ")", form, true);
    }

    private static Scalar other(String text, int type, Context context) {
        Session session = context.session();
        String order = ", " + Literals.text(session.dateOrder());
        String sql = switch (type) {
            case Oids.BYTEA ->
                "(CASE WHEN starts_with(" + text + ", '\\x') THEN mc_decode(substr(" + text
                        + ", 3), 'hex') ELSE mc_decode(" + text + ", 'escape') END)";
            case Oids.UUID -> "CAST(mc_uuid(" + text + ") AS UUID)";
            case Oids.DATE -> "mc_text_date(" + text + order + ")";
            case Oids.TIME -> "mc_text_time(" + text + ")";
            case Oids.TIMESTAMP -> "mc_text_timestamp(" + text + order + ")";
            case Oids.TIMESTAMPTZ -> "mc_text_timestamptz(" + text + order + ", " + context.zoneLiteral() + ")";
            case Oids.INTERVAL -> {
                session.require("IntervalStyle");
                yield "mc_text_interval(" + text + ", " + context.major() + ")";
            }
            default -> throw Refusal.because("A cast of text to type %d is not translated.", type);
        };
        return Scalar.of(sql, new Form.Plain(type), true);
    }
}
