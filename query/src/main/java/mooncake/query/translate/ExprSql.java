package mooncake.query.translate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Expressions of one query level.
final class ExprSql {
    private final Scope scope;
    private final Layer layer;
    private final int shift;
    /// The SQL doubles with each.
    private static final int FLOATS_MAX = 6;

    private final Deque<Scalar> caseValues = new ArrayDeque<>();
    private final List<Scalar> subLinkColumns;

    ExprSql(Scope scope) {
        this(scope, Layer.NONE, 0, List.of());
    }

    /// @param layer what has computed parts of the expressions
    /// @param shift how many levels deeper in the query than this scope the expressions stand
    /// @param subLinkColumns what [Expr.SubLinkColumn]s stand for
    private ExprSql(Scope scope, Layer layer, int shift, List<Scalar> subLinkColumns) {
        this.scope = scope;
        this.layer = layer;
        this.shift = shift;
        this.subLinkColumns = subLinkColumns;
    }

    /// The same level's expressions on top of a layer.
    ExprSql over(Layer computed) {
        return new ExprSql(scope, computed, shift, subLinkColumns);
    }

    /// For a test of a sub-SELECT's columns.
    ExprSql testing(List<Scalar> columns) {
        return new ExprSql(scope, layer, shift, columns);
    }

    /// For expressions that stand `levels` deeper but are evaluated here.
    ExprSql outOf(int levels) {
        return levels == shift ? this : new ExprSql(scope, layer, levels, subLinkColumns);
    }

    /// What the layer has for an expression.
    @Nullable
    Scalar computed(Expr expr) {
        return layer.find(expr);
    }

    /// A column that the layer computes in addition.
    String computedBelow(java.util.function.Function<ExprSql, String> sql) {
        return layer.computedBelow(sql);
    }

    /// The column by which the rows come ordered, null when nothing orders them.
    @Nullable
    String inputOrder() {
        String column = scope.inputOrder();
        return column == null ? null : layer.inputOrder(column);
    }

    /// The scope that is `levels` outside of where the expressions stand.
    Scope level(int levels) {
        return scope.level(levels - shift);
    }

    Scope scope() {
        return scope;
    }

    Context context() {
        return scope.context();
    }

    Scalar translate(Expr expr) {
        if (expr instanceof Expr.Var column && column.levelsUp() != shift) {
            context().useOuter();
            return scope.outer().translate(column.seenFrom(column.levelsUp() - shift - 1));
        }
        Scalar found = layer.find(expr instanceof Expr.Var column ? column.seenFrom(0) : expr);
        return found == null ? parts(expr) : found;
    }

    private Scalar parts(Expr expr) {
        return switch (expr) {
            case Expr.Var column -> scope.column(column, this);
            case Expr.Param param -> context().literal(context().value(param.number()));
            case Expr.SubLinkColumn column -> subLinkColumn(column);
            case Expr.Call call -> new CallSql(this).translate(call);
            case Expr.Distinct distinct -> distinct(distinct);
            case Expr.NullIf nullIf -> nullIf(nullIf);
            case Expr.ArrayTest test -> new ArrayTestSql(this).translate(test);
            case Expr.Bool bool -> bool(bool);
            case Expr.SubLink link -> new SubLinkSql(this).translate(link);
            case Expr.Aggregate aggregate -> aggregate(aggregate, aggregate.levelsUp());
            case Expr.Grouping grouping -> grouping(grouping, grouping.levelsUp());
            case Expr.Window window -> new WindowSql(this).translate(window);
            case Expr.Case caseOf -> caseOf(caseOf);
            case Expr.CaseValue _ -> {
                if (caseValues.isEmpty()) {
                    throw Refusal.because("A CASE condition stands outside of its CASE.");
                }
                yield caseValues.peek();
            }
            case Expr.Coalesce coalesce -> coalesce(coalesce);
            case Expr.MinMax minMax -> minMax(minMax);
            case Expr.NullTest test -> nullTest(test);
            case Expr.Row _ -> throw Refusal.because("A row as a value is not translated.");
            case Expr.RowCompare compare -> new RowSql(this).compare(compare);
            case Expr.BoolTest(Expr arg, Expr.BoolTest.Test test) -> boolTest(translate(arg), test);
            case Expr.Relabel relabel -> Casts.relabel(translate(relabel.arg()), relabel);
            case Expr.ToDomain(Expr arg, int type, int _) -> {
                if (!(context().types().user(type) instanceof UserType.Domain domain) || domain.checked()) {
                    throw Refusal.because("A cast to a domain with conditions is not translated.");
                }
                yield translate(arg);
            }
            case Expr.ViaText cast -> Casts.viaText(translate(cast.arg()), cast, context());
            case Expr.Array array -> new ArraySql(this).list(array);
            case Expr.ArrayCast cast -> new ArraySql(this).cast(cast);
            case Expr.Subscript subscript -> new ArraySql(this).subscript(subscript);
            case Expr.Collate(Expr arg, int _) -> translate(arg);
        };
    }

    /// An aggregate over the rows of the query `levels` outside.
    private Scalar aggregate(Expr.Aggregate aggregate, int levels) {
        return levels == shift ? layer.aggregate(aggregate) : scope.outer().aggregate(aggregate, levels - shift - 1);
    }

    private Scalar grouping(Expr.Grouping grouping, int levels) {
        return levels == shift ? layer.grouping(grouping) : scope.outer().grouping(grouping, levels - shift - 1);
    }

    private Scalar nullTest(Expr.NullTest test) {
        if (test.arg() instanceof Expr.Row row && test.ofRow()) {
            return new RowSql(this).nullTest(row, test.isNull());
        }
        if (test.ofRow()) {
            throw Refusal.because("A test whether a row is null is translated for rows of expressions only.");
        }
        Scalar value = translate(test.arg());
        return Scalar.bool("(" + value.sql() + (test.isNull() ? " IS NULL)" : " IS NOT NULL)"), value.fails());
    }

    /// A condition of WHERE, ON or HAVING, where null counts as false. A part that may raise an error is evaluated only
    /// for rows that the parts before it let through, as Postgres does.
    String condition(Expr expr) {
        List<Scalar> parts = new ArrayList<>();
        flatten(expr).forEach(part -> parts.add(translate(part)));
        List<String> safe = new ArrayList<>();
        for (Scalar part : parts) {
            if (!part.fails()) {
                safe.add(part.sql());
            }
        }
        List<String> all = new ArrayList<>(safe);
        List<String> before = new ArrayList<>();
        for (Scalar part : parts) {
            if (part.fails()) {
                all.add(
                        before.isEmpty()
                                ? part.sql()
                                : "CASE WHEN " + String.join(" AND ", before) + " THEN " + part.sql()
                                        + " ELSE FALSE END");
            } else {
                before.add(part.sql());
            }
        }
        return "(" + String.join(" AND ", all) + ")";
    }

    /// The parts of an AND.
    static List<Expr> flatten(Expr expr) {
        if (expr instanceof Expr.Bool(Expr.Logic logic, List<Expr> args) && logic == Expr.Logic.AND) {
            return args.stream().flatMap(arg -> flatten(arg).stream()).toList();
        }
        return List.of(expr);
    }

    private Scalar subLinkColumn(Expr.SubLinkColumn column) {
        if (column.column() < 1 || column.column() > subLinkColumns.size()) {
            throw Refusal.because("A test of a sub-SELECT refers to a column that is not there.");
        }
        return subLinkColumns.get(column.column() - 1);
    }

    private Scalar bool(Expr.Bool bool) {
        List<Scalar> args = bool.args().stream().map(this::translate).toList();
        return switch (bool.logic()) {
            case NOT ->
                Scalar.bool(
                        "(NOT " + args.getFirst().sql() + ")", args.getFirst().fails());
            case AND -> guarded(args, " AND ", "(CASE WHEN NOT %1$s THEN FALSE ELSE (%1$s AND %2$s) END)");
            case OR -> guarded(args, " OR ", "(CASE WHEN %1$s THEN TRUE ELSE (%1$s OR %2$s) END)");
        };
    }

    /// Joins the arguments; one that may fail is only looked at where those before it have not decided.
    private static Scalar guarded(List<Scalar> args, String operator, String guard) {
        StringBuilder sql = new StringBuilder(args.getFirst().sql());
        boolean fails = args.getFirst().fails();
        for (Scalar arg : args.subList(1, args.size())) {
            if (arg.fails()) {
                String before = "(" + sql + ")";
                sql = new StringBuilder(String.format(java.util.Locale.ROOT, guard, before, arg.sql()));
                fails = true;
            } else {
                sql.append(operator).append(arg.sql());
            }
        }
        return Scalar.bool("(" + sql + ")", fails);
    }

    private Scalar distinct(Expr.Distinct distinct) {
        Scalar left = translate(distinct.left());
        Scalar right = translate(distinct.right());
        Scalar equal =
                new CallSql(this).call(distinct.function(), Oids.BOOL, distinct.inputCollation(), List.of(left, right));
        return Scalar.bool(
                "(CASE WHEN " + left.sql() + " IS NULL THEN " + right.sql() + " IS NOT NULL WHEN " + right.sql()
                        + " IS NULL THEN TRUE ELSE NOT " + equal.sql() + " END)",
                left.fails() || right.fails());
    }

    private Scalar nullIf(Expr.NullIf nullIf) {
        Scalar left = translate(nullIf.left());
        Scalar right = translate(nullIf.right());
        Scalar equal =
                new CallSql(this).call(nullIf.function(), Oids.BOOL, nullIf.inputCollation(), List.of(left, right));
        return Scalar.of(
                "(CASE WHEN " + equal.sql() + " THEN NULL ELSE " + left.sql() + " END)",
                left.form(),
                left.fails() || right.fails());
    }

    private Scalar caseOf(Expr.Case caseOf) {
        Expr arg = caseOf.arg();
        if (arg != null) {
            caseValues.push(translate(arg));
        }
        List<Scalar> conditions = new ArrayList<>();
        for (Expr.When when : caseOf.whens()) {
            conditions.add(translate(when.condition()));
        }
        if (arg != null) {
            caseValues.pop();
        }
        List<Scalar> results = new ArrayList<>();
        for (Expr.When when : caseOf.whens()) {
            results.add(translate(when.result()));
        }
        Expr otherwise = caseOf.otherwise();
        if (otherwise != null) {
            results.add(translate(otherwise));
        }
        return choose(conditions.stream().map(Scalar::sql).toList(), results, anyFails(conditions));
    }

    private Scalar coalesce(Expr.Coalesce coalesce) {
        List<Scalar> args = coalesce.args().stream().map(this::translate).toList();
        Form form = Forms.common(args);
        if (form instanceof Form.Decimal(int _, int _, String shown) && shown != null) {
            List<String> conditions = args.subList(0, args.size() - 1).stream()
                    .map(arg -> arg.sql() + " IS NOT NULL")
                    .toList();
            return choose(conditions, args, anyFails(args));
        }
        List<String> values =
                args.stream().map(arg -> Forms.convert(arg, form).sql()).toList();
        return Scalar.of("COALESCE(" + String.join(", ", values) + ")", form, anyFails(args));
    }

    /// An expression in which [Expr.CaseValue] stands for a value.
    Scalar withCaseValue(Scalar value, Expr expr) {
        caseValues.push(value);
        try {
            return translate(expr);
        } finally {
            caseValues.pop();
        }
    }

    /// CASE: the result of the first condition that holds, else the last result when there is one more.
    private static Scalar choose(List<String> conditions, List<Scalar> results, boolean conditionsFail) {
        Form form = Forms.common(results);
        List<String> values = new ArrayList<>();
        List<String> scales = new ArrayList<>();
        for (Scalar result : results) {
            Scalar converted = Forms.convert(result, form);
            values.add(converted.sql());
            scales.add(converted.form() instanceof Form.Decimal decimal ? decimal.shownScale() : "0");
        }
        if (form instanceof Form.Decimal(int precision, int scale, String shown) && shown != null) {
            form = new Form.Decimal(precision, scale, caseSql(conditions, scales));
        }
        return Scalar.of(caseSql(conditions, values), form, conditionsFail || anyFails(results));
    }

    private static String caseSql(List<String> conditions, List<String> results) {
        StringBuilder sql = new StringBuilder("(CASE");
        for (int i = 0; i < conditions.size(); i++) {
            sql.append(" WHEN ").append(conditions.get(i)).append(" THEN ").append(results.get(i));
        }
        if (results.size() > conditions.size()) {
            sql.append(" ELSE ").append(results.getLast());
        }
        return sql.append(" END)").toString();
    }

    private Scalar minMax(Expr.MinMax minMax) {
        List<Scalar> args = minMax.args().stream().map(this::translate).toList();
        Form common = Forms.common(args);
        Form form = common instanceof Form.Decimal decimal && decimal.shown() != null ? new Form.Free() : common;
        Collations collations = context().collations();
        if (form instanceof Form.Plain(int type)
                && (type == Oids.TEXT || type == Oids.NAME)
                && !collations.isBinary(minMax.inputCollation())) {
            return TextRules.greatest(args, minMax.greatest(), collations.order(minMax.inputCollation()));
        }
        List<Scalar> values = args.stream().map(arg -> Forms.convert(arg, form)).toList();
        if (form instanceof Form.Plain(int type) && (type == Oids.FLOAT4 || type == Oids.FLOAT8)) {
            return extremeFloat(minMax, form, values);
        }
        boolean bare = Forms.isBareOrder(form);
        String name = minMax.greatest() ? "greatest(" : "least(";
        return bare
                ? Scalar.of(
                        name
                                + String.join(
                                        ", ", values.stream().map(Scalar::sql).toList()) + ")",
                        form,
                        anyFails(args))
                : extremeByKey(minMax, name, form, values);
    }

    /// The first of the values whose key is the extreme one.
    private Scalar extremeByKey(Expr.MinMax minMax, String name, Form form, List<Scalar> values) {
        if (form instanceof Form.Decimal) {
            throw Refusal.because("GREATEST and LEAST of numerics of different scale are not translated.");
        }
        List<String> keyed = new ArrayList<>();
        for (Scalar value : values) {
            String key =
                    Forms.orderKey(value, minMax.inputCollation(), context().collations());
            int position = minMax.greatest() ? -keyed.size() : keyed.size();
            keyed.add("(CASE WHEN " + value.sql() + " IS NULL THEN NULL ELSE {'k': " + key + ", 'p': " + position
                    + ", 'v': " + value.sql() + "} END)");
        }
        return Scalar.of(name + String.join(", ", keyed) + ").v", form, anyFails(values));
    }

    /// Of 0 and -0 the first counts, which DuckDB's functions do not tell apart.
    private static Scalar extremeFloat(Expr.MinMax minMax, Form form, List<Scalar> values) {
        if (values.size() > FLOATS_MAX) {
            throw Refusal.because("GREATEST and LEAST of more than %d floats are not translated.", FLOATS_MAX);
        }
        String sql = values.getFirst().sql();
        for (Scalar value : values.subList(1, values.size())) {
            String next = value.sql();
            sql = "(CASE WHEN " + next + " IS NULL OR " + sql + (minMax.greatest() ? " >= " : " <= ") + next + " THEN "
                    + sql + " ELSE " + next + " END)";
        }
        return Scalar.of(sql, form, anyFails(values));
    }

    private static Scalar boolTest(Scalar value, Expr.BoolTest.Test test) {
        String sql = switch (test) {
            case IS_TRUE -> " IS NOT DISTINCT FROM TRUE)";
            case IS_NOT_TRUE -> " IS DISTINCT FROM TRUE)";
            case IS_FALSE -> " IS NOT DISTINCT FROM FALSE)";
            case IS_NOT_FALSE -> " IS DISTINCT FROM FALSE)";
            case IS_UNKNOWN -> " IS NULL)";
            case IS_NOT_UNKNOWN -> " IS NOT NULL)";
        };
        return Scalar.bool("(" + value.sql() + sql, value.fails());
    }

    static boolean anyFails(List<Scalar> values) {
        return values.stream().anyMatch(Scalar::fails);
    }
}
