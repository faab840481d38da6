package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Query;
import mooncake.query.tree.Refusal;
import mooncake.query.tree.SortKey;
import mooncake.query.tree.Target;
import org.jspecify.annotations.Nullable;

/// One query level as a SELECT. The core computes all targets as `cN`; sorting, LIMIT and DISTINCT ON are a SELECT
/// around it, so that sort keys are columns whatever they were computed from.
final class QuerySql {
    private final Context context;
    private final Query query;
    private final Scope scope;

    /// Whether duplicates are those with equal keys, not those with equal targets.
    private boolean isDistinctBy;

    QuerySql(Context context, Query query, @Nullable ExprSql outer) {
        this.context = context;
        this.query = query;
        this.scope = new Scope(context, query, outer);
        this.isDistinctBy = query.distinctOn();
    }

    /// The SELECT with its visible targets.
    Selected translate() {
        Core core = core();
        boolean wrapped = !query.order().isEmpty() || query.limit() != null || query.offset() != null || isDistinctBy;
        if (!wrapped) {
            return new Selected(with(core.sql()), core.visible());
        }
        return wrap(core, false, false);
    }

    /// The same with a further column `n` that numbers the rows in their order, if the query has one.
    Selected translateNumbered() {
        return wrap(core(), false, !query.order().isEmpty());
    }

    /// The SELECT for delivery: each target as the result encoder takes it.
    Selected translateForDelivery() {
        return wrap(core(), true, false);
    }

    /// A SELECT that has rows when this query has, for EXISTS.
    String translateForExistence() {
        boolean simple = !query.isGrouped()
                && !query.setReturning()
                && query.sets() == null
                && query.limit() == null
                && query.offset() == null;
        if (!simple) {
            return translate().sql();
        }
        addCommonTables();
        String from = new FromSql(scope).translate();
        return with("SELECT 1 AS c1" + fromAndWhere(from));
    }

    /// A recursive WITH query; `known` is told its columns before it is asked for its rows.
    private Selected translateRecursion(Consumer<List<Column>> known) {
        Query.SetOperation sets = query.sets();
        if (sets == null) {
            return translate();
        }
        addCommonTables();
        if (!query.order().isEmpty() || query.limit() != null || query.offset() != null) {
            throw Refusal.because("A recursive query has an order or a limit.");
        }
        Selected select = new SetSql(context, query, scope).recursive(sets, known);
        return new Selected(with(select.sql()), select.columns());
    }

    /// @param columns every column of the core, junk included
    private record Core(String sql, List<Column> columns, List<Column> visible) {}

    private Core core() {
        addCommonTables();
        Query.SetOperation sets = query.sets();
        if (sets != null) {
            Selected combined = new SetSql(context, query, scope).translate(sets);
            return new Core(combined.sql(), combined.columns(), combined.columns());
        }
        String from = new FromSql(scope).translate();
        ExprSql expressions = new ExprSql(scope);
        String fromAndWhere = fromAndWhere(from);
        GroupSql groups = query.isGrouped() ? new GroupSql(query, expressions) : null;
        ExprSql grouped = groups == null ? expressions : expressions.over(groups);
        FrameRows frames = FrameRows.isNeeded(query) ? new FrameRows(grouped) : null;
        ExprSql framed = frames == null ? grouped : grouped.over(frames);
        TargetRows rows = query.setReturning() ? new TargetRows(framed) : null;
        ExprSql computed = rows == null ? framed : framed.over(rows);
        List<String> targets = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        List<Column> visible = new ArrayList<>();
        for (Target target : query.targets()) {
            if (target.junk() && !isSorted(target)) {
                continue;
            }
            Scalar key = groups == null || target.ref() == 0 ? null : groups.key(target.ref());
            Scalar seen = key == null || frames == null ? key : frames.export(key);
            Scalar value = seen == null ? computed.translate(target.expr()) : rows == null ? seen : rows.export(seen);
            if (!query.distinct().isEmpty() && !query.distinctOn()) {
                Forms.groupKey(value);
                requireEquality(target.expr().collation());
                isDistinctBy |= Forms.isKeyed(value.form());
            }
            Forms.addTarget(targets, value, target.number());
            Column column =
                    new Column(target.number(), value.form(), target.expr().collation(), origins(target.expr()));
            columns.add(column);
            if (!target.junk()) {
                visible.add(column);
            }
        }
        if (targets.isEmpty()) {
            targets.add("1 AS c0");
        }
        query.distinct().forEach(key -> FunctionTable.requireEquality(key.equality()));
        boolean distinct = !query.distinct().isEmpty() && !isDistinctBy;
        String having = query.having() == null ? "" : " WHERE " + grouped.condition(query.having());
        String input = groups == null ? fromAndWhere : groups.from(fromAndWhere) + having;
        String body = frames == null ? input : frames.from(input);
        String sql = "SELECT " + (distinct ? "DISTINCT " : "") + String.join(", ", targets)
                + (rows == null ? body : rows.from(body));
        return new Core(sql, columns, visible);
    }

    /// A row of this level depends on no other where there are no groups, windows and limits.
    private List<Scope.MirrorColumn> origins(Expr target) {
        boolean separate = !query.isGrouped()
                && query.windows().isEmpty()
                && query.limit() == null
                && query.offset() == null
                && !query.distinctOn();
        return separate && target instanceof Expr.Var column ? scope.mirrorColumns(column) : List.of();
    }

    private String fromAndWhere(String from) {
        Expr where = query.where();
        String sql = from.isEmpty() ? "" : " FROM " + from;
        if (where != null) {
            sql += " WHERE " + new ExprSql(scope).condition(where);
            NeededRanges.note(scope, where);
        }
        return sql;
    }

    private Selected wrap(Core core, boolean delivery, boolean numbered) {
        String alias = context.name("s");
        List<String> targets = new ArrayList<>();
        for (Column column : core.visible()) {
            Scalar value = column.in(alias);
            if (delivery) {
                targets.add(Delivery.sql(value, context.major()) + " AS c" + column.number());
            } else {
                Forms.addTarget(targets, value, column.number());
            }
        }
        if (targets.isEmpty()) {
            targets.add("1 AS c0");
        }
        if (numbered) {
            targets.add("row_number() OVER (ORDER BY " + orderKeys(core, alias) + ") AS n");
        }
        LimitSql limit = new LimitSql(query, new ExprSql(scope));
        String orderBy = query.order().isEmpty() ? "" : " ORDER BY " + orderKeys(core, alias);
        String rows = " FROM (" + core.sql() + ") AS " + alias;
        String distinct = isDistinctBy ? "DISTINCT ON (" + distinctKeys(core, alias) + ") " : "";
        String sql;
        if (limit.isNumbered()) {
            String over = "() OVER (" + orderBy.strip() + ")";
            String counted = isDistinctBy ? " FROM (SELECT " + distinct + "*" + rows + orderBy + ") AS " + alias : rows;
            sql = "SELECT " + String.join(", ", targets) + " FROM (SELECT *, row_number" + over + " AS n, rank" + over
                    + " AS r" + counted + ") AS " + alias + " WHERE "
                    + limit.condition(alias + ".n", alias + ".r") + " ORDER BY " + alias + ".n";
        } else {
            sql = "SELECT " + distinct + String.join(", ", targets) + rows + orderBy + limit.clauses();
        }
        return new Selected(with(sql), core.visible());
    }

    private String orderKeys(Core core, String alias) {
        List<String> keys = new ArrayList<>();
        for (SortKey key : query.order()) {
            Column column = column(core, key);
            keys.add(Forms.orderKey(column.in(alias), column.collation(), context.collations()) + direction(key));
        }
        return String.join(", ", keys);
    }

    private String distinctKeys(Core core, String alias) {
        List<String> keys = new ArrayList<>();
        for (SortKey key : query.distinct()) {
            Column column = column(core, key);
            requireEquality(column.collation());
            keys.add(Forms.groupKey(column.in(alias)));
        }
        return String.join(", ", keys);
    }

    static String direction(SortKey key) {
        return (FunctionTable.isDescending(key.sort()) ? " DESC" : " ASC")
                + (key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
    }

    private Column column(Core core, SortKey key) {
        int number = target(key.ref()).number();
        return core.columns().stream()
                .filter(column -> column.number() == number)
                .findFirst()
                .orElseThrow(() -> Refusal.because("A sort key is not among the columns."));
    }

    private boolean isSorted(Target target) {
        return target.ref() != 0
                && (query.order().stream().anyMatch(key -> key.ref() == target.ref())
                        || query.distinct().stream().anyMatch(key -> key.ref() == target.ref()));
    }

    private Target target(int ref) {
        return target(query.targets(), ref);
    }

    static Target target(List<Target> targets, int ref) {
        return targets.stream()
                .filter(target -> target.ref() == ref)
                .findFirst()
                .orElseThrow(() -> Refusal.because("A sort key has no target."));
    }

    private void requireEquality(int collation) {
        if (collation != 0) {
            context.collations().requireEquality(collation);
        }
    }

    private void addCommonTables() {
        for (Query.CommonTable table : query.commonTables()) {
            String name = context.name("w");
            QuerySql part = new QuerySql(context, table.query(), new ExprSql(scope));
            Selected select = table.recursive()
                    ? part.translateRecursion(columns ->
                            scope.addCommonTable(table.name(), new Scope.CommonTable(name, new Selected("", columns))))
                    : part.translate();
            scope.addCommonTable(table.name(), new Scope.CommonTable(name, select));
        }
    }

    private String with(String sql) {
        if (query.commonTables().isEmpty()) {
            return sql;
        }
        List<String> tables = new ArrayList<>();
        for (Query.CommonTable table : query.commonTables()) {
            Scope.CommonTable common =
                    scope.commonTable(new mooncake.query.tree.RangeEntry.CommonTableUse(table.name(), 0));
            tables.add(common.name() + " AS (" + common.select().sql() + ")");
        }
        boolean recursive = query.commonTables().stream().anyMatch(Query.CommonTable::recursive);
        boolean stops = query.limit() != null
                && query.order().isEmpty()
                && query.group().isEmpty();
        if (recursive && stops && !query.aggregates() && query.distinct().isEmpty()) {
            // Postgres computes no more rows than are asked for, and there may be no end to them.
            throw Refusal.because("A recursive query under LIMIT is not translated.");
        }
        return (recursive ? "WITH RECURSIVE " : "WITH ") + String.join(", ", tables) + " " + sql;
    }
}
