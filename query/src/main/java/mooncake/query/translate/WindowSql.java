package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Query;
import mooncake.query.tree.Refusal;

/// Window functions and the windows they run over.
final class WindowSql {
    private final ExprSql expressions;

    WindowSql(ExprSql expressions) {
        this.expressions = expressions;
    }

    Scalar translate(Expr.Window window) {
        Expr filter = window.filter();
        Scalar condition = filter == null ? null : expressions.translate(filter);
        WindowOver over = over(window.window());
        String suffix = (condition == null ? "" : " FILTER (WHERE " + condition.sql() + ")") + over.clause();
        List<Scalar> all = window.args().stream().map(expressions::translate).toList();
        List<Scalar> args = AggregateSql.guarded(all, condition);
        if (FunctionTable.isAggregate(window.function())) {
            FunctionTable.Function function = FunctionTable.aggregate(window.function());
            if (FrameFolds.isFolded(function)) {
                return FrameFolds.build(function, all, condition, over);
            }
            if (ListAggregates.isListed(function)) {
                return new ListAggregates(expressions)
                        .build(function, args, window.type(), new AggregateSql.Frame(false, suffix, true));
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
        return switch (name) {
            case "ntile" -> ntile(args.getFirst(), suffix);
            case "nth_value" -> nthValue(plainScale(args.getFirst()), args.get(1), suffix);
            case "lag", "lead" -> neighbour(name, args, suffix);
            default -> {
                Scalar value = plainScale(args.getFirst());
                yield Scalar.of(name + "(" + value.sql() + ")" + suffix, value.form(), value.fails());
            }
        };
    }

    /// A display scale that differs from row to row does not come along from another row.
    private static Scalar plainScale(Scalar value) {
        return value.form() instanceof Form.Decimal decimal && decimal.shown() != null
                ? Forms.convert(value, new Form.Free())
                : value;
    }

    /// Postgres takes the number of buckets from the first row of a partition.
    private static Scalar ntile(Scalar buckets, String suffix) {
        Form form = new Form.Plain(Oids.INT4);
        if (buckets.literal() == null) {
            throw Refusal.because("ntile is translated for a constant number of buckets only.");
        }
        if (buckets.isNullLiteral()) {
            return Scalar.of("CAST(NULL AS INTEGER)", form, false);
        }
        String sql = "CAST(ntile(mc_ntile(CAST(" + buckets.sql() + " AS BIGINT)))" + suffix + " AS INTEGER)";
        return Scalar.of(sql, form, true);
    }

    private static Scalar nthValue(Scalar value, Scalar number, String suffix) {
        String at = "CAST(" + number.sql() + " AS BIGINT)";
        String sql = "nth_value(" + value.sql() + ", coalesce(mc_nth_value(" + at + "), 1))" + suffix;
        return Scalar.of(ifPresent(number, sql), value.form(), true);
    }

    /// A value of another row, of which the default has to have the type.
    private static Scalar neighbour(String name, List<Scalar> args, String suffix) {
        Scalar value = plainScale(args.getFirst());
        Form form = value.form();
        Scalar otherwise = args.size() < 3 ? null : plainScale(args.get(2));
        if (otherwise != null) {
            form = Forms.common(form, otherwise.form());
            if (form instanceof Form.Decimal(int _, int _, String shown) && shown != null) {
                form = new Form.Free();
            }
        }
        StringBuilder sql =
                new StringBuilder(name + "(" + Forms.convert(value, form).sql());
        if (args.size() > 1) {
            sql.append(", coalesce(CAST(").append(args.get(1).sql()).append(" AS BIGINT), 0)");
        }
        if (otherwise != null) {
            sql.append(", ").append(Forms.convert(otherwise, form).sql());
        }
        sql.append(')').append(suffix);
        String called = args.size() < 2 ? sql.toString() : ifPresent(args.get(1), sql.toString());
        return Scalar.of(called, form, ExprSql.anyFails(args));
    }

    private static String ifPresent(Scalar condition, String sql) {
        return condition.literalText() != null
                ? sql
                : "(CASE WHEN " + condition.sql() + " IS NOT NULL THEN " + sql + " END)";
    }

    private WindowOver over(int number) {
        Query query = expressions.scope().query();
        Query.WindowClause window = query.windows().stream()
                .filter(clause -> clause.number() == number)
                .findFirst()
                .orElseThrow(() -> Refusal.because("A window is used that is not known."));
        return new WindowFrame(expressions, window).over();
    }
}
