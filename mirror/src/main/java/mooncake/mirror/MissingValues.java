package mooncake.mirror;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mooncake.model.DataFile;
import mooncake.model.StoredRows;
import org.jspecify.annotations.Nullable;

/// Rows in memory that still lack values which their UPDATEs left unchanged and only a file holds. They are fetched
/// together, by one query a file: one a row costs milliseconds each.
final class MissingValues {
    private static final int ROWS_MAX = 4_096;
    private static final int ROWS_AT_FIRST = 64;

    /// Bytes that one fetch should not exceed by much.
    private static final long FETCH_BYTES = 16L << 20;

    private final StoredRows storedRows;
    private final Map<Long, Row> rows = new LinkedHashMap<>();
    private int limit = ROWS_AT_FIRST;

    /// @param batch where the row is, and its number there
    /// @param file where the values are, and the row's position there
    record Row(MemoryBatch batch, int row, DataFile file, long position, List<Integer> columns) {}

    /// Rows whose values one query gives.
    private record Source(DataFile file, List<Integer> columns) {}

    MissingValues(StoredRows storedRows) {
        this.storedRows = storedRows;
    }

    void add(long location, Row row) {
        rows.put(location, row);
    }

    /// The next version of a row lacks those of its unchanged columns that the row itself lacks.
    void inherit(long oldLocation, long location, int[] unchanged, MemoryBatch batch, int row) {
        Row old = rows.get(oldLocation);
        if (old != null) {
            List<Integer> columns = IntStream.of(unchanged)
                    .boxed()
                    .filter(old.columns::contains)
                    .toList();
            if (!columns.isEmpty()) {
                add(location, new Row(batch, row, old.file, old.position, columns));
            }
        }
    }

    void forget(long location) {
        rows.remove(location);
    }

    void clear() {
        rows.clear();
    }

    boolean isFull() {
        return rows.size() >= limit;
    }

    void fetch() {
        if (rows.isEmpty()) {
            return;
        }
        Map<Source, List<Row>> sources = new HashMap<>();
        rows.values()
                .forEach(row -> sources.computeIfAbsent(new Source(row.file, row.columns), _ -> new ArrayList<>())
                        .add(row));
        long[] bytes = new long[1];
        sources.forEach((source, lacking) -> bytes[0] += fetch(source, lacking));
        limit = Math.clamp(FETCH_BYTES / Math.max(1, bytes[0] / rows.size()), 1, ROWS_MAX);
        rows.clear();
    }

    private long fetch(Source source, List<Row> lacking) {
        lacking.sort(Comparator.comparingLong(Row::position));
        long[] positions = lacking.stream().mapToLong(Row::position).toArray();
        int[] columns = source.columns.stream().mapToInt(Integer::intValue).toArray();
        long[] bytes = new long[1];
        storedRows.read(source.file, positions, columns, (index, values) -> {
            Row row = lacking.get(index);
            for (int i = 0; i < columns.length; i++) {
                byte @Nullable [] value = values[i];
                row.batch.setStored(columns[i], row.row, value);
                bytes[0] += value == null ? 0 : value.length;
            }
        });
        return bytes[0];
    }
}
