package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Query;
import mooncake.query.tree.Refusal;
import mooncake.query.tree.SortKey;
import mooncake.query.tree.Target;
import org.jspecify.annotations.Nullable;

/// Window functions and the windows they run over.
final class WindowSql {
    private static final int RANGE = 0x00002;
    private static final int ROWS = 0x00004;
    private static final int GROUPS = 0x00008;
    private static final int START_UNBOUNDED_PRECEDING = 0x00020;
    private static final int END_UNBOUNDED_FOLLOWING = 0x00100;
    private static final int START_CURRENT_ROW = 0x00200;
    private static final int END_CURRENT_ROW = 0x00400;
    private static final int START_OFFSET_PRECEDING = 0x00800;
    private static final int END_OFFSET_PRECEDING = 0x01000;
    private static final int START_OFFSET_FOLLOWING = 0x02000;
    private static final int END_OFFSET_FOLLOWING = 0x04000;
    private static final int EXCLUDE_CURRENT_ROW = 0x08000;
    private static final int EXCLUDE_GROUP = 0x10000;
    private static final int EXCLUDE_TIES = 0x20000;

    private final ExprSql expressions;

    WindowSql(ExprSql expressions) {
        this.expressions = expressions;
    }

    Scalar translate(Expr.Window window) {
        Expr filter = window.filter();
        Scalar condition = filter == null ? null : expressions.translate(filter);
        String suffix = (condition == null ? "" : " FILTER (WHERE " + condition.sql() + ")") + over(window.window());
        List<Scalar> args = AggregateSql.guarded(
                window.args().stream().map(expressions::translate).toList(), condition);
        if (FunctionTable.isAggregate(window.function())) {
            FunctionTable.Function function = FunctionTable.aggregate(window.function());
            if (function.form().equals("@string_agg")) {
                throw Refusal.because("string_agg over a window is not translated.");
            }
            return new AggregateSql(expressions)
                    .build(function, args, window.inputCollation(), new AggregateSql.Frame(false, suffix, true));
        }
        return ranking(FunctionTable.window(window.function()), window, args, suffix);
    }

    private static Scalar ranking(
            FunctionTable.Function function, Expr.Window window, List<Scalar> args, String suffix) {
        String name = function.form().substring(0, function.form().indexOf('('));
        if (args.isEmpty()) {
            return Scalar.of(name + "()" + suffix, Literals.form(window.type(), -1), false);
        }
        Scalar value = args.getFirst();
        if (value.form() instanceof Form.Decimal(int _, int _, String shown) && shown != null) {
            throw Refusal.because("%s of numerics of different scale is not translated.", name);
        }
        List<String> sql = new ArrayList<>();
        Form form = value.form();
        if (args.size() > 2) {
            form = Forms.common(value.form(), args.get(2).form());
            if (form instanceof Form.Decimal(int _, int _, String shown) && shown != null) {
                form = new Form.Free();
            }
        }
        sql.add(Forms.convert(value, form).sql());
        if (args.size() > 1) {
            String offset = args.get(1).literalText();
            if (offset == null) {
                throw Refusal.because("%s by an offset that is not constant is not translated.", name);
            }
            sql.add("CAST('" + Long.parseLong(offset) + "' AS BIGINT)");
        }
        if (args.size() > 2) {
            sql.add(Forms.convert(args.get(2), form).sql());
        }
        return Scalar.of(name + "(" + String.join(", ", sql) + ")" + suffix, form, ExprSql.anyFails(args));
    }

    private String over(int number) {
        Query query = expressions.scope().query();
        Query.WindowClause window = query.windows().stream()
                .filter(clause -> clause.number() == number)
                .findFirst()
                .orElseThrow(() -> Refusal.because("A window is used that is not known."));
        StringBuilder sql = new StringBuilder();
        List<String> partition = new ArrayList<>();
        for (SortKey key : window.partition()) {
            FunctionTable.requireEquality(key.equality());
            Target target = QuerySql.target(query.targets(), key.ref());
            if (target.expr().collation() != 0) {
                expressions.context().collations().requireEquality(target.expr().collation());
            }
            partition.add(Forms.groupKey(expressions.translate(target.expr())));
        }
        if (!partition.isEmpty()) {
            sql.append("PARTITION BY ").append(String.join(", ", partition));
        }
        List<String> order = new ArrayList<>();
        for (SortKey key : window.order()) {
            Target target = QuerySql.target(query.targets(), key.ref());
            Scalar value = expressions.translate(target.expr());
            order.add(Forms.orderKey(
                            value,
                            target.expr().collation(),
                            expressions.context().collations())
                    + QuerySql.direction(key));
        }
        if (!order.isEmpty()) {
            sql.append(sql.isEmpty() ? "" : " ").append("ORDER BY ").append(String.join(", ", order));
        }
        sql.append(sql.isEmpty() ? "" : " ").append(frame(window, order.size()));
        return " OVER (" + sql + ")";
    }

    private String frame(Query.WindowClause window, int orderKeys) {
        int options = window.frame();
        boolean offsets = (options
                        & (START_OFFSET_PRECEDING
                                | END_OFFSET_PRECEDING
                                | START_OFFSET_FOLLOWING
                                | END_OFFSET_FOLLOWING))
                != 0;
        String mode;
        if ((options & ROWS) != 0) {
            mode = "ROWS";
        } else if ((options & GROUPS) != 0) {
            mode = "GROUPS";
        } else if ((options & RANGE) != 0 && !offsets) {
            mode = "RANGE";
        } else {
            throw Refusal.because("A window's RANGE with an offset is not translated.");
        }
        if (mode.equals("GROUPS") && orderKeys == 0) {
            throw Refusal.because("A window's GROUPS without ORDER BY is not translated.");
        }
        String start = bound(
                options,
                START_UNBOUNDED_PRECEDING,
                START_CURRENT_ROW,
                START_OFFSET_PRECEDING,
                START_OFFSET_FOLLOWING,
                "UNBOUNDED PRECEDING",
                window.start());
        String end = bound(
                options,
                END_UNBOUNDED_FOLLOWING,
                END_CURRENT_ROW,
                END_OFFSET_PRECEDING,
                END_OFFSET_FOLLOWING,
                "UNBOUNDED FOLLOWING",
                window.end());
        String exclude = (options & EXCLUDE_CURRENT_ROW) != 0
                ? " EXCLUDE CURRENT ROW"
                : (options & EXCLUDE_GROUP) != 0
                        ? " EXCLUDE GROUP"
                        : (options & EXCLUDE_TIES) != 0 ? " EXCLUDE TIES" : "";
        return mode + " BETWEEN " + start + " AND " + end + exclude;
    }

    private String bound(
            int options,
            int unbounded,
            int current,
            int preceding,
            int following,
            String unboundedText,
            @Nullable Expr offset) {
        if ((options & unbounded) != 0) {
            return unboundedText;
        }
        if ((options & current) != 0) {
            return "CURRENT ROW";
        }
        String direction = (options & preceding) != 0 ? " PRECEDING" : " FOLLOWING";
        if (offset == null || (options & (preceding | following)) == 0 || offset.type() != Oids.INT8) {
            throw Refusal.because("A window's frame is not known.");
        }
        String rows = expressions.translate(offset).literalText();
        if (rows == null || rows.startsWith("-")) {
            throw Refusal.because("A window's offset is translated for constants from 0 only.");
        }
        return Long.parseLong(rows) + direction;
    }
}
