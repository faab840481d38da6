package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
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
        if (query.tables().get(table - 1) instanceof RangeEntry.SubSelect(Query part, boolean _)) {
            return new QuerySql(context, part, new ExprSql(scope)).translate();
        }
        throw Refusal.because("A set operation on something else than SELECTs is not translated.");
    }

    private Selected combine(SetOperation.Combined operation) {
        Selected left = translate(operation.left());
        Selected right = translate(operation.right());
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < operation.types().size(); i++) {
            int type = operation.types().get(i);
            int collation = operation.collations().get(i);
            Form form = Forms.common(
                    typed(left.column(i + 1).in("s"), type).form(),
                    typed(right.column(i + 1).in("s"), type).form());
            if (form instanceof Form.Decimal(int precision, int scale, String shown) && shown != null) {
                form = new Form.Decimal(precision, scale, "s");
            }
            if (!operation.all()) {
                Forms.groupKey(Scalar.of("", form, false));
                if (collation != 0) {
                    context.collations().requireEquality(collation);
                }
            }
            columns.add(new Column(i + 1, form, collation));
        }
        String sql = "(" + part(left, columns, operation.types()) + ") " + operation.kind()
                + (operation.all() ? " ALL (" : " (") + part(right, columns, operation.types()) + ")";
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
    private static Scalar typed(Scalar value, int type) {
        if (value.form() instanceof Form.Plain(int from)) {
            if (from == type || (from == Oids.TEXT && type == Oids.VARCHAR)) {
                return value;
            }
            if (isInteger(from) && type == Oids.NUMERIC) {
                return NumericRules.ofInteger(value);
            }
            boolean widerInteger = isInteger(from) && width(type) > width(from);
            boolean toDouble = type == Oids.FLOAT8 && (isInteger(from) || from == Oids.FLOAT4);
            if (widerInteger || toDouble) {
                Form form = new Form.Plain(type);
                return Scalar.of("CAST(" + value.sql() + " AS " + Literals.duckType(form) + ")", form, false);
            }
        } else if ((type == Oids.NUMERIC && Forms.isNumeric(value.form()))
                || (type == Oids.BPCHAR && value.form() instanceof Form.Padded)
                || (value.form() instanceof Form.Document(int kept, String _) && kept == type)
                || (value.form() instanceof Form.Kept(int kept, String _) && kept == type)) {
            return value;
        }
        throw Refusal.because("A set operation's columns have types that are not brought together.");
    }

    private static boolean isInteger(int type) {
        return width(type) > 0;
    }

    private static int width(int type) {
        return switch (type) {
            case Oids.INT2 -> 2;
            case Oids.INT4 -> 4;
            case Oids.INT8 -> 8;
            default -> 0;
        };
    }
}
