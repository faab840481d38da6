package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Query;
import mooncake.query.tree.Query.SetOperation;
import mooncake.query.tree.RangeEntry;
import mooncake.query.tree.Refusal;

/// UNION, INTERSECT and EXCEPT.
final class SetSql {
    private final Context context;
    private final Query query;
    private final Scope scope;

    SetSql(Context context, Query query, Scope scope) {
        this.context = context;
        this.query = query;
        this.scope = scope;
    }

    Selected translate(SetOperation operation) {
        return switch (operation) {
            case SetOperation.Leaf(int table) -> leaf(table);
            case SetOperation.Combined combined -> combine(combined);
        };
    }

    private Selected leaf(int table) {
        if (query.tables().get(table - 1) instanceof RangeEntry.SubSelect(Query part, boolean _, boolean _)) {
            return new QuerySql(context, part, new ExprSql(scope)).translate();
        }
        throw Refusal.because("A set operation on something else than SELECTs is not translated.");
    }

    private Selected combine(SetOperation.Combined operation) {
        Selected left = translate(operation.left());
        Selected right = translate(operation.right());
        List<Column> columns = new ArrayList<>();
        boolean keyed = false;
        for (int i = 0; i < operation.types().size(); i++) {
            int type = operation.types().get(i);
            int collation = operation.collations().get(i);
            Form form = Forms.common(
                    typed(left.column(i + 1).in("s"), type).form(),
                    typed(right.column(i + 1).in("s"), type).form());
            if (form instanceof Form.Decimal(int precision, int scale, String shown) && shown != null) {
                form = new Form.Decimal(precision, scale, "s");
            }
            if (!operation.all() || operation.kind() != Query.SetKind.UNION) {
                Forms.groupKey(Scalar.of("", form, false));
                keyed |= Forms.isKeyed(form);
                if (collation != 0) {
                    context.collations().requireEquality(collation);
                }
            }
            List<Scope.MirrorColumn> origins =
                    new ArrayList<>(left.column(i + 1).origins());
            origins.addAll(right.column(i + 1).origins());
            columns.add(new Column(i + 1, form, collation, origins));
        }
        String leftSql = part(left, columns, operation.types());
        String rightSql = part(right, columns, operation.types());
        if (keyed) {
            return new Selected(keyed(operation, leftSql, rightSql, columns), columns);
        }
        String all = operation.all() ? " ALL " : " ";
        return new Selected("(" + leftSql + ") " + operation.kind() + all + "(" + rightSql + ")", columns);
    }

    /// Rows are the same when the keys of their columns are: both sides are grouped by these and counted.
    private String keyed(SetOperation.Combined operation, String left, String right, List<Column> columns) {
        String rows = context.name("u");
        String groups = context.name("u");
        String keys = String.join(
                ", ",
                columns.stream().map(column -> Forms.groupKey(column.in(rows))).toList());
        if (operation.kind() == Query.SetKind.UNION) {
            return "SELECT DISTINCT ON (" + keys + ") * FROM ((" + left + ") UNION ALL (" + right + ")) AS " + rows;
        }
        List<String> shown = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        for (Column column : columns) {
            Scalar value = Forms.anyOf(column.in(rows), " FILTER (WHERE side = 0)");
            Forms.addTarget(shown, value, column.number());
            Forms.addTarget(targets, column.in(groups), column.number());
        }
        String counted = " FROM (SELECT " + String.join(", ", shown)
                + ", count(*) FILTER (WHERE side = 0) AS nl, count(*) FILTER (WHERE side = 1) AS nr FROM ((SELECT *, 0 AS"
                + " side FROM (" + left + ")) UNION ALL (SELECT *, 1 AS side FROM (" + right + "))) AS " + rows
                + " GROUP BY " + keys + ") AS " + groups;
        boolean both = operation.kind() == Query.SetKind.INTERSECT;
        String times = both ? "least(nl, nr)" : "greatest(nl - nr, 0)";
        String select = "SELECT " + String.join(", ", targets);
        return operation.all()
                ? select + " FROM (SELECT *, unnest(range(" + times + ")) AS n" + counted + ") AS " + groups
                : select + counted + " WHERE nl > 0 AND nr " + (both ? "> 0" : "= 0");
    }

    /// The SQL of a recursive WITH query: its first rows, and those made of the rows before. Both must have the same
    /// types, so numerics are texts and chars have any length.
    ///
    /// @param known is told what columns the query has before those rows are translated
    Selected recursive(SetOperation operation, Consumer<List<Column>> known) {
        if (!(operation instanceof SetOperation.Combined union) || union.kind() != Query.SetKind.UNION) {
            throw Refusal.because("A recursive query is no UNION.");
        }
        Selected first = translate(union.left());
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < union.types().size(); i++) {
            Form form = typed(first.column(i + 1).in("s"), union.types().get(i)).form();
            Form stable =
                    Forms.isNumeric(form) ? new Form.Free() : form instanceof Form.Padded ? new Form.Padded(-1) : form;
            int collation = union.collations().get(i);
            if (!union.all()) {
                if (Forms.isKeyed(stable)) {
                    throw Refusal.because("A recursive UNION of values that are equal without being the same.");
                }
                Forms.groupKey(Scalar.of("", stable, false));
                if (collation != 0) {
                    context.collations().requireEquality(collation);
                }
            }
            columns.add(new Column(i + 1, stable, collation));
        }
        known.accept(columns);
        Selected next = translate(union.right());
        String sql = "(" + part(first, columns, union.types()) + ") UNION" + (union.all() ? " ALL (" : " (")
                + part(next, columns, union.types()) + ")";
        return new Selected(sql, columns);
    }

    /// The part's rows in the forms of the whole.
    private String part(Selected part, List<Column> columns, List<Integer> types) {
        String alias = context.name("s");
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Scalar value = typed(part.column(i + 1).in(alias), types.get(i));
            Form form = columns.get(i).form();
            Scalar converted = Forms.convert(value, form);
            if (form instanceof Form.Decimal(int precision, int scale, String shown)
                    && shown != null
                    && converted.form() instanceof Form.Decimal seen) {
                converted = Scalar.of(
                        converted.sql(), new Form.Decimal(precision, scale, seen.shownScale()), converted.fails());
            }
            Forms.addTarget(targets, converted, i + 1);
        }
        return "SELECT " + String.join(", ", targets) + " FROM (" + part.sql() + ") AS " + alias;
    }

    /// Postgres' planner adds the casts to the common type that the tree does not show.
    private Scalar typed(Scalar value, int type) {
        boolean same = switch (value.form()) {
            case Form.Plain(int from) -> from == type || (from == Oids.TEXT && type == Oids.VARCHAR);
            case Form.Decimal _, Form.Free _, Form.NullNumeric _ -> type == Oids.NUMERIC;
            case Form.Padded _ -> type == Oids.BPCHAR;
            case Form.Document(int kept, String _) -> kept == type;
            case Form.Kept(int kept, String _) -> kept == type;
        };
        if (same) {
            return value;
        }
        int from = switch (value.form()) {
            case Form.Plain(int plain) -> plain;
            case Form.Decimal _, Form.Free _, Form.NullNumeric _ -> Oids.NUMERIC;
            case Form.Padded _ -> Oids.BPCHAR;
            case Form.Document(int kept, String _) -> kept;
            case Form.Kept(int kept, String _) -> kept;
        };
        if (from == Oids.TEXT && type == Oids.BPCHAR) {
            return Forms.seenAs(value, new Form.Padded(-1));
        }
        return new CallSql(new ExprSql(scope)).call(ImplicitCasts.find(from, type), type, 0, List.of(value));
    }
}
