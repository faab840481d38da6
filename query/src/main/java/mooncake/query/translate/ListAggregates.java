package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// Aggregates that gather all values of a group: a list of DuckDB in the order that is asked for, made into an array or
/// JSON.
final class ListAggregates {
    private final ExprSql expressions;

    ListAggregates(ExprSql expressions) {
        this.expressions = expressions;
    }

    static boolean isListed(FunctionTable.Function function) {
        return function.form().startsWith("@list_");
    }

    /// @param args translated, guarded by the filter
    /// @param type the result's type
    Scalar build(FunctionTable.Function function, List<Scalar> args, int type, AggregateSql.Frame frame) {
        Scalar value = args.getFirst();
        JsonMakes makes = new JsonMakes(expressions.context());
        if (!frame.distinct()) {
            String list = frame.call("list", item(function, args, makes));
            return finished(function, list, type, value, ExprSql.anyFails(args));
        }
        if (args.size() > 1 || Forms.isKeyed(value.form())) {
            throw Refusal.because("Aggregate %s of distinct values is not translated.", function.signature());
        }
        Scalar each = Scalar.of("v", value.form(), false);
        String list = "list_transform(" + frame.call("list", value.sql()) + ", lambda v : "
                + item(function, List.of(each), makes) + ")";
        return finished(function, list, type, value, ExprSql.anyFails(args));
    }

    private static String item(FunctionTable.Function function, List<Scalar> args, JsonMakes makes) {
        return switch (function.rule()) {
            case "list_array", "list_arrays", "list_ranges" -> Elements.text(args.getFirst());
            case "list_json" -> makes.json(args.getFirst());
            case "list_object" -> "{'k': " + makes.key(args.get(0)) + ", 'v': " + makes.json(args.get(1)) + "}";
            default -> throw Refusal.because("Rule %s is not known.", function.rule());
        };
    }

    private Scalar finished(FunctionTable.Function function, String list, int type, Scalar value, boolean fails) {
        return switch (function.rule()) {
            case "list_array" -> Scalar.of("mc_array(" + list + ")", form(type), fails);
            case "list_arrays" -> Scalar.of("mc_array_gather(" + list + ")", form(type), true);
            case "list_ranges" -> {
                String code = form(type) instanceof Form.Document(int _, String name) ? name : "";
                String bound = code.substring(code.indexOf('(') + 1, code.length() - 1);
                yield Scalar.of("mc_multirange(" + list + ", '" + bound + "')", form(type), fails);
            }
            case "list_json" -> json("mc_json_list(" + list + ", '" + separator(type, value) + "')", type, fails);
            default ->
                json(
                        "mc_json_build_object(list_transform(" + list + ", lambda e : e.k), list_transform(" + list
                                + ", lambda e : e.v), '{ }')",
                        type,
                        true);
        };
    }

    private Form form(int type) {
        return expressions.context().form(type, -1);
    }

    private static Scalar json(String sql, int type, boolean fails) {
        return Scalar.of(type == Oids.JSONB ? "mc_jsonb_in(" + sql + ")" : sql, new Form.Plain(type), fails);
    }

    /// Arrays and rows begin a new line in json_agg.
    private String separator(int type, Scalar value) {
        boolean structured = value.form() instanceof Form.Document(int array, String _)
                && expressions.context().types().elementOf(array) != 0;
        return type == Oids.JSON && structured ? ", \n " : ", ";
    }
}
