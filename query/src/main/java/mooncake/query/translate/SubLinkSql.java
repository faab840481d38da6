package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Query;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Sub-SELECTs inside expressions.
final class SubLinkSql {
    private final ExprSql expressions;

    SubLinkSql(ExprSql expressions) {
        this.expressions = expressions;
    }

    Scalar translate(Expr.SubLink link) {
        return switch (link.kind()) {
            case EXISTS -> Scalar.bool("EXISTS (" + select(link.query()).translateForExistence() + ")", false);
            case VALUE -> value(link.query());
            case ANY -> test(link, true);
            case ALL -> test(link, false);
            case ROW -> row(link);
            case ARRAY -> new ArraySql(expressions).select(link.query());
        };
    }

    private QuerySql select(Query query) {
        return new QuerySql(expressions.context(), query, expressions);
    }

    /// A scalar sub-SELECT; a second column with a display scale cannot come out of one.
    private Scalar value(Query query) {
        Selected select = select(query).translate();
        if (select.columns().size() != 1) {
            throw Refusal.because(
                    "A scalar sub-SELECT has %d columns.", select.columns().size());
        }
        String alias = expressions.context().name("s");
        Scalar column = select.columns().getFirst().in(alias);
        if (column.form() instanceof Form.Decimal decimal && decimal.shown() != null) {
            return Scalar.of(
                    "(SELECT " + Forms.free(column) + " FROM (" + select.sql() + ") AS " + alias + ")",
                    new Form.Free(),
                    false);
        }
        return Scalar.of("(" + select.sql() + ")", column.form(), false);
    }

    /// A row compared with the only row of a sub-SELECT; null when there is none.
    private Scalar row(Expr.SubLink link) {
        Expr test = link.test();
        if (test == null) {
            throw Refusal.because("A sub-SELECT is tested by nothing.");
        }
        Selected select = select(link.query()).translate();
        String alias = expressions.context().name("s");
        List<Scalar> columns =
                select.columns().stream().map(column -> column.in(alias)).toList();
        Scalar answer = expressions.testing(columns).translate(test);
        return Scalar.bool("(SELECT " + answer.sql() + " FROM (" + select.sql() + ") AS " + alias + ")", false);
    }

    private Scalar test(Expr.SubLink link, boolean any) {
        Expr test = link.test();
        if (test == null) {
            throw Refusal.because("A sub-SELECT is tested by nothing.");
        }
        Selected select = select(link.query()).translate();
        String alias = expressions.context().name("s");
        List<Scalar> columns = new ArrayList<>();
        for (Column column : select.columns()) {
            columns.add(column.in(alias));
        }
        ExprSql inner = expressions.testing(columns);
        String from = " FROM (" + select.sql() + ") AS " + alias;
        String in = any ? membership(test, inner, from) : null;
        if (in != null) {
            return Scalar.bool(in, false);
        }
        String condition = inner.translate(test).sql();
        String decides = any ? condition : "NOT " + condition;
        String exists = "EXISTS (SELECT 1" + from + " WHERE ";
        return Scalar.bool(
                "(CASE WHEN " + exists + decides + ") THEN " + (any ? "TRUE" : "FALSE") + " WHEN " + exists + condition
                        + " IS NULL) THEN NULL ELSE " + (any ? "FALSE" : "TRUE") + " END)",
                false);
    }

    /// `x IN (SELECT y)` for an equality of one column, which DuckDB runs as a join with Postgres' treatment of nulls.
    private static @Nullable String membership(Expr test, ExprSql inner, String from) {
        boolean single = test instanceof Expr.Call call
                && call.args().size() == 2
                && !mentions(call.args().get(0))
                && call.args().get(1) instanceof Expr.SubLinkColumn;
        if (!single || !(test instanceof Expr.Call call)) {
            return null;
        }
        Scalar left = inner.translate(call.args().get(0));
        Scalar right = inner.translate(call.args().get(1));
        inner.translate(test);
        CallSql.Comparison comparison = new CallSql(inner)
                .comparison(FunctionTable.scalar(call.function()), List.of(left, right), call.inputCollation());
        return comparison != null && comparison.operator().equals("=")
                ? "(" + comparison.left() + " IN (SELECT " + comparison.right() + from + "))"
                : null;
    }

    /// Whether the sub-SELECT's column may hide in the left side: only plain shapes are known not to hold it.
    private static boolean mentions(Expr expr) {
        return switch (expr) {
            case Expr.Var _, Expr.Param _ -> false;
            case Expr.Call call -> call.args().stream().anyMatch(SubLinkSql::mentions);
            case Expr.Relabel relabel -> mentions(relabel.arg());
            default -> true;
        };
    }
}
