package mooncake.query.translate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mooncake.model.ColumnRange;
import mooncake.model.ColumnType;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Query;
import mooncake.query.tree.RangeEntry;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// One query level: what its columns are called, and the levels around it.
final class Scope {
    private final Context context;
    private final Query query;
    private final @Nullable ExprSql outer;
    private @Nullable String inputOrder;
    private final Map<Integer, Source> sources = new HashMap<>();
    private final Map<String, CommonTable> commonTables = new HashMap<>();

    /// A table of FROM under its alias.
    sealed interface Source {
        record Mirror(int use, String alias) implements Source {}

        record Shipped(int shipment, String alias) implements Source {}

        record Select(String alias, Selected select) implements Source {}
    }

    record CommonTable(String name, Selected select) {}

    /// A column of a mirror whose values have ranges.
    record MirrorColumn(int use, int attribute, ColumnRange.Kind kind) {}

    /// @param outer the expressions among which the query stands, null for the whole query
    Scope(Context context, Query query, @Nullable ExprSql outer) {
        this.context = context;
        this.query = query;
        this.outer = outer;
    }

    /// @param column what the rows of FROM are ordered by
    void orderInput(String column) {
        inputOrder = column;
    }

    @Nullable
    String inputOrder() {
        return inputOrder;
    }

    Context context() {
        return context;
    }

    Query query() {
        return query;
    }

    void add(int table, Source source) {
        sources.put(table, source);
    }

    void addCommonTable(String name, CommonTable table) {
        commonTables.put(name, table);
    }

    CommonTable commonTable(RangeEntry.CommonTableUse use) {
        CommonTable table = level(use.levelsUp()).commonTables.get(use.name());
        if (table == null) {
            throw Refusal.because("A WITH query is used that is not known.");
        }
        return table;
    }

    RangeEntry entry(int table) {
        if (table < 1 || table > query.tables().size()) {
            throw Refusal.because("A column refers to table %d, which is not there.", table);
        }
        return query.tables().get(table - 1);
    }

    /// The mirrors' columns that a column of this level stands for, none when it is computed or has no ranges.
    List<MirrorColumn> mirrorColumns(Expr.Var column) {
        if (column.levelsUp() != 0 || column.attribute() <= 0) {
            return List.of();
        }
        return switch (entry(column.table())) {
            case RangeEntry.Join(List<Expr> columns) ->
                columns.get(column.attribute() - 1) instanceof Expr.Var joined ? mirrorColumns(joined) : List.of();
            case RangeEntry.Relation relation
            when relation.sample() == null -> {
                ColumnRange.Kind kind = NeededRanges.kind(column.type());
                yield kind != null && sources.get(column.table()) instanceof Source.Mirror(int use, String _)
                        ? List.of(new MirrorColumn(use, column.attribute(), kind))
                        : List.of();
            }
            case RangeEntry.SubSelect _ ->
                sources.get(column.table()) instanceof Source.Select(String _, Selected select)
                        ? select.column(column.attribute()).origins()
                        : List.of();
            default -> List.of();
        };
    }

    ExprSql outer() {
        if (outer == null) {
            throw Refusal.because("A reference leads out of the query.");
        }
        return outer;
    }

    Scope level(int levels) {
        return levels == 0 ? this : outer().level(levels - 1);
    }

    /// @param asking the expression that the column is part of
    Scalar column(Expr.Var column, ExprSql asking) {
        int attribute = column.attribute();
        if (attribute <= 0) {
            throw Refusal.because("System columns and whole rows are not translated.");
        }
        return switch (entry(column.table())) {
            case RangeEntry.Join(List<Expr> columns) -> asking.outOf(0).translate(columns.get(attribute - 1));
            case RangeEntry.Group(List<Expr> expressions) -> asking.outOf(0).translate(expressions.get(attribute - 1));
            case RangeEntry.Relation _,
                    RangeEntry.Shipped _,
                    RangeEntry.SubSelect _,
                    RangeEntry.Rows _,
                    RangeEntry.Functions _,
                    RangeEntry.CommonTableUse _,
                    RangeEntry.Unusable _ ->
                switch (sources.get(column.table())) {
                    case Source.Mirror(int use, String alias) -> mirrorColumn(use, alias, column);
                    case Source.Shipped(int shipment, String alias) ->
                        tableColumn(context.shippedType(shipment, column), alias, column);
                    case Source.Select(String alias, Selected select) ->
                        select.column(attribute).in(alias);
                    case null -> throw Refusal.because("A column refers to a table outside of FROM.");
                };
        };
    }

    private Scalar mirrorColumn(int use, String alias, Expr.Var column) {
        Optional<ColumnType> known = context.columnType(use, column);
        context.useColumn(use, column.attribute());
        return tableColumn(known, alias, column);
    }

    private Scalar tableColumn(Optional<ColumnType> known, String alias, Expr.Var column) {
        String sql = alias + ".c" + column.attribute();
        if (known.isEmpty()) {
            Form form = context.types()
                    .documentCode(column.type())
                    .<Form>map(code -> new Form.Document(column.type(), code))
                    .orElseGet(() -> new Form.Kept(column.type(), "VARCHAR"));
            return Scalar.of(sql, form, false);
        }
        ColumnType type = known.get().base();
        return switch (type) {
            case ColumnType.Numeric(int precision, int scale) ->
                context.allNumericsFree()
                        ? Scalar.of("CAST(" + sql + " AS VARCHAR)", new Form.Free(), false)
                        : Scalar.of(sql, Form.Decimal.of(precision, scale), false);
            case ColumnType.Textual textual ->
                switch (textual.oid()) {
                    case Oids.NUMERIC -> Scalar.of(sql, new Form.Free(), false);
                    case Oids.NAME -> Scalar.of(sql, new Form.Plain(Oids.NAME), false);
                    case Oids.INTERVAL ->
                        Scalar.of("mc_text_interval(" + sql + ")", new Form.Plain(Oids.INTERVAL), false);
                    default -> Scalar.of(sql, textual(textual), false);
                };
            case ColumnType.Opaque _ -> Scalar.of(sql, kept(type), false);
            case ColumnType.Bpchar(int typmod) ->
                Scalar.of(sql, typmod < 0 ? new Form.Padded(-1) : Literals.form(Oids.BPCHAR, typmod), false);
            case ColumnType.Scalar _, ColumnType.Unsigned _ ->
                Scalar.of(sql, Literals.isTranslated(type.oid()) ? Literals.form(type.oid(), -1) : kept(type), false);
            case ColumnType.Varchar _, ColumnType.Moment _ ->
                Scalar.of(sql, Literals.form(type.oid(), type.typmod()), false);
            case ColumnType.Domain domain -> throw new IllegalStateException(domain + " over a domain");
        };
    }

    private Form textual(ColumnType.Textual type) {
        return context.types()
                .documentCode(type.oid())
                .<Form>map(code -> new Form.Document(type.oid(), code))
                .orElseGet(() -> kept(type));
    }

    private static Form kept(ColumnType type) {
        return new Form.Kept(type.oid(), type.duckType());
    }
}
