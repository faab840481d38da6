package mooncake.duckdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import mooncake.model.Check;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;

/// The SQL that reads a view: its files without their deleted rows, and its in-memory rows. Columns are called
/// `c<field id>` and have the DuckDB types of the schema; columns that a file does not have are null.
///
/// Files are matched by field id, so names in files do not matter. Predicates put around the text reach the Parquet
/// reader.
public final class ViewSql {
    /// The name of the one column that a select of no columns has; it is a constant.
    public static final String ROW = "c0";

    private ViewSql() {}

    /// The name of a column in what [#select] returns.
    public static String name(Column column) {
        return "c" + column.fieldId();
    }

    /// A `SELECT` (without parentheses) of the columns at the given positions, in that order. The registration under
    /// `handle` must last until the statement's result is closed.
    ///
    /// The optimizer does not learn how many rows the files have; [DuckDb#select] tells it and is to be preferred.
    public static String select(ReadView view, long handle, List<Integer> positions) {
        return select(view, handle, positions, Map.of());
    }

    /// The same with the columns' names in the files by field id, when all files agree on them.
    static String select(ReadView view, long handle, List<Integer> positions, Map<Integer, String> namesInFiles) {
        TableSchema schema = view.schema();
        List<Column> columns = positions.stream().map(schema::column).toList();
        List<String> parts = new ArrayList<>();
        if (!view.files().isEmpty()) {
            parts.add(files(view, handle, columns, namesInFiles));
        }
        if (view.batches().stream()
                .anyMatch(batch -> batch.rows() > batch.deletes().cardinality())) {
            parts.add("SELECT " + names(columns) + " FROM mem(" + handle + ")");
        }
        return parts.isEmpty() ? empty(columns) : String.join(" UNION ALL ", parts);
    }

    /// A text as an SQL literal.
    public static String quote(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /// A name as an SQL identifier.
    public static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /// A data file's path as an SQL literal. DuckDB would take some characters for patterns.
    static String path(String path) {
        Check.that(
                path.chars().noneMatch(c -> c == '*' || c == '?' || c == '[' || c == '\0'),
                "data file path with a pattern character: %s",
                path);
        return quote(path);
    }

    private static String files(ReadView view, long handle, List<Column> columns, Map<Integer, String> namesInFiles) {
        String list =
                view.files().stream().map(file -> path(file.file().path())).collect(Collectors.joining(", ", "[", "]"));
        boolean byName = columns.isEmpty() || !namesInFiles.isEmpty();
        String schema = byName
                ? ""
                : columns.stream().map(ViewSql::mapEntry).collect(Collectors.joining(", ", ", schema=MAP{", "}"));
        String outputs = byName && !columns.isEmpty()
                ? columns.stream().map(c -> output(c, namesInFiles)).collect(Collectors.joining(", "))
                : names(columns);
        String from = "SELECT " + outputs + " FROM read_parquet(" + list + schema + ")";
        boolean deletes = view.files().stream().anyMatch(file -> !file.deletes().isEmpty());
        return deletes ? from + " WHERE keep(" + handle + ", file_index, file_row_number)" : from;
    }

    private static String mapEntry(Column column) {
        return column.fieldId() + ": {name: " + quote(name(column)) + ", type: "
                + quote(column.type().duckType()) + ", default_value: NULL}";
    }

    /// Files hold `smallint` as 32-bit integers.
    private static String output(Column column, Map<Integer, String> namesInFiles) {
        String physical = identifier(Objects.requireNonNull(namesInFiles.get(column.fieldId())));
        boolean narrow = column.type().base() == ColumnType.Scalar.INT2;
        return physical + (narrow ? "::SMALLINT AS " : " AS ") + name(column);
    }

    private static String names(List<Column> columns) {
        return columns.isEmpty()
                ? "1 AS " + ROW
                : columns.stream().map(ViewSql::name).collect(Collectors.joining(", "));
    }

    private static String empty(List<Column> columns) {
        String outputs = columns.isEmpty()
                ? "1 AS " + ROW
                : columns.stream()
                        .map(column -> "NULL::" + column.type().duckType() + " AS " + name(column))
                        .collect(Collectors.joining(", "));
        return "SELECT " + outputs + " WHERE false";
    }
}
