package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// Functions over json and jsonb that take values of any type or give numbers.
final class JsonRules {
    private final Context context;

    JsonRules(Context context) {
        this.context = context;
    }

    /// @param type the result's type
    Scalar apply(FunctionTable.Function function, List<Scalar> args, int type, boolean fails) {
        JsonMakes makes = new JsonMakes(context);
        return switch (function.rule()) {
            case "json_to" -> made(makes.json(args.getFirst()), type, fails);
            case "json_to_pretty" -> made(makes.pretty(args), type, fails);
            case "json_set_lax" -> setLax(args, type);
            case "json_list" -> made(makes.list(args), type, fails);
            case "json_object" -> made(makes.object(args), type, fails);
            case "json_set" -> changed("mc_jsonb_set", args, "TRUE", type);
            case "json_insert" -> changed("mc_jsonb_insert", args, "FALSE", type);
            case "json_cast" -> cast(args.getFirst(), type);
            default -> throw Refusal.because("Rule %s is not known.", function.rule());
        };
    }

    private static Scalar made(String json, int type, boolean fails) {
        return Scalar.of(type == Oids.JSONB ? "mc_jsonb_in(" + json + ")" : json, new Form.Plain(type), fails);
    }

    /// The last argument may be left out.
    private static Scalar changed(String name, List<Scalar> args, String otherwise, int type) {
        List<String> sql = new ArrayList<>();
        args.forEach(arg -> sql.add(arg.sql()));
        if (sql.size() == 3) {
            sql.add(otherwise);
        }
        return Scalar.of(name + "(" + String.join(", ", sql) + ")", new Form.Plain(type), true);
    }

    /// What becomes of NULL is said by the last argument.
    private static Scalar setLax(List<Scalar> args, int type) {
        String json = args.get(0).sql();
        String path = args.get(1).sql();
        String value = args.get(2).sql();
        String create = args.get(3).sql();
        String treatment = args.get(4).literalText();
        String set = "mc_jsonb_set(" + json + ", " + path + ", ";
        String instead = switch (treatment) {
            case "use_json_null" -> set + "'null', " + create + ")";
            case "delete_key" -> "mc_jsonb_delete_path(" + json + ", " + path + ")";
            case "return_target" -> json;
            case null, default -> throw Refusal.because("jsonb_set_lax that may raise an error is not translated.");
        };
        return Scalar.of(
                "(CASE WHEN " + json + " IS NULL OR " + path + " IS NULL OR " + create + " IS NULL THEN NULL WHEN "
                        + value + " IS NULL THEN " + instead + " ELSE " + set + value + ", " + create + ") END)",
                new Form.Plain(type),
                true);
    }

    private static Scalar cast(Scalar json, int type) {
        String kind = type == Oids.BOOL ? "boolean" : "number";
        String name = switch (type) {
            case Oids.BOOL -> "boolean";
            case Oids.INT2 -> "smallint";
            case Oids.INT4 -> "integer";
            case Oids.INT8 -> "bigint";
            case Oids.FLOAT4 -> "real";
            case Oids.FLOAT8 -> "double precision";
            default -> "numeric";
        };
        String text = "mc_jsonb_scalar(" + json.sql() + ", '" + kind + "', '" + name + "')";
        return switch (type) {
            case Oids.BOOL -> Scalar.bool("CAST(" + text + " AS BOOLEAN)", true);
            case Oids.NUMERIC -> Scalar.of(text, new Form.Free(), true);
            default -> Scalar.of("mc_num_" + suffix(type) + "(" + text + ")", new Form.Plain(type), true);
        };
    }

    private static String suffix(int type) {
        return switch (type) {
            case Oids.INT2 -> "int2";
            case Oids.INT4 -> "int4";
            case Oids.INT8 -> "int8";
            case Oids.FLOAT4 -> "f4";
            default -> "f8";
        };
    }

    /// `j['a'][1]` of jsonb: each step is a text or a number.
    static Scalar subscript(Scalar container, List<Scalar> steps) {
        List<String> path = new ArrayList<>();
        steps.forEach(step -> path.add("CAST(" + step.sql() + " AS VARCHAR)"));
        return Scalar.of(
                "mc_jsonb_path(" + container.sql() + ", mc_array(" + JsonMakes.sqlList(path) + "))",
                container.form(),
                container.fails() || ExprSql.anyFails(steps));
    }
}
