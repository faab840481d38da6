package mooncake.lake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mooncake.model.Column;
import mooncake.model.TableSchema;

/// The columns' names inside a mirror's Parquet files.
///
/// DuckDB takes names that differ only in case for the same and has virtual columns of its own; such a column
/// gets a suffix. Neither Iceberg nor the engine minds: they find columns by field id.
final class ParquetNames {
    private static final List<String> VIRTUAL =
            List.of("filename", "file_index", "file_row_number", "file_row_group_number", "rowid");

    private ParquetNames() {}

    static List<String> of(TableSchema schema) {
        Set<String> taken = new HashSet<>(VIRTUAL);
        List<String> names = new ArrayList<>();
        for (Column column : schema.columns()) {
            String name = column.name();
            for (int suffix = 2; !taken.add(name.toLowerCase(Locale.ROOT)); suffix++) {
                name = column.name() + "_" + suffix;
            }
            names.add(name);
        }
        return names;
    }

    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
