package mooncake.server;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.ViewSql;
import mooncake.mirror.ColumnLoader;
import mooncake.model.Check;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.MemoryBudget;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import mooncake.query.frame.BatchReader;
import mooncake.query.frame.Kind;
import mooncake.query.frame.Shipment;

/// The rows of one shipment, in the layout that a mirror of the table would have: in memory, and once they are many in
/// a temporary table of the query's connection, which DuckDB can write to disk.
///
/// A column whose layout cannot hold a value, such as a NaN in a decimal, is kept as text from there on; the rows
/// before
/// are converted when they are read.
final class ShippedTable implements AutoCloseable {
    private final DuckDb duckDb;
    private final DuckConnection connection;
    private final MemoryBudget budget;
    private final Shipment shipment;
    private final String name;
    private final List<ShippedPart> parts = new ArrayList<>();
    private TableSchema schema;
    private List<ColumnLoader> loaders;
    private boolean complete;

    ShippedTable(
            DuckDb duckDb,
            DuckConnection connection,
            MemoryBudget budget,
            Shipment shipment,
            TableSchema schema,
            String name) {
        this.duckDb = duckDb;
        this.connection = connection;
        this.budget = budget;
        this.shipment = shipment;
        this.schema = schema;
        this.name = name;
        this.loaders = loaders();
        parts.add(newPart());
    }

    private ShippedPart newPart() {
        return new ShippedPart(duckDb, connection, budget, schema, name + "_" + parts.size());
    }

    private List<ColumnLoader> loaders() {
        List<ColumnLoader> result = new ArrayList<>();
        for (int i = 0; i < schema.width(); i++) {
            Kind kind = shipment.columns().get(i).kind();
            ColumnLoader.Form form = switch (kind) {
                case BYTES_1, BYTES_2, BYTES_4, BYTES_8, BYTES_16 -> ColumnLoader.Form.FIXED;
                case VARLENA -> ColumnLoader.Form.VARLENA;
                case RECEIVE -> ColumnLoader.Form.SENT;
                case CSTRING -> throw violation("a column is shipped as kind " + kind.code());
            };
            result.add(ColumnLoader.of(name, schema.column(i), i, form, kind.width()));
        }
        return result;
    }

    boolean isComplete() {
        return complete;
    }

    /// How the columns are kept now.
    TableSchema schema() {
        return schema;
    }

    /// Adds the rows of a frame; a frame without rows is the last one.
    void append(BatchReader rows) {
        if (complete) {
            throw violation("rows are shipped after their end");
        }
        if (rows.rows() == 0) {
            complete = true;
            return;
        }
        check(rows);
        while (true) {
            try {
                parts.getLast().append(rows, loaders);
                return;
            } catch (MooncakeException e) {
                keepAsText(e);
            }
        }
    }

    private void check(BatchReader rows) {
        if (rows.columns() != schema.width()) {
            throw violation("a shipment has " + rows.columns() + " columns, not " + schema.width());
        }
        for (int i = 0; i < rows.columns(); i++) {
            if (rows.kind(i) != shipment.columns().get(i).kind()) {
                throw violation("a column is shipped as another kind than was announced");
            }
        }
    }

    /// The error is over when another layout holds the value.
    private void keepAsText(MooncakeException error) {
        if (error.code() != ErrorCode.UNREPRESENTABLE_VALUE) {
            throw error;
        }
        List<Column> columns = new ArrayList<>();
        boolean changed = false;
        for (Column column : schema.columns()) {
            ColumnType type = column.type();
            if (column.name().equals(error.column())) {
                type = type.asText().orElseThrow(() -> error);
                changed = true;
            }
            columns.add(new Column(column.fieldId(), column.name(), type, false));
        }
        if (!changed) {
            throw error;
        }
        parts.getLast().seal();
        schema = ShippedTypes.schema(columns);
        loaders = loaders();
        parts.add(newPart());
    }

    /// A SELECT of all columns.
    String select() {
        Check.that(complete, "rows are read that still come");
        return parts.stream()
                .filter(part -> parts.size() == 1 || !part.isEmpty())
                .map(part -> converted(part))
                .collect(Collectors.joining(" UNION ALL "));
    }

    private String converted(ShippedPart part) {
        if (part.schema().equals(schema)) {
            return part.select();
        }
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < schema.width(); i++) {
            String column = ViewSql.name(schema.column(i));
            ColumnType before = part.schema().column(i).type().base();
            boolean same = before.equals(schema.column(i).type().base());
            outputs.add(same ? column : ShippedTypes.text(column, before) + " AS " + column);
        }
        return "SELECT " + String.join(", ", outputs) + " FROM (" + part.select() + ")";
    }

    private static MooncakeException violation(String what) {
        return new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, what);
    }

    @Override
    public void close() {
        parts.forEach(ShippedPart::close);
    }
}
