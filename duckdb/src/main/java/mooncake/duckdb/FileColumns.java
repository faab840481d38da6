package mooncake.duckdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ReadView;

/// The columns that data files physically have, read from each footer once.
///
/// Reading by field id is always right, but DuckDB then takes a table of any size for one row and joins in a poor
/// order.
/// When all files of a view have the same columns under the same names, they can be read by name, with the row counts
/// of the footers. Used from any thread.
final class FileColumns {
    /// Files remembered; beyond it all are forgotten and read again when needed.
    private static final int FILES_MAX = 200_000;

    private static final Set<String> VIRTUAL =
            Set.of("filename", "file_index", "file_row_number", "file_row_group_number", "rowid");

    private final ConcurrentMap<String, List<Physical>> known = new ConcurrentHashMap<>();
    private final ConcurrentMap<List<Physical>, List<Physical>> shapes = new ConcurrentHashMap<>();

    /// A top-level column of a file.
    private record Physical(long fieldId, String name, String type) {}

    /// The one name of every column of the view's schema in all of its files, by field id; empty when files differ,
    /// lack
    /// a column, or hold one in another type.
    Optional<Map<Integer, String>> names(DuckConnection connection, ReadView view) {
        List<String> unknown = view.files().stream()
                .map(file -> file.file().path())
                .filter(path -> !known.containsKey(path))
                .toList();
        if (!unknown.isEmpty()) {
            learn(connection, unknown);
        }
        List<Physical> shape = List.of();
        for (ReadView.FileView file : view.files()) {
            List<Physical> next = known.get(file.file().path());
            if (next == null || (!shape.isEmpty() && !shape.equals(next))) {
                return Optional.empty();
            }
            shape = next;
        }
        return names(shape, view.schema().columns());
    }

    private static Optional<Map<Integer, String>> names(List<Physical> shape, List<Column> columns) {
        Set<String> taken = new HashSet<>(VIRTUAL);
        Map<Long, Physical> byId = new HashMap<>();
        for (Physical physical : shape) {
            if (!taken.add(physical.name().toLowerCase(Locale.ROOT))
                    || byId.put(physical.fieldId(), physical) != null) {
                return Optional.empty();
            }
        }
        Map<Integer, String> names = new HashMap<>();
        for (Column column : columns) {
            Physical physical = byId.get((long) column.fieldId());
            if (physical == null || !physical.type().equals(fileType(column.type()))) {
                return Optional.empty();
            }
            names.put(column.fieldId(), physical.name());
        }
        return Optional.of(names);
    }

    /// The type that DuckDB sees in a file written for a column of the given type.
    private static String fileType(ColumnType type) {
        return switch (type.duckType()) {
            case "SMALLINT" -> "INTEGER";
            case "TIMESTAMPTZ" -> "TIMESTAMP WITH TIME ZONE";
            default -> type.duckType();
        };
    }

    private void learn(DuckConnection connection, List<String> paths) {
        if (known.size() + paths.size() > FILES_MAX) {
            known.clear();
            shapes.clear();
        }
        String list = paths.stream().map(ViewSql::path).collect(Collectors.joining(", ", "[", "]"));
        // The root has children; a nested column would too, and then the file is not one of plain columns.
        String sql = "SELECT file_name, name, coalesce(field_id, -1)::BIGINT, coalesce(duckdb_type, ''),"
                + " coalesce(num_children, 0)::BIGINT FROM parquet_schema(" + list + ")";
        Map<String, List<Physical>> read = new LinkedHashMap<>();
        Set<String> nested = new HashSet<>();
        try (DuckResult result = connection.query(sql)) {
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                for (int row = 0; row < chunk.rows(); row++) {
                    String path = chunk.vector(0).getString(row);
                    List<Physical> columns = read.get(path);
                    if (columns == null) {
                        read.put(path, new ArrayList<>());
                    } else if (chunk.vector(4).getLong(row) > 0) {
                        nested.add(path);
                    } else {
                        columns.add(new Physical(
                                chunk.vector(2).getLong(row),
                                chunk.vector(1).getString(row),
                                chunk.vector(3).getString(row)));
                    }
                }
            }
        }
        read.forEach((path, columns) -> {
            List<Physical> shape = nested.contains(path) ? List.of() : List.copyOf(columns);
            List<Physical> same = shapes.putIfAbsent(shape, shape);
            known.put(path, same == null ? shape : same);
        });
    }
}
