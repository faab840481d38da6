package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.ArrayTypes;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// Functions that return the parts of arrays and of JSON as rows.
final class DocumentRows {
    private DocumentRows() {}

    static RowList apply(FunctionTable.Function function, List<Scalar> args, Context context) {
        Scalar value = args.getFirst();
        String name = function.signature().substring(0, function.signature().indexOf('('));
        boolean binary = name.startsWith("jsonb");
        String prefix = binary ? "mc_jsonb_" : "mc_json_";
        String named = "(" + value.sql() + (binary ? ")" : ", '" + name + "')");
        Form json = new Form.Plain(binary ? Oids.JSONB : Oids.JSON);
        Form text = new Form.Plain(Oids.TEXT);
        return switch (function.rule()) {
            case "unnest" -> unnest(value, context);
            case "unnest_ranges" -> {
                Form form = context.form(
                        value.form() instanceof Form.Document(int type, String _) ? ArrayTypes.rangeOf(type) : 0, -1);
                yield RowList.of("mc_multirange_ranges(" + value.sql() + ")", form, value.fails());
            }
            case "subscripts" -> subscripts(args);
            case "json_elements" -> RowList.of(prefix + "elements" + named, json, true);
            case "json_elements_text" -> RowList.of(prefix + "elements_text" + named, text, true);
            case "json_keys" -> RowList.of(prefix + "keys(" + value.sql() + ", '" + name + "')", text, true);
            case "json_each" -> members(value, prefix, name, "values", json);
            case "json_each_text" -> members(value, prefix, name, "values_text", text);
            default -> throw Refusal.because("Function %s is not translated.", function.signature());
        };
    }

    private static RowList members(Scalar value, String prefix, String name, String values, Form form) {
        String zipped = "list_zip(" + prefix + "keys(" + value.sql() + ", '" + name + "'), " + prefix + values + "("
                + value.sql() + "))";
        return new RowList(
                "list_transform(" + zipped + ", lambda z : {'c1': z[1], 'c2': z[2]})",
                List.of(new Form.Plain(Oids.TEXT), form),
                true);
    }

    private static RowList unnest(Scalar array, Context context) {
        int element = array.form() instanceof Form.Document(int type, String _)
                ? context.types().elementOf(type)
                : 0;
        if (element == 0) {
            throw Refusal.because("unnest of something else than an array is not translated.");
        }
        Form form = context.form(element, -1);
        Scalar each = Elements.parse("e", form, false);
        String elements = "mc_array_elements(" + array.sql() + ")";
        String sql =
                each.sql().equals("e") ? elements : "list_transform(" + elements + ", lambda e : " + each.sql() + ")";
        return RowList.of(sql, form, array.fails());
    }

    private static RowList subscripts(List<Scalar> args) {
        String array = args.get(0).sql();
        String dimension = args.get(1).sql();
        String series = "CAST(generate_series(CAST(mc_array_lower(" + array + ", " + dimension
                + ") AS BIGINT), CAST(mc_array_upper(" + array + ", " + dimension + ") AS BIGINT)) AS INTEGER[])";
        String sql = args.size() < 3
                ? series
                : "CASE WHEN " + args.get(2).sql() + " IS NULL THEN NULL WHEN "
                        + args.get(2).sql() + " THEN list_reverse(" + series + ") ELSE " + series + " END";
        return RowList.of(sql, new Form.Plain(Oids.INT4), ExprSql.anyFails(args));
    }
}
