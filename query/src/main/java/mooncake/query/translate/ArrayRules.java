package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// Functions over arrays whose elements may be of any type.
final class ArrayRules {
    private final Context context;
    private final int inputCollation;

    ArrayRules(Context context, int inputCollation) {
        this.context = context;
        this.inputCollation = inputCollation;
    }

    /// @param type the result's type
    Scalar apply(FunctionTable.Function function, List<Scalar> args, int type, boolean fails) {
        return switch (function.rule()) {
            case "array_append" -> call("mc_array_append", texts(args), type, fails);
            case "array_prepend" -> call("mc_array_prepend", texts(args), type, fails);
            case "array_position" -> {
                List<String> sql = texts(args.subList(0, 2));
                sql.add(args.size() > 2 ? args.get(2).sql() : "-2147483648");
                sql.set(2, "CAST(" + sql.get(2) + " AS INTEGER)");
                sql.add(code(args.getFirst()));
                yield call("mc_array_position", sql, type, fails);
            }
            case "array_positions" -> searched("mc_array_positions", args, type, fails);
            case "array_remove" -> searched("mc_array_remove", args, type, fails);
            case "array_replace" -> searched("mc_array_replace", args, type, fails);
            case "array_contains" -> searched("mc_array_contains", args, type, fails);
            case "array_contained" -> searched("mc_array_contains", List.of(args.get(1), args.get(0)), type, fails);
            case "array_overlap" -> searched("mc_array_overlaps", args, type, fails);
            case "array_larger" -> extreme(args, "mc_key(%1$s, %3$s) < mc_key(%2$s, %3$s)", type, fails);
            case "array_smaller" -> extreme(args, "mc_key(%1$s, %3$s) > mc_key(%2$s, %3$s)", type, fails);
            case "array_compare" -> {
                yield call(
                        "mc_compare",
                        List.of(args.get(0).sql(), args.get(1).sql(), orderCode(args.getFirst())),
                        type,
                        fails);
            }
            case "array_width_bucket" -> {
                orderCode(args.get(1));
                List<String> sql = texts(args);
                sql.add(code(args.get(1)));
                yield call("mc_array_bucket", sql, type, fails);
            }
            case "array_to_string" -> {
                List<String> sql = texts(args);
                sql.set(0, Printed.text(args.getFirst(), context));
                if (sql.size() == 2) {
                    sql.add("NULL");
                }
                yield call("mc_array_to_string", sql, type, fails);
            }
            case "array_fill" -> call("mc_array_fill", texts(args), type, fails);
            default -> throw Refusal.because("Rule %s is not known.", function.rule());
        };
    }

    private Scalar call(String name, List<String> args, int type, boolean fails) {
        return Scalar.of(name + "(" + String.join(", ", args) + ")", context.form(type, -1), fails);
    }

    private Scalar searched(String name, List<Scalar> args, int type, boolean fails) {
        List<String> sql = texts(args);
        sql.add(code(args.getFirst()));
        return call(name, sql, type, fails);
    }

    private Scalar extreme(List<Scalar> args, String condition, int type, boolean fails) {
        String a = args.get(0).sql();
        String b = args.get(1).sql();
        String code = orderCode(args.get(0));
        String decides = String.format(java.util.Locale.ROOT, condition, a, b, code);
        return Scalar.of(
                "(CASE WHEN " + a + " IS NULL OR " + b + " IS NULL THEN NULL WHEN " + decides + " THEN " + b + " ELSE "
                        + a + " END)",
                context.form(type, -1),
                fails);
    }

    private static List<String> texts(List<Scalar> args) {
        List<String> texts = new ArrayList<>();
        for (Scalar arg : args) {
            texts.add(Elements.text(arg));
        }
        return texts;
    }

    /// The code of whole arrays as a literal, for which their elements have to be ordered.
    private String orderCode(Scalar array) {
        String code = context.types().code(array.form());
        if (code.contains("text")) {
            context.collations().requireOrder(inputCollation);
        }
        if (code.contains("jsonb")) {
            context.collations().requireOrder(Collations.DEFAULT);
        }
        return Literals.text(code);
    }

    /// The code of an array's elements as a literal.
    private String code(Scalar array) {
        int element = array.form() instanceof Form.Document(int type, String _)
                ? context.types().elementOf(type)
                : 0;
        String code = context.types()
                .code(element)
                .orElseThrow(() -> Refusal.because("Elements of type %d are not compared.", element));
        if (code.contains("text")) {
            context.collations().requireEquality(inputCollation);
        }
        if (code.contains("none")) {
            throw Refusal.because("Values of type %d have no equality.", Oids.JSON);
        }
        return Literals.text(code);
    }
}
