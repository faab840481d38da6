package mooncake.duckdb;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooncake.model.Check;
import mooncake.model.Column;
import mooncake.model.ReadView;

/// The SQL that reads a view: its files without their deleted rows, and its in-memory rows. Columns are
/// called `c<field id>` and have the DuckDB types of the schema; a column that a file does not have is
/// what [Column#initial] says. Predicates put around the text reach the Parquet reader.
public final class ViewSql {
    /// The name of the one column that a select of no columns has; it is a constant.
    public static final String ROW = "c0";

    private ViewSql() {}

    /// The name of a column in what [DuckDb#select] returns.
    public static String name(Column column) {
        return "c" + column.fieldId();
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

    /// A scan of files, with `filename`, `file_index` and `file_row_number` beside their columns.
    /// Directories named `a=b` are not columns.
    static String scan(List<String> paths) {
        return paths.stream()
                .map(ViewSql::path)
                .collect(Collectors.joining(", ", "read_parquet([", "], hive_partitioning=false)"));
    }

    /// Expressions of a group under the columns' names.
    static String outputs(FileGroup group, List<Column> columns) {
        return columns.isEmpty()
                ? "1 AS " + ROW
                : IntStream.range(0, columns.size())
                        .mapToObj(i -> group.outputs().get(i) + " AS " + name(columns.get(i)))
                        .collect(Collectors.joining(", "));
    }

    /// A `SELECT` for each group of a view's files, in the order of the groups.
    static List<String> files(
            ReadView view, long handle, ViewHandles handles, List<Column> columns, List<FileGroup> groups) {
        List<String> selects = new ArrayList<>();
        for (FileGroup group : groups) {
            List<ReadView.FileView> files =
                    group.members().stream().map(view.files()::get).toList();
            String select = "SELECT " + outputs(group, columns) + " FROM "
                    + scan(files.stream().map(file -> file.file().path()).toList());
            if (files.stream().anyMatch(file -> !file.deletes().isEmpty())) {
                String chosen =
                        files.size() == view.files().size() ? "" : handles.group(handle, group.members()) + ", ";
                select += " WHERE keep(" + handle + ", " + chosen + "file_index, file_row_number)";
            }
            selects.add(select);
        }
        return selects;
    }

    /// The whole view, from the selects of its files.
    static String union(ReadView view, long handle, List<Column> columns, List<String> files) {
        List<String> parts = new ArrayList<>(files);
        if (view.batches().stream()
                .anyMatch(batch -> batch.rows() > batch.deletes().cardinality())) {
            parts.add("SELECT " + names(columns) + " FROM mem(" + handle + ")");
        }
        return parts.isEmpty() ? empty(columns) : String.join(" UNION ALL ", parts);
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
