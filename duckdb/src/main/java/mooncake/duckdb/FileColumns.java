package mooncake.duckdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// The columns that data files physically have, read from each footer once, and how to get a mirror's
/// columns of today out of them.
///
/// Files are never read by DuckDB's own mapping of field ids: it makes DuckDB take a table of any size
/// for one row, and join in a poor order. Instead files are put into groups that agree on the asked
/// columns, and each group is read by name, with the row counts and value ranges of the footers. A
/// mirror has as many groups as its asked columns had shapes, mostly one. Used from any thread.
final class FileColumns {
    /// Files remembered; beyond it all are forgotten and read again when needed.
    private static final int FILES_MAX = 200_000;

    private final ConcurrentMap<String, List<Physical>> known = new ConcurrentHashMap<>();
    private final ConcurrentMap<List<Physical>, List<Physical>> shapes = new ConcurrentHashMap<>();

    /// A top-level column of a file.
    private record Physical(long fieldId, String name, String type) {}

    /// How the asked columns come out of files of one shape.
    ///
    /// @param types the types in the files: one expression may cast from several
    private record Reading(List<String> outputs, List<String> types) {}

    /// Groups the files by how the columns are read from them, in the order of their first files.
    ///
    /// @param runs whether a group is to hold neighbours only, so that the groups after each other are
    /// the files in order
    List<FileGroup> groups(DuckConnection connection, List<String> paths, List<Column> columns, boolean runs) {
        IdentityHashMap<List<Physical>, Reading> readings = new IdentityHashMap<>();
        Map<Reading, List<Integer>> members = new LinkedHashMap<>();
        List<FileGroup> groups = new ArrayList<>();
        List<List<Physical>> all = columns.isEmpty() ? List.of() : shapes(connection, paths);
        Reading nothing = new Reading(List.of(), List.of());
        Reading last = null;
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            Reading reading = columns.isEmpty()
                    ? nothing
                    : readings.computeIfAbsent(all.get(i), shape -> reading(shape, columns, path));
            if (runs && last != null && !last.equals(reading)) {
                members.forEach((each, files) -> groups.add(new FileGroup(files, each.outputs())));
                members.clear();
            }
            members.computeIfAbsent(reading, each -> new ArrayList<>()).add(i);
            last = reading;
        }
        members.forEach((each, files) -> groups.add(new FileGroup(files, each.outputs())));
        return groups;
    }

    /// How a file holds a column; its footer is read when it was not seen before.
    Optional<FileRanges.Stored> stored(DuckConnection connection, String path, int fieldId) {
        for (Physical column : shapes(connection, List.of(path)).getFirst()) {
            if (column.fieldId() == fieldId) {
                return Optional.of(new FileRanges.Stored(column.name(), column.type()));
            }
        }
        return Optional.empty();
    }

    /// Reads the footers of the files that were not seen before.
    void see(DuckConnection connection, List<String> paths) {
        shapes(connection, paths);
    }

    private static Reading reading(List<Physical> shape, List<Column> columns, String path) {
        Map<Long, Physical> byId = new HashMap<>();
        shape.forEach(physical -> byId.put(physical.fieldId(), physical));
        List<String> outputs = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (Column column : columns) {
            Physical physical = byId.get((long) column.fieldId());
            outputs.add(physical == null ? StoredSql.initial(column) : output(physical, column, path));
            types.add(physical == null ? "" : physical.type());
        }
        return new Reading(List.copyOf(outputs), List.copyOf(types));
    }

    private static String output(Physical physical, Column column, String path) {
        String name = ViewSql.identifier(physical.name());
        String wanted = column.type().duckType();
        String inFile = fileType(column.type());
        if (physical.type().equals(inFile)) {
            return inFile.equals("INTEGER") && !wanted.equals(inFile) ? name + "::" + wanted : name;
        }
        if (!isWidened(physical.type(), wanted)) {
            throw new MooncakeException(
                    ErrorCode.STORAGE_FAILED,
                    "file " + path + " holds column " + column.name() + " as " + physical.type() + ", which is no "
                            + wanted);
        }
        return name + "::" + wanted;
    }

    /// Whether every value of a type is one of the other, with the same meaning.
    private static boolean isWidened(String from, String to) {
        if (from.startsWith("DECIMAL(") && to.startsWith("DECIMAL(")) {
            DuckType before = DuckType.parse(from);
            DuckType after = DuckType.parse(to);
            return before.scale() == after.scale() && before.width() <= after.width();
        }
        return switch (to) {
            case "BIGINT" -> from.equals("INTEGER");
            case "DOUBLE" -> from.equals("FLOAT");
            default -> false;
        };
    }

    /// The type that DuckDB sees in a file written for a column of the given type: files hold
    /// `smallint` as 32-bit integers.
    private static String fileType(ColumnType type) {
        return switch (type.duckType()) {
            case "SMALLINT" -> "INTEGER";
            case "TIMESTAMPTZ" -> "TIMESTAMP WITH TIME ZONE";
            default -> type.duckType();
        };
    }

    private List<List<Physical>> shapes(DuckConnection connection, List<String> paths) {
        List<List<Physical>> found = new ArrayList<>(paths.size());
        List<String> unknown = new ArrayList<>();
        for (String path : paths) {
            List<Physical> shape = known.get(path);
            found.add(shape == null ? List.of() : shape);
            if (shape == null) {
                unknown.add(path);
            }
        }
        if (unknown.isEmpty()) {
            return found;
        }
        Map<String, List<Physical>> learned = learn(connection, unknown);
        for (int i = 0; i < paths.size(); i++) {
            List<Physical> shape = learned.get(paths.get(i));
            if (shape != null) {
                found.set(i, shape);
            }
        }
        return found;
    }

    private Map<String, List<Physical>> learn(DuckConnection connection, List<String> paths) {
        if (known.size() + paths.size() > FILES_MAX) {
            known.clear();
            shapes.clear();
        }
        String list = paths.stream().map(ViewSql::path).collect(Collectors.joining(", ", "[", "]"));
        // The first row of a file is its root.
        String sql = "SELECT file_name, name, coalesce(field_id, -1)::BIGINT, coalesce(duckdb_type, '')"
                + " FROM parquet_schema(" + list + ")";
        Map<String, List<Physical>> read = new LinkedHashMap<>();
        Set<String> roots = new HashSet<>();
        try (DuckResult result = connection.query(sql)) {
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                for (int row = 0; row < chunk.rows(); row++) {
                    String path = chunk.vector(0).getString(row);
                    List<Physical> columns = read.computeIfAbsent(path, each -> new ArrayList<>());
                    if (!roots.add(path)) {
                        columns.add(new Physical(
                                chunk.vector(2).getLong(row),
                                chunk.vector(1).getString(row),
                                chunk.vector(3).getString(row)));
                    }
                }
            }
        }
        read.replaceAll((path, columns) -> {
            List<Physical> shape = List.copyOf(columns);
            List<Physical> same = shapes.putIfAbsent(shape, shape);
            return same == null ? shape : same;
        });
        known.putAll(read);
        return read;
    }
}
