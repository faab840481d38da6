package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.frame.Value;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;

/// `x op ANY (array)` and `x op ALL (array)` for arrays of constants or listed elements.
final class ArrayTestSql {
    private static final int ELEMENTS_MAX = 10_000;

    private final ExprSql expressions;

    ArrayTestSql(ExprSql expressions) {
        this.expressions = expressions;
    }

    Scalar translate(Expr.ArrayTest test) {
        Scalar left = expressions.translate(test.left());
        if (!isListed(test.array())) {
            return overValue(test, left, expressions.translate(test.array()));
        }
        List<Scalar> elements = elements(test.array());
        if (elements.size() > ELEMENTS_MAX) {
            throw Refusal.because("A list of more than %d elements is not translated.", ELEMENTS_MAX);
        }
        if (elements.isEmpty()) {
            return Scalar.bool(test.any() ? "FALSE" : "TRUE", left.fails());
        }
        FunctionTable.Function function = FunctionTable.scalar(test.function());
        CallSql calls = new CallSql(expressions);
        List<String> single = new ArrayList<>();
        List<String> members = new ArrayList<>();
        String side = null;
        boolean list = true;
        boolean fails = left.fails();
        for (Scalar element : elements) {
            Scalar call = calls.call(test.function(), Oids.BOOL, test.inputCollation(), List.of(left, element));
            single.add(call.sql());
            fails |= call.fails();
            CallSql.Comparison comparison = calls.comparison(function, List.of(left, element), test.inputCollation());
            list &= comparison != null
                    && comparison.operator().equals(test.any() ? "=" : "<>")
                    && (side == null || side.equals(comparison.left()));
            if (comparison != null) {
                side = comparison.left();
                members.add(comparison.right());
            }
        }
        String sql = list
                ? "(" + side + (test.any() ? " IN (" : " NOT IN (") + String.join(", ", members) + "))"
                : "(" + String.join(test.any() ? " OR " : " AND ", single) + ")";
        return Scalar.bool(sql, fails);
    }

    /// Every element of an array that may differ from row to row.
    private Scalar overValue(Expr.ArrayTest test, Scalar left, Scalar array) {
        String name = expressions.context().name("e");
        int element = new ArraySql(expressions).elementOf(array.form());
        Scalar each = Elements.parse(name, expressions.context().form(element, -1), false);
        Scalar call =
                new CallSql(expressions).call(test.function(), Oids.BOOL, test.inputCollation(), List.of(left, each));
        return Scalar.bool(
                (test.any() ? "mc_any" : "mc_all") + "(list_transform(mc_array_elements(" + array.sql() + "), lambda "
                        + name + ": " + call.sql() + "))",
                array.fails() || call.fails());
    }

    /// Whether the elements are known one by one.
    private boolean isListed(Expr array) {
        return switch (array) {
            case Expr.Array list -> !list.nested();
            case Expr.Param param -> {
                Value value = expressions.context().value(param.number());
                String text = value.text();
                yield text != null && !text.startsWith("{{") && !text.startsWith("[") && isSimple(value.type());
            }
            case Expr.Relabel(Expr arg, int type, int _, int _) -> isText(type) && isText(arg.type()) && isListed(arg);
            case Expr.ArrayCast(Expr arg, Expr _, int type, int _) ->
                isText(type) && isText(arg.type()) && isListed(arg);
            default -> false;
        };
    }

    private static boolean isSimple(int arrayType) {
        int element = Oids.elementOf(arrayType);
        return element != 0 && Oids.elementOf(element) == 0;
    }

    private List<Scalar> elements(Expr array) {
        return switch (array) {
            case Expr.Array list ->
                list.elements().stream().map(expressions::translate).toList();
            case Expr.Param param -> constants(expressions.context().value(param.number()));
            case Expr.Relabel(Expr arg, int type, int _, int _)
            when isText(type) && isText(arg.type()) -> elements(arg);
            case Expr.ArrayCast(Expr arg, Expr element, int type, int _)
            when element instanceof Expr.Relabel(Expr seen, int _, int _, int _)
                    && seen instanceof Expr.CaseValue
                    && isText(type)
                    && isText(arg.type()) -> elements(arg);
            default -> throw Refusal.because("ANY and ALL are translated for lists and constants only.");
        };
    }

    private static boolean isText(int arrayType) {
        int element = Oids.elementOf(arrayType);
        return element == Oids.TEXT || element == Oids.VARCHAR;
    }

    private List<Scalar> constants(Value array) {
        String text = array.text();
        int element = Oids.elementOf(array.type());
        if (text == null || element == 0) {
            throw Refusal.because("ANY and ALL are translated for known arrays only.");
        }
        List<Scalar> elements = new ArrayList<>();
        for (String item : Literals.elements(text)) {
            elements.add(expressions.context().literal(new Value(element, array.typmod(), true, item)));
        }
        return elements;
    }
}
