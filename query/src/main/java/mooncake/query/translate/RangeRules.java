package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mooncake.query.exact.Arrays;
import mooncake.query.tree.Refusal;

/// Functions over ranges, multiranges and enums.
final class RangeRules {
    /// Tests of two ranges by their rule; those that are written the other way round have a counterpart.
    private static final Map<String, String> TESTS = Map.of(
            "range_contains", "mc_range_contains",
            "range_overlaps", "mc_range_overlaps",
            "range_before", "mc_range_before",
            "range_overleft", "mc_range_overleft",
            "range_overright", "mc_range_overright",
            "range_adjacent", "mc_range_adjacent");

    private static final Map<String, String> REVERSED =
            Map.of("range_contained", "mc_range_contains", "range_after", "mc_range_before");

    private final Context context;

    RangeRules(Context context) {
        this.context = context;
    }

    /// @param type the result's type
    Scalar apply(FunctionTable.Function function, List<Scalar> args, int type, boolean fails) {
        String rule = function.rule();
        if (TESTS.containsKey(rule)) {
            return test(TESTS.get(rule), args.get(0), args.get(1), fails);
        }
        if (REVERSED.containsKey(rule)) {
            return test(REVERSED.get(rule), args.get(1), args.get(0), fails);
        }
        return switch (rule) {
            case "range_make" -> make(args, type);
            case "range_lower" -> bound("mc_range_lower", args.getFirst(), type, fails);
            case "range_upper" -> bound("mc_range_upper", args.getFirst(), type, fails);
            case "range_union", "range_minus", "range_intersect", "range_merge" ->
                document("mc_" + rule, args, type, true);
            case "multirange_union", "multirange_minus", "multirange_intersect" ->
                document("mc_" + rule, args, type, fails);
            case "range_gather" -> {
                List<String> texts = new ArrayList<>();
                args.forEach(arg -> texts.add(arg.sql()));
                yield Scalar.of(
                        strict(args, "mc_multirange(" + JsonMakes.sqlList(texts) + ", '" + code(form(type)) + "')"),
                        form(type),
                        fails);
            }
            case "range_enum_first" -> label(type, 0);
            case "range_enum_last" -> label(type, -1);
            case "range_enum_all" -> Scalar.of("'" + quoted(labels(element(type))) + "'", form(type), false);
            case "range_enum_between" -> labelsBetween(args, type);
            default -> throw Refusal.because("Rule %s is not known.", rule);
        };
    }

    /// The labels from one to another, NULL standing for the first or the last.
    private Scalar labelsBetween(List<Scalar> args, int type) {
        List<String> all = labels(element(type));
        String list = JsonMakes.sqlList(all.stream().map(Literals::text).toList());
        String from = "coalesce(list_position(" + list + ", " + args.get(0).sql() + "), 1)";
        String to = "coalesce(list_position(" + list + ", " + args.get(1).sql() + "), " + all.size() + ")";
        return Scalar.of("mc_array(" + list + "[" + from + ":" + to + "])", form(type), ExprSql.anyFails(args));
    }

    private Form form(int type) {
        return context.form(type, -1);
    }

    private static String strict(List<Scalar> args, String sql) {
        return args.isEmpty() ? sql : "CASE WHEN " + args.getFirst().sql() + " IS NOT NULL THEN " + sql + " END";
    }

    private Scalar make(List<Scalar> args, int type) {
        String flags = args.size() > 2 ? args.get(2).sql() : "'[)'";
        return Scalar.of(
                "mc_range(" + Elements.text(args.get(0)) + ", " + Elements.text(args.get(1)) + ", " + flags + ", '"
                        + code(form(type)) + "')",
                form(type),
                true);
    }

    private Scalar bound(String name, Scalar range, int type, boolean fails) {
        return Elements.parse(name + "(" + range.sql() + ")", form(type), fails);
    }

    private Scalar test(String name, Scalar left, Scalar right, boolean fails) {
        String code = isRange(left) ? code(left.form()) : code(right.form());
        return Scalar.bool(name + "(" + range(left) + ", " + range(right) + ", '" + code + "')", fails);
    }

    private Scalar document(String name, List<Scalar> args, int type, boolean fails) {
        String code = code(args.get(0).form());
        return Scalar.of(
                name + "(" + args.get(0).sql() + ", " + args.get(1).sql() + ", '" + code + "')", form(type), fails);
    }

    private static boolean isRange(Scalar value) {
        return value.form() instanceof Form.Document(int _, String code)
                && (code.startsWith("range(") || code.startsWith("multirange("));
    }

    /// A single value as the range of it alone.
    private static String range(Scalar value) {
        if (isRange(value)) {
            return value.sql();
        }
        String text = Elements.text(value);
        return "mc_range_single(" + text + ")";
    }

    /// The code of a range's bounds.
    private static String code(Form form) {
        if (form instanceof Form.Document(int _, String code) && code.contains("range(")) {
            return code.substring(code.indexOf('(') + 1, code.length() - 1);
        }
        throw Refusal.because("A value is not known as a range.");
    }

    private Scalar label(int type, int place) {
        List<String> labels = labels(type);
        if (labels.isEmpty()) {
            throw Refusal.because("An enum without labels is not translated.");
        }
        String label = place < 0 ? labels.getLast() : labels.getFirst();
        return Scalar.of("'" + label.replace("'", "''") + "'", form(type), false);
    }

    private int element(int type) {
        return context.types().elementOf(type);
    }

    private static String quoted(List<String> labels) {
        return Arrays.text(labels).replace("'", "''");
    }

    private List<String> labels(int type) {
        if (context.types().user(type) instanceof UserType.Labels(List<String> labels)) {
            return labels;
        }
        throw Refusal.because("Type %d is not known as an enum.", type);
    }
}
