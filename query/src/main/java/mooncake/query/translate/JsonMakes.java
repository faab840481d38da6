package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// JSON texts of values, as to_json gives them.
final class JsonMakes {
    private final Context context;

    JsonMakes(Context context) {
        this.context = context;
    }

    /// The JSON of a value; NULL for NULL.
    String json(Scalar value) {
        return switch (value.form()) {
            case Form.Decimal _, Form.Free _, Form.NullNumeric _ -> "mc_json_number(" + Forms.free(value) + ")";
            case Form.Padded _ -> "mc_json_quote(" + value.sql() + ")";
            case Form.Document(int type, String _) -> {
                int element = context.types().elementOf(type);
                yield element == 0
                        ? "mc_json_quote(" + value.sql() + ")"
                        : "mc_json_of_array(" + array(value.sql(), element) + ", '" + elementKind(element) + "')";
            }
            case Form.Kept(int type, String _) -> throw Refusal.because("JSON of type %d is not translated.", type);
            case Form.Plain(int type) ->
                switch (type) {
                    case Oids.BOOL, Oids.INT2, Oids.INT4, Oids.INT8 -> "CAST(" + value.sql() + " AS VARCHAR)";
                    case Oids.FLOAT4, Oids.FLOAT8 -> "mc_json_number(" + Printed.text(value, context) + ")";
                    case Oids.JSON, Oids.JSONB -> value.sql();
                    case Oids.TIMESTAMP -> "mc_json_quote(mc_timestamp_iso(" + value.sql() + "))";
                    case Oids.TIMESTAMPTZ ->
                        "mc_json_quote(mc_timestamp_iso(" + value.sql() + ", " + context.zoneLiteral() + "))";
                    case Oids.DATE -> "mc_json_quote(" + Elements.text(value) + ")";
                    default -> "mc_json_quote(" + Printed.text(value, context) + ")";
                };
        };
    }

    /// An array with or without line feeds between its elements.
    String pretty(List<Scalar> args) {
        Scalar array = args.get(0);
        int element = array.form() instanceof Form.Document(int type, String _)
                ? context.types().elementOf(type)
                : 0;
        if (element == 0) {
            throw Refusal.because("JSON of something else than an array is not translated.");
        }
        String call = "mc_json_of_array(" + array(array.sql(), element) + ", '" + elementKind(element) + "'";
        String lines = args.get(1).sql();
        return "CASE WHEN " + lines + " THEN " + call + ", TRUE) WHEN NOT " + lines + " THEN " + call + ") END";
    }

    private String array(String sql, int element) {
        return context.types().base(element) == Oids.TIMESTAMPTZ ? Printed.zoned(sql, true, context) : sql;
    }

    private String elementKind(int type) {
        return switch (context.types().base(type)) {
            case Oids.BOOL -> "boolean";
            case Oids.INT2, Oids.INT4, Oids.INT8, Oids.NUMERIC, Oids.FLOAT4, Oids.FLOAT8 -> "number";
            case Oids.JSON, Oids.JSONB -> "json";
            case Oids.TIMESTAMP -> "timestamp";
            default -> "text";
        };
    }

    /// The JSON string of a value that is a key.
    String key(Scalar value) {
        boolean scalar = switch (value.form()) {
            case Form.Document(int type, String _) -> context.types().elementOf(type) == 0;
            case Form.Plain(int type) -> type != Oids.JSON && type != Oids.JSONB;
            default -> true;
        };
        if (!scalar) {
            throw Refusal.because("A key that is no scalar is not translated.");
        }
        boolean quoted =
                value.form() instanceof Form.Plain(int type) && (type == Oids.TIMESTAMP || type == Oids.TIMESTAMPTZ);
        if (quoted) {
            return json(value);
        }
        String text = value.form() instanceof Form.Plain(int type) && type == Oids.DATE
                ? Elements.text(value)
                : Printed.cast(value, context);
        return "mc_json_quote(" + text + ")";
    }

    String list(List<Scalar> values) {
        List<String> items = new ArrayList<>();
        values.forEach(value -> items.add(json(value)));
        return "mc_json_list(" + sqlList(items) + ", ', ')";
    }

    String object(List<Scalar> args) {
        if (args.size() % 2 != 0) {
            throw Refusal.because("An object of an odd number of arguments is not translated.");
        }
        List<String> keys = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < args.size(); i += 2) {
            keys.add(key(args.get(i)));
            values.add(json(args.get(i + 1)));
        }
        return "mc_json_build_object(" + sqlList(keys) + ", " + sqlList(values) + ", '{}')";
    }

    static String sqlList(List<String> items) {
        return items.isEmpty() ? "CAST([] AS VARCHAR[])" : "[" + String.join(", ", items) + "]";
    }
}
