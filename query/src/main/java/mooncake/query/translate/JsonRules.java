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
