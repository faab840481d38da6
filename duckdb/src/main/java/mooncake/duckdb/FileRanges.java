package mooncake.duckdb;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import mooncake.model.ColumnRange;
import mooncake.model.ColumnRange.Bound;

/// Least and greatest values of columns of data files, read from each footer once and only for columns that queries
/// ask for, so that files without a wanted value are not opened at all: opening one costs about 0.1 ms, even when its
/// footer is cached. Used from any thread.
final class FileRanges {
    /// With fewer files DuckDB's own look at their footers costs no more.
    private static final int FILES_MIN = 4;

    /// Columns of files remembered; beyond it all are forgotten and read again when needed.
    private static final int RANGES_MAX = 500_000;

    private static final Range ANY = new Range(Bound.LEAST, Bound.GREATEST);
    private static final long MICROS = 1_000_000;
    private static final String DECIMAL = "DECIMAL(";
    private static final String ZONED = "TIMESTAMP WITH TIME ZONE";

    private final ConcurrentMap<Column, Range> known = new ConcurrentHashMap<>();

    private record Column(String path, int fieldId) {}

    private record Range(Bound low, Bound high) {
        boolean meets(ColumnRange wanted) {
            return low.compareTo(wanted.high()) <= 0 && high.compareTo(wanted.low()) >= 0;
        }
    }

    /// A column as files hold it.
    record Stored(String name, String type) {}

    /// How a file holds a column; empty when it does not.
    @FunctionalInterface
    interface Shapes {
        Optional<Stored> column(String path, int fieldId);
    }

    /// The positions of the files that may hold rows of the answer, ascending.
    List<Integer> choose(DuckConnection connection, List<String> paths, List<ColumnRange> wanted, Shapes shapes) {
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            chosen.add(i);
        }
        if (paths.size() < FILES_MIN) {
            return chosen;
        }
        for (ColumnRange range : wanted) {
            learn(connection, chosen.stream().map(paths::get).toList(), range, shapes);
            chosen.removeIf(position -> !known.getOrDefault(new Column(paths.get(position), range.fieldId()), ANY)
                    .meets(range));
        }
        return chosen;
    }

    private void learn(DuckConnection connection, List<String> paths, ColumnRange range, Shapes shapes) {
        Map<Stored, List<String>> unknown = new HashMap<>();
        for (String path : paths) {
            Column column = new Column(path, range.fieldId());
            if (!known.containsKey(column)) {
                Optional<Stored> stored = shapes.column(path, range.fieldId());
                if (stored.isPresent() && holds(stored.get().type(), range.kind())) {
                    unknown.computeIfAbsent(stored.get(), each -> new ArrayList<>())
                            .add(path);
                } else {
                    known.put(column, ANY);
                }
            }
        }
        if (known.size() + paths.size() > RANGES_MAX) {
            known.clear();
        }
        unknown.forEach((stored, files) -> read(connection, files, range.fieldId(), stored));
    }

    private void read(DuckConnection connection, List<String> paths, int fieldId, Stored stored) {
        String list = paths.stream().map(ViewSql::path).collect(Collectors.joining(", ", "[", "]"));
        String sql = "SELECT file_name, stats_min_value, stats_max_value FROM parquet_metadata(" + list
                + ") WHERE path_in_schema = " + ViewSql.quote(stored.name());
        Map<String, Range> ranges = new HashMap<>();
        try (DuckResult result = connection.query(sql)) {
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                for (int row = 0; row < chunk.rows(); row++) {
                    Range group = range(chunk, row, stored.type());
                    ranges.merge(chunk.vector(0).getString(row), group, FileRanges::around);
                }
            }
        }
        for (String path : paths) {
            known.put(new Column(path, fieldId), ranges.getOrDefault(path, ANY));
        }
    }

    private static Range around(Range a, Range b) {
        return new Range(a.low.orLess(b.low), a.high.orMore(b.high));
    }

    private static boolean holds(String type, ColumnRange.Kind kind) {
        return switch (kind) {
            case INTEGER -> type.equals("INTEGER") || type.equals("BIGINT");
            case DATE -> type.equals("DATE");
            case TIMESTAMP -> type.equals("TIMESTAMP");
            case TIMESTAMP_WITH_ZONE -> type.equals(ZONED);
            case NUMERIC -> type.startsWith(DECIMAL);
            case TEXT -> type.equals("VARCHAR");
            case UUID -> type.equals("UUID");
        };
    }

    private static Range range(DuckChunk chunk, int row, String type) {
        if (!chunk.vector(1).isValid(row) || !chunk.vector(2).isValid(row)) {
            return ANY;
        }
        try {
            return new Range(
                    bound(chunk.vector(1).getString(row), type),
                    bound(chunk.vector(2).getString(row), type));
        } catch (IllegalArgumentException | DateTimeException e) {
            // A value that the year's four digits do not hold, or another form: the file is read.
            return ANY;
        }
    }

    private static Bound bound(String text, String type) {
        return switch (type) {
            case "DATE" -> Bound.of(LocalDate.parse(text).toEpochDay());
            case "TIMESTAMP" -> micros(text);
            case ZONED -> {
                if (!text.endsWith("+00")) {
                    throw new DateTimeException(text);
                }
                yield micros(text.substring(0, text.length() - "+00".length()));
            }
            case "VARCHAR" -> Bound.ofText(text);
            case "UUID" -> Bound.ofUuid(text);
            default -> type.startsWith(DECIMAL) ? Bound.ofNumeric(text) : Bound.of(Long.parseLong(text));
        };
    }

    private static Bound micros(String text) {
        LocalDateTime time = LocalDateTime.parse(text.replace(' ', 'T'));
        return Bound.of(time.toEpochSecond(ZoneOffset.UTC) * MICROS + time.getLong(ChronoField.MICRO_OF_SECOND));
    }
}
