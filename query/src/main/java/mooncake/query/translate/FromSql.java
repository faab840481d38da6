package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Query;
import mooncake.query.tree.Query.From;
import mooncake.query.tree.Query.JoinKind;
import mooncake.query.tree.RangeEntry;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// FROM. Tables are taken in order, so that a condition or a LATERAL sub-SELECT finds those before it.
final class FromSql {
    private final Scope scope;

    FromSql(Scope scope) {
        this.scope = scope;
    }

    /// The clause without its keyword, empty for a SELECT without FROM.
    String translate() {
        List<String> items = new ArrayList<>();
        for (From item : scope.query().from()) {
            items.add(item(item));
        }
        return String.join(", ", items);
    }

    private String item(From item) {
        return switch (item) {
            case From.Table(int table) -> table(table);
            case From.Join(JoinKind kind, From left, From right, Expr on) -> {
                String leftSql = item(left);
                String rightSql = item(right);
                if (kind == JoinKind.FULL && on != null && !isFullJoinable(on)) {
                    throw Refusal.because("Postgres has no FULL JOIN on such a condition.");
                }
                String condition = on == null ? null : new ExprSql(scope).condition(on);
                if (on != null && kind == JoinKind.INNER) {
                    NeededRanges.note(scope, on);
                }
                if (condition == null) {
                    if (kind != JoinKind.INNER) {
                        condition = "TRUE";
                    } else {
                        yield "(" + leftSql + " CROSS JOIN " + rightSql + ")";
                    }
                }
                yield "(" + leftSql + " " + kind + " JOIN " + rightSql + " ON " + condition + ")";
            }
        };
    }

    /// Whether Postgres may find a way to run a FULL JOIN: by an equality, or on a constant.
    private static boolean isFullJoinable(Expr on) {
        return switch (on) {
            case Expr.Param _ -> true;
            case Expr.Bool(Expr.Logic logic, List<Expr> args)
            when logic == Expr.Logic.AND -> args.stream().anyMatch(FromSql::isFullJoinable);
            case Expr.Call call -> FunctionTable.isEquality(call.function());
            default -> false;
        };
    }

    private String table(int table) {
        Context context = scope.context();
        String alias = context.name("t");
        return switch (scope.entry(table)) {
            case RangeEntry.Relation(int relation, RangeEntry.Sample sample, List<Expr> policies) -> {
                int use = context.addMirror(relation);
                scope.add(table, new Scope.Source.Mirror(use, alias));
                String rows = Context.MARK + use + Context.MARK + " AS " + alias + sample(sample);
                yield policies.isEmpty() ? rows : permitted(rows, policies, alias);
            }
            case RangeEntry.Shipped(int shipment) -> {
                scope.add(table, new Scope.Source.Shipped(shipment, alias));
                yield Context.MARK + Context.SHIPPED + shipment + Context.MARK + " AS " + alias;
            }
            case RangeEntry.SubSelect(var query, boolean lateral, boolean barrier) -> {
                if (barrier) {
                    context.noteLateRefusal();
                }
                QuerySql part = new QuerySql(context, query, new ExprSql(scope));
                boolean ordered = isInputOrder(query);
                Selected select = ordered ? part.translateNumbered() : part.translate();
                if (ordered) {
                    scope.orderInput(alias + ".n");
                }
                scope.add(table, new Scope.Source.Select(alias, select));
                yield (lateral ? "LATERAL (" : "(") + select.sql() + ") AS " + alias;
            }
            case RangeEntry.CommonTableUse use -> {
                Scope.CommonTable common = scope.commonTable(use);
                scope.add(table, new Scope.Source.Select(alias, common.select()));
                yield common.name() + " AS " + alias;
            }
            case RangeEntry.Functions functions -> {
                Selected select = new SetFunctions(new ExprSql(scope)).table(functions);
                scope.add(table, new Scope.Source.Select(alias, select));
                yield (functions.lateral() ? "LATERAL (" : "(") + select.sql() + ") AS " + alias;
            }
            case RangeEntry.Rows rows -> {
                Selected select = rows(rows);
                scope.add(table, new Scope.Source.Select(alias, select));
                yield (rows.lateral() ? "LATERAL (" : "(") + select.sql() + ") AS " + alias;
            }
            case RangeEntry.Unusable(String reason) -> throw Refusal.because("%s", reason);
            case RangeEntry.Join _, RangeEntry.Group _ -> throw Refusal.because("FROM names a table of columns.");
        };
    }

    /// The rows that policies permit. DuckDB may take conditions from above first, which show rows in no other way than
    /// by their errors: no error of such a query is told, Postgres raises what there is to raise.
    private String permitted(String rows, List<Expr> policies, String alias) {
        scope.context().noteLateRefusal();
        ExprSql expressions = new ExprSql(scope);
        List<String> conditions = new ArrayList<>();
        for (Expr policy : policies) {
            conditions.add(expressions.condition(policy));
            NeededRanges.note(scope, policy);
        }
        return "(SELECT * FROM " + rows + " WHERE " + String.join(" AND ", conditions) + ") AS " + alias;
    }

    /// Any sample is as good as another, but one with a seed would have to be the same each time.
    private String sample(RangeEntry.@Nullable Sample sample) {
        if (sample == null) {
            return "";
        }
        String percent = new ExprSql(scope).translate(sample.percent()).literalText();
        if (percent == null || sample.seed() != null) {
            throw Refusal.because("TABLESAMPLE is translated for a constant percentage without REPEATABLE only.");
        }
        double part = Double.parseDouble(percent);
        if (!(part >= 0 && part <= 100)) {
            throw Refusal.because("TABLESAMPLE of %s percent is an error.", percent);
        }
        return " TABLESAMPLE bernoulli(" + new java.math.BigDecimal(percent).toPlainString() + " PERCENT)";
    }

    /// Whether aggregates of this level take their rows in the order of the only sub-SELECT in FROM.
    private boolean isInputOrder(Query part) {
        return scope.query().aggregates()
                && !part.order().isEmpty()
                && scope.query().from().size() == 1
                && scope.query().from().getFirst() instanceof From.Table;
    }

    private Selected rows(RangeEntry.Rows rows) {
        ExprSql expressions = new ExprSql(scope);
        List<List<Scalar>> cells = new ArrayList<>();
        for (List<Expr> row : rows.rows()) {
            cells.add(row.stream().map(expressions::translate).toList());
        }
        int width = rows.types().size();
        List<Form> forms = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            int index = i;
            Form form = Forms.common(cells.stream().map(row -> row.get(index)).toList());
            forms.add(form);
            columns.add(new Column(i + 1, form, rows.rows().getFirst().get(i).collation()));
        }
        List<String> selects = new ArrayList<>();
        for (List<Scalar> row : cells) {
            List<String> targets = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                Scalar cell = Forms.convert(row.get(i), forms.get(i));
                Forms.addTarget(targets, cell, i + 1);
            }
            selects.add("SELECT " + String.join(", ", targets));
        }
        return new Selected(String.join(" UNION ALL ", selects), columns);
    }
}
