package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import mooncake.query.tree.SortKey;
import mooncake.query.tree.Target;

/// Aggregates WITHIN GROUP (ORDER BY ...): the group's values are gathered as a sorted list, of which
/// one is taken; a row that might be among them is ranked by counting those before it.
final class OrderedSetSql {
    private static final Form COUNT = new Form.Plain(Oids.INT8);
    private static final Form RATIO = new Form.Plain(Oids.FLOAT8);

    private final ExprSql rows;
    private final ExprSql groups;
    private final Exports exports;

    /// @param rows expressions over the rows of a group
    /// @param groups expressions over the groups
    OrderedSetSql(ExprSql rows, ExprSql groups, Exports exports) {
        this.rows = rows;
        this.groups = groups;
        this.exports = exports;
    }

    Scalar translate(Expr.Aggregate aggregate) {
        FunctionTable.Function function = FunctionTable.aggregate(aggregate.function());
        return switch (function.rule()) {
            case "percentile_disc", "percentile_cont" ->
                function.signature().contains("[]")
                        ? percentiles(aggregate, function)
                        : percentile(aggregate, function);
            case "mode" -> mode(aggregate);
            case "rank" -> rank(aggregate);
            case "dense_rank" -> denseRank(aggregate);
            case "percent_rank" -> percentRank(aggregate);
            case "cume_dist" -> cumulative(aggregate);
            default -> throw Refusal.because("Aggregate %s is not translated.", function.signature());
        };
    }

    /// The column of the list.
    private String sorted(Expr.Aggregate aggregate, Scalar value) {
        SortKey key = aggregate.order().getFirst();
        Target target = QuerySql.target(aggregate.args(), key.ref());
        String order = orderKey(value, target) + QuerySql.direction(key);
        return exports.addRaw("list(" + value.sql() + " ORDER BY " + order + ") FILTER (WHERE " + value.sql()
                + " IS NOT NULL" + filter(aggregate) + ")");
    }

    private String orderKey(Scalar value, Target target) {
        return Forms.orderKey(value, target.expr().collation(), rows.context().collations());
    }

    private String filter(Expr.Aggregate aggregate) {
        Expr filter = aggregate.filter();
        return filter == null ? "" : " AND " + rows.translate(filter).sql();
    }

    private Scalar value(Expr.Aggregate aggregate) {
        Scalar value = rows.translate(aggregate.args().getFirst().expr());
        return value.form() instanceof Form.Decimal decimal && decimal.shown() != null
                ? Forms.convert(value, new Form.Free())
                : value;
    }

    private Scalar percentile(Expr.Aggregate aggregate, FunctionTable.Function function) {
        Scalar value = value(aggregate);
        String list = sorted(aggregate, value);
        String fraction = groups.translate(aggregate.direct().getFirst()).sql();
        return percentile(function, value, list, fraction);
    }

    private static Scalar percentile(FunctionTable.Function function, Scalar value, String list, String fraction) {
        String at = fraction + ", " + length(list);
        if (function.rule().equals("percentile_disc")) {
            return Scalar.of("list_extract(" + list + ", mc_percentile_disc(" + at + "))", value.form(), true);
        }
        String low = "list_extract(" + list + ", mc_percentile_low(" + at + "))";
        String high = "list_extract(" + list + ", mc_percentile_high(" + at + "))";
        String part = "mc_percentile_part(" + at + ")";
        String between = value.form() instanceof Form.Plain(int type) && type == Oids.INTERVAL
                ? "(CASE WHEN " + part + " = 0 THEN " + low + " ELSE mc_interval_add(" + low
                        + ", mc_interval_times(mc_interval_subtract(" + high + ", " + low + "), " + part + ")) END)"
                : "mc_f8_between(" + low + ", " + high + ", " + part + ")";
        return Scalar.of(between, value.form(), true);
    }

    /// One percentile for each element of an array.
    private Scalar percentiles(Expr.Aggregate aggregate, FunctionTable.Function function) {
        Scalar value = value(aggregate);
        String list = sorted(aggregate, value);
        Expr fractions = aggregate.direct().getFirst();
        if (!isList(fractions)) {
            throw Refusal.because("Percentiles are translated for arrays of one dimension only.");
        }
        String name = rows.context().name("e");
        Scalar each = Elements.parse(name, rows.context().form(Oids.FLOAT8, -1), false);
        String found = Elements.text(percentile(function, value, list, each.sql()));
        return Scalar.of(
                "(CASE WHEN " + list + " IS NOT NULL THEN mc_array(list_transform(mc_array_elements("
                        + groups.translate(fractions).sql() + "), lambda " + name + " : " + found + ")) END)",
                rows.context().form(aggregate.type(), -1),
                true);
    }

    /// Whether an array is known to have one dimension, counted from 1.
    private boolean isList(Expr array) {
        return switch (array) {
            case Expr.Array list -> !list.nested();
            case Expr.ArrayCast cast -> isList(cast.arg());
            case Expr.Relabel relabel -> isList(relabel.arg());
            case Expr.Param _ -> {
                String text = groups.translate(array).literalText();
                yield text == null || (!text.contains("{{") && !text.startsWith("["));
            }
            default -> false;
        };
    }

    private static String length(String list) {
        return "coalesce(len(" + list + "), 0)";
    }

    /// The most frequent value, of several the first in the order.
    private Scalar mode(Expr.Aggregate aggregate) {
        Scalar value = value(aggregate);
        SortKey key = aggregate.order().getFirst();
        String order = orderKey(value, QuerySql.target(aggregate.args(), key.ref()));
        if (Forms.isKeyed(value.form()) || !order.equals(value.sql())) {
            throw Refusal.because("mode() is translated for values whose order is that of their bytes.");
        }
        String counts = exports.addRaw("map_entries(histogram(" + value.sql() + ") FILTER (WHERE " + value.sql()
                + " IS NOT NULL" + filter(aggregate) + "))");
        boolean descending = FunctionTable.isDescending(key.sort());
        String count = descending ? "e.value" : "-CAST(e.value AS BIGINT)";
        return Scalar.of(
                "list_extract(" + (descending ? "list_reverse_sort" : "list_sort") + "(list_transform(" + counts
                        + ", lambda e : struct_pack(n := " + count + ", v := e.key))), 1).v",
                value.form(),
                value.fails());
    }

    private Scalar rank(Expr.Aggregate aggregate) {
        return exports.add(Scalar.of("(" + count(aggregate, before(aggregate, false)) + " + 1)", COUNT, false));
    }

    private Scalar denseRank(Expr.Aggregate aggregate) {
        List<String> keys = new ArrayList<>();
        for (Target target : aggregate.args()) {
            keys.add(Forms.groupKey(rows.translate(target.expr())));
        }
        return exports.add(Scalar.of(
                "(count(DISTINCT row(" + String.join(", ", keys) + ")) FILTER (WHERE " + before(aggregate, false)
                        + filter(aggregate) + ") + 1)",
                COUNT,
                false));
    }

    private Scalar percentRank(Expr.Aggregate aggregate) {
        String all = count(aggregate, "TRUE");
        return exports.add(Scalar.of(
                "(CASE WHEN " + all + " = 0 THEN CAST(0 AS DOUBLE) ELSE CAST("
                        + count(aggregate, before(aggregate, false)) + " AS DOUBLE) / CAST(" + all + " AS DOUBLE) END)",
                RATIO,
                false));
    }

    private Scalar cumulative(Expr.Aggregate aggregate) {
        return exports.add(Scalar.of(
                "(CAST(" + count(aggregate, before(aggregate, true)) + " + 1 AS DOUBLE) / CAST("
                        + count(aggregate, "TRUE") + " + 1 AS DOUBLE))",
                RATIO,
                false));
    }

    private String count(Expr.Aggregate aggregate, String condition) {
        return "count(*) FILTER (WHERE " + condition + filter(aggregate) + ")";
    }

    /// Whether a row sorts before the one that is ranked, or with it.
    private String before(Expr.Aggregate aggregate, boolean orWith) {
        String sql = orWith ? "TRUE" : "FALSE";
        for (int i = aggregate.order().size() - 1; i >= 0; i--) {
            SortKey key = aggregate.order().get(i);
            Target target = QuerySql.target(aggregate.args(), key.ref());
            Scalar value = rows.translate(target.expr());
            Scalar ranked = constant(aggregate.direct().get(i));
            Form form = Forms.common(value.form(), ranked.form());
            String a = orderKey(Forms.convert(value, form), target);
            String b = orderKey(Forms.convert(ranked, form), target);
            String less = FunctionTable.isDescending(key.sort()) ? " > " : " < ";
            String first = key.nullsFirst() ? "TRUE" : "FALSE";
            String last = key.nullsFirst() ? "FALSE" : "TRUE";
            sql = "(CASE WHEN " + a + " IS NULL AND " + b + " IS NULL THEN " + sql + " WHEN " + a + " IS NULL THEN "
                    + first + " WHEN " + b + " IS NULL THEN " + last + " WHEN " + a + " = " + b + " THEN "
                    + sql + " ELSE " + a + less + b + " END)";
        }
        return sql;
    }

    /// The ranked row is compared with each row of the group, below it: there only constants are known.
    private Scalar constant(Expr expr) {
        if (!isConstant(expr)) {
            throw Refusal.because("A row to be ranked is translated for constants only.");
        }
        return groups.translate(expr);
    }

    private static boolean isConstant(Expr expr) {
        return switch (expr) {
            case Expr.Param _ -> true;
            case Expr.Call call -> call.args().stream().allMatch(OrderedSetSql::isConstant);
            case Expr.Relabel relabel -> isConstant(relabel.arg());
            case Expr.Collate collate -> isConstant(collate.arg());
            default -> false;
        };
    }
}
