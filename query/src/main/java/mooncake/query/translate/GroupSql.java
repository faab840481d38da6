package mooncake.query.translate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Query;
import mooncake.query.tree.RangeEntry;
import mooncake.query.tree.Refusal;
import mooncake.query.tree.SortKey;
import org.jspecify.annotations.Nullable;

/// GROUP BY as a SELECT of its own: its columns are the groups' keys and the aggregates that expressions around it ask
/// for. Equal values that are not the same, like numerics of different scale, are grouped by a key of equality; the
/// group shows one of its values.
final class GroupSql implements Layer {
    private final Query query;
    private final ExprSql input;
    private final ExprSql groups;
    private final Exports exports;
    private final @Nullable Inputs inputs;
    private final Map<Integer, Key> keys = new LinkedHashMap<>();

    /// @param expr the grouped expression
    /// @param sql what DuckDB groups by
    /// @param shown the group's value
    private record Key(Expr expr, String sql, Scalar shown) {}

    /// @param base expressions over the query's tables
    GroupSql(Query query, ExprSql base) {
        this.query = query;
        this.groups = base.over(this);
        this.exports = new Exports(base.context().name("g"));
        Map<Integer, Scalar> values = new LinkedHashMap<>();
        for (SortKey key : query.group()) {
            FunctionTable.requireEquality(key.equality());
            Expr expr = QuerySql.target(query.targets(), key.ref()).expr();
            if (expr.collation() != 0) {
                base.context().collations().requireEquality(expr.collation());
            }
            values.putIfAbsent(key.ref(), base.translate(expr));
        }
        boolean computed = !query.groupingSets().isEmpty()
                || values.values().stream().anyMatch(value -> value.sql().contains("SELECT "));
        this.inputs = computed ? new Inputs(base) : null;
        this.input = inputs == null ? base : base.over(inputs);
        values.forEach((ref, value) -> addKey(ref, inputs == null ? value : inputs.exports.add(value)));
    }

    private void addKey(int ref, Scalar value) {
        // DuckDB would take a bare number for a position.
        String sql = value.literal() == null ? Forms.groupKey(value) : "(" + Forms.groupKey(value) + ")";
        Scalar shown = value;
        if (Forms.isKeyed(value.form())) {
            shown = Forms.anyOf(value);
            if (!query.groupingSets().isEmpty()) {
                shown = Forms.when("grouping(" + sql + ") = 0", shown);
            }
        }
        keys.put(
                ref,
                new Key(
                        QuerySql.target(query.targets(), ref).expr(),
                        sql,
                        exports.add(Scalar.of(shown.sql(), shown.form(), false))));
    }

    /// The value of the key that the target with this `ref` is, null for other targets.
    @Nullable
    Scalar key(int ref) {
        Key key = keys.get(ref);
        return key == null ? null : key.shown();
    }

    @Override
    public @Nullable Scalar find(Expr expr) {
        // As in Postgres a constant stays one, even where a key happens to be the same.
        if (expr instanceof Expr.Param) {
            return null;
        }
        for (Key key : keys.values()) {
            if (key.expr().equals(expr)) {
                return key.shown();
            }
        }
        if (expr instanceof Expr.Var column && !isAlias(column)) {
            throw Refusal.because("Column %d is neither grouped nor aggregated.", column.attribute());
        }
        return null;
    }

    private boolean isAlias(Expr.Var column) {
        return isAlias(query, column);
    }

    /// Whether a column only stands for an expression over other tables.
    static boolean isAlias(Query query, Expr.Var column) {
        RangeEntry entry = query.tables().get(column.table() - 1);
        return entry instanceof RangeEntry.Join || entry instanceof RangeEntry.Group;
    }

    @Override
    public Scalar aggregate(Expr.Aggregate aggregate) {
        ExprSql rows = input.outOf(aggregate.levelsUp());
        return aggregate.kind() == Expr.AggregateKind.NORMAL
                ? exports.add(new AggregateSql(rows).translate(aggregate))
                : new OrderedSetSql(rows, groups.outOf(aggregate.levelsUp()), exports).translate(aggregate);
    }

    @Override
    public Scalar grouping(Expr.Grouping grouping) {
        if (query.groupingSets().isEmpty()) {
            return Scalar.of("CAST(0 AS INTEGER)", Literals.form(grouping.type(), -1), false);
        }
        List<String> args = new ArrayList<>();
        for (int ref : grouping.refs()) {
            Key key = keys.get(ref);
            if (key == null) {
                throw Refusal.because("GROUPING names what is no key.");
            }
            args.add(key.sql());
        }
        return exports.add(Scalar.of(
                "CAST(grouping(" + String.join(", ", args) + ") AS INTEGER)",
                Literals.form(grouping.type(), -1),
                false));
    }

    /// FROM for the expressions over groups.
    ///
    /// @param body FROM and WHERE of the rows
    String from(String body) {
        String rows = inputs == null ? body : inputs.from(body);
        List<String> targets = new ArrayList<>(exports.targets());
        if (targets.isEmpty()) {
            targets.add("count(*) AS c0");
        }
        return " FROM (SELECT " + String.join(", ", targets) + rows + groupBy() + ") AS " + exports.alias();
    }

    private String groupBy() {
        if (!query.groupingSets().isEmpty()) {
            List<String> sets = new ArrayList<>();
            for (List<Integer> set : query.groupingSets()) {
                List<String> columns = new ArrayList<>();
                for (int ref : set) {
                    Key key = keys.get(ref);
                    if (key == null) {
                        throw Refusal.because("A grouping set names what is no key.");
                    }
                    columns.add(key.sql());
                }
                sets.add("(" + String.join(", ", columns) + ")");
            }
            return " GROUP BY GROUPING SETS (" + String.join(", ", sets) + ")";
        }
        return keys.isEmpty()
                ? ""
                : " GROUP BY "
                        + String.join(", ", keys.values().stream().map(Key::sql).toList());
    }

    /// The rows to be grouped with their keys computed, where DuckDB does not group by the expressions themselves.
    private static final class Inputs implements Layer {
        private final ExprSql base;
        private final Exports exports;

        private Inputs(ExprSql base) {
            this.base = base;
            this.exports = new Exports(base.context().name("i"));
        }

        @Override
        public @Nullable Scalar find(Expr expr) {
            return expr instanceof Expr.Var column && !isAlias(base.scope().query(), column)
                    ? exports.add(base.translate(column))
                    : null;
        }

        @Override
        public String inputOrder(String column) {
            return exports.addRaw(column);
        }

        private String from(String body) {
            List<String> targets = new ArrayList<>(exports.targets());
            if (targets.isEmpty()) {
                targets.add("1 AS c0");
            }
            return " FROM (SELECT " + String.join(", ", targets) + body + ") AS " + exports.alias();
        }
    }
}
