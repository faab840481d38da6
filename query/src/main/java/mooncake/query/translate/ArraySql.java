package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Query;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Expressions that make arrays and take them apart.
final class ArraySql {
    private final ExprSql expressions;

    ArraySql(ExprSql expressions) {
        this.expressions = expressions;
    }

    private Context context() {
        return expressions.context();
    }

    /// `ARRAY[...]`
    Scalar list(Expr.Array array) {
        List<Scalar> elements =
                array.elements().stream().map(expressions::translate).toList();
        List<String> texts = new ArrayList<>();
        boolean fails = ExprSql.anyFails(elements);
        for (Scalar element : elements) {
            texts.add(Elements.text(element));
        }
        String list = texts.isEmpty() ? "CAST([] AS VARCHAR[])" : "[" + String.join(", ", texts) + "]";
        return Scalar.of(
                (array.nested() ? "mc_array_nest(" : "mc_array(") + list + ")",
                context().form(array.type(), -1),
                fails || array.nested());
    }

    /// `ARRAY(SELECT ...)`
    Scalar select(Query query) {
        Expr column = query.outputs().getFirst().expr();
        int element = context().types().base(column.type());
        boolean nested = context().types().elementOf(element) != 0;
        int type = nested ? element : mooncake.query.tree.ArrayTypes.arrayOf(element);
        if (type == 0) {
            throw Refusal.because("The type of arrays of type %d is not known.", element);
        }
        Selected select = new QuerySql(context(), query, expressions).translateNumbered();
        String rows = context().name("s");
        Scalar value = select.columns().getFirst().in(rows);
        String order = query.order().isEmpty() ? "" : " ORDER BY " + rows + ".n";
        String make = nested ? "mc_array_gather(" : "mc_array(";
        return Scalar.of(
                "(SELECT coalesce(" + make + "list(" + Elements.text(value) + order + ")), '{}') FROM (" + select.sql()
                        + ") AS " + rows + ")",
                context().form(type, -1),
                nested);
    }

    /// `a[i]` and `a[i:j]`
    Scalar subscript(Expr.Subscript subscript) {
        Scalar container = expressions.translate(subscript.container());
        if (container.form() instanceof Form.Plain(int json) && json == Oids.JSONB) {
            return JsonRules.subscript(container, each(subscript.upper()));
        }
        if (!(container.form() instanceof Form.Document(int type, String _))
                || context().types().elementOf(type) == 0) {
            throw Refusal.because("A subscript of something else than an array is not translated.");
        }
        if (subscript.lower().isEmpty()) {
            List<Scalar> at = each(subscript.upper());
            return Elements.parse(
                    "mc_array_get(" + container.sql() + ", " + integers(at) + ")",
                    context().form(subscript.type(), subscript.typmod()),
                    container.fails() || ExprSql.anyFails(at));
        }
        return slice(container, subscript);
    }

    private List<Scalar> each(List<@Nullable Expr> exprs) {
        List<Scalar> all = new ArrayList<>();
        for (Expr expr : exprs) {
            if (expr == null) {
                throw Refusal.because("A subscript lacks its value.");
            }
            all.add(expressions.translate(expr));
        }
        return all;
    }

    /// With subscripts of both kinds, one that is not a slice counts as one from 1, which the tree shows as such.
    private Scalar slice(Scalar container, Expr.Subscript subscript) {
        List<Scalar> lower = new ArrayList<>();
        List<Scalar> upper = new ArrayList<>();
        StringBuilder given = new StringBuilder();
        Scalar none = Scalar.of("0", new Form.Plain(Oids.INT4), false);
        for (int i = 0; i < subscript.upper().size(); i++) {
            Expr from = subscript.lower().get(i);
            Expr to = subscript.upper().get(i);
            lower.add(from == null ? none : expressions.translate(from));
            upper.add(to == null ? none : expressions.translate(to));
            given.append(from == null ? '0' : '1').append(to == null ? '0' : '1');
        }
        return Scalar.of(
                "mc_array_slice(" + container.sql() + ", " + integers(lower) + ", " + integers(upper) + ", '" + given
                        + "')",
                container.form(),
                container.fails() || ExprSql.anyFails(lower) || ExprSql.anyFails(upper));
    }

    private static String integers(List<Scalar> values) {
        List<String> sql = new ArrayList<>();
        for (Scalar value : values) {
            sql.add("CAST(" + value.sql() + " AS INTEGER)");
        }
        return "[" + String.join(", ", sql) + "]";
    }

    /// A cast of every element.
    Scalar cast(Expr.ArrayCast cast) {
        Scalar array = expressions.translate(cast.arg());
        int from = elementOf(array.form());
        Form result = context().form(cast.type(), -1);
        if (array.form().equals(result)) {
            if (cast.element() instanceof Expr.Relabel) {
                return array;
            }
        }
        String name = context().name("e");
        Scalar element = Elements.parse(name, context().form(from, -1), false);
        Scalar changed = expressions.withCaseValue(element, cast.element());
        return Scalar.of(
                "mc_array_map(" + array.sql() + ", list_transform(mc_array_elements(" + array.sql() + "), lambda "
                        + name + ": " + Elements.text(changed) + "))",
                result,
                array.fails() || changed.fails());
    }

    /// The element type of an array's form.
    int elementOf(Form form) {
        int element = form instanceof Form.Document(int type, String _)
                ? context().types().elementOf(type)
                : 0;
        if (element == 0) {
            throw Refusal.because("A value is not known as an array.");
        }
        return element;
    }
}
