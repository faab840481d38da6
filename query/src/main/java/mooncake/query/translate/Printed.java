package mooncake.query.translate;

import mooncake.query.tree.ArrayTypes;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// Values as the texts that the output functions of their types give in the asking session.
final class Printed {
    private Printed() {}

    static String text(Scalar value, Context context) {
        return switch (value.form()) {
            case Form.Decimal _, Form.Free _, Form.NullNumeric _ -> Forms.free(value);
            case Form.Padded _ -> value.sql();
            case Form.Document(int type, String code) -> document(value.sql(), type, code, context);
            case Form.Plain(int type) -> plain(value.sql(), type, context);
            case Form.Kept(int type, String _) ->
                throw Refusal.because("A cast of type %d to text is not translated.", type);
        };
    }

    /// The text that the cast to text gives, which differs for truth values.
    static String cast(Scalar value, Context context) {
        boolean truth = value.form() instanceof Form.Plain(int type) && type == Oids.BOOL;
        return truth ? "CAST(" + value.sql() + " AS VARCHAR)" : text(value, context);
    }

    private static String plain(String sql, int type, Context context) {
        require(type, context.session());
        return switch (type) {
            case Oids.TEXT, Oids.NAME, Oids.JSON, Oids.JSONB -> sql;
            case Oids.BOOL -> "mc_bool_text(" + sql + ")";
            case Oids.MONEY -> "mc_money_text(" + sql + ")";
            case Oids.BYTEA -> "('\\x' || lower(hex(" + sql + ")))";
            case Oids.FLOAT4 -> "mc_f4_text(" + sql + ")";
            case Oids.FLOAT8 -> "mc_f8_text(" + sql + ")";
            case Oids.DATE -> "mc_date_print(" + sql + ")";
            case Oids.TIME -> "mc_time_print(" + sql + ")";
            case Oids.TIMESTAMP -> "mc_timestamp_print(" + sql + ")";
            case Oids.TIMESTAMPTZ -> "mc_timestamptz_print(" + sql + ", " + context.zoneLiteral() + ")";
            case Oids.INTERVAL -> "mc_interval_text(" + sql + ", " + context.major() + ")";
            default -> "CAST(" + sql + " AS VARCHAR)";
        };
    }

    private static String document(String sql, int type, String code, Context context) {
        int element = context.types().elementOf(type);
        int parts = context.types().base(element == 0 ? bound(type) : element);
        require(parts == 0 ? type : parts, context.session());
        boolean nested = element != 0 && code.contains("range(timestamp)");
        if (parts != Oids.TIMESTAMPTZ && !nested) {
            return sql;
        }
        if (element == 0 || nested) {
            throw Refusal.because("A cast of type %d to text is not translated.", type);
        }
        return zoned(sql, false, context);
    }

    /// The type of the bounds of a range or multirange, 0 for other types.
    private static int bound(int type) {
        int range = ArrayTypes.rangeOf(type);
        return ArrayTypes.boundOf(range == 0 ? type : range);
    }

    /// An array of timestamps with time zone with the texts that these have in the session's zone.
    ///
    /// @param json whether they are written as JSON has them
    static String zoned(String array, boolean json, Context context) {
        return "mc_array_zoned(" + array + ", " + context.zoneLiteral() + ", " + json + ")";
    }

    /// Refuses where the session asks for texts of another look.
    private static void require(int type, Session session) {
        switch (type) {
            case Oids.FLOAT4, Oids.FLOAT8 -> session.requireShortestFloats();
            case Oids.DATE, Oids.TIMESTAMP, Oids.TIMESTAMPTZ, Oids.TIMETZ -> session.requireIsoDates();
            case Oids.INTERVAL -> session.require("IntervalStyle");
            case Oids.BYTEA -> session.require("bytea_output");
            case Oids.MONEY -> session.requireC("lc_monetary");
            default -> {}
        }
    }
}
