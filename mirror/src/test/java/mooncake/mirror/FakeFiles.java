package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import mooncake.model.DataFile;
import mooncake.model.KeyScan;
import mooncake.model.MemoryBudget;
import mooncake.model.ReadView;
import mooncake.model.ReadView.BatchView;
import mooncake.model.ReadView.FileView;
import mooncake.model.Storage;
import mooncake.model.StoredRows;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// Data files as lists of rows in the shape they were written in, never changed once written; several threads may read
/// them.
final class FakeFiles implements StoredRows, KeyScan {
    private final Map<String, Content> files = new ConcurrentHashMap<>();

    /// The shape that rows are read in.
    TableSchema schema;
    private int next;
    int reads;

    private record Content(TableSchema schema, List<List<@Nullable Object>> rows) {}

    FakeFiles(TableSchema schema) {
        this.schema = schema;
    }

    @Nullable
    DataFile write(Seal seal) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (BatchView view : seal.toWrite()) {
            rows.addAll(Decoder.rows(seal.schema(), view));
        }
        return rows.isEmpty() ? null : add(seal.schema(), rows);
    }

    DataFile write(Compaction compaction) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        compaction.files().forEach(view -> rows.addAll(liveRows(view, compaction.schema())));
        return add(compaction.schema(), rows);
    }

    private DataFile add(TableSchema shape, List<List<@Nullable Object>> rows) {
        String path = "file-" + next++;
        files.put(path, new Content(shape, rows));
        return new DataFile(path, rows.size(), rows.size() * 100L);
    }

    void remove(DataFile file) {
        if (files.remove(file.path()) == null) {
            throw new AssertionError("removed twice: " + file);
        }
    }

    List<List<@Nullable Object>> rows(DataFile file) {
        return rows(file, schema);
    }

    List<List<@Nullable Object>> rows(DataFile file, TableSchema shape) {
        Content content = Objects.requireNonNull(files.get(file.path()), "no such file");
        return content.schema.equals(shape)
                ? content.rows
                : content.rows.stream()
                        .map(row -> Shapes.reshaped(row, content.schema, shape))
                        .toList();
    }

    List<List<@Nullable Object>> liveRows(FileView view) {
        return liveRows(view, schema);
    }

    List<List<@Nullable Object>> liveRows(FileView view, TableSchema shape) {
        List<List<@Nullable Object>> live = new ArrayList<>();
        List<List<@Nullable Object>> rows = rows(view.file(), shape);
        for (int i = 0; i < rows.size(); i++) {
            if (!view.deletes().isDeleted(i)) {
                live.add(rows.get(i));
            }
        }
        return live;
    }

    List<List<@Nullable Object>> liveRows(ReadView view) {
        List<List<@Nullable Object>> live = new ArrayList<>();
        view.files().forEach(file -> live.addAll(liveRows(file, view.schema())));
        view.batches().forEach(batch -> live.addAll(Decoder.rows(view.schema(), batch)));
        return live;
    }

    @Override
    public void read(DataFile file, long[] positions, int[] columns, Values into) {
        reads++;
        for (int i = positions.length - 1; i >= 0; i--) {
            into.accept(i, values(file, positions[i], columns));
        }
    }

    private byte[] @Nullable [] values(DataFile file, long position, int[] columns) {
        List<@Nullable Object> row = rows(file).get((int) position);
        byte[] @Nullable [] values = new byte[columns.length][];
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < columns.length; i++) {
                Object value = row.get(columns[i]);
                if (value != null) {
                    Storage storage = schema.column(columns[i]).type().storage();
                    MemorySegment data = stored(arena, columns[i], List.of(row));
                    values[i] = storage == Storage.STRING
                            ? Decoder.string(data, 0)
                            : data.asSlice(0, storage.width()).toArray(JAVA_BYTE);
                }
            }
        }
        return values;
    }

    @Override
    public void scan(DataFile file, int[] columns, Chunks into) {
        List<List<@Nullable Object>> rows = rows(file);
        for (int from = rows.size() / 100 * 100; from >= 0; from -= 100) {
            List<List<@Nullable Object>> chunk = rows.subList(from, Math.min(rows.size(), from + 100));
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment[] data = new MemorySegment[columns.length];
                @Nullable MemorySegment[] validity = new MemorySegment[columns.length];
                for (int i = 0; i < columns.length; i++) {
                    data[i] = stored(arena, columns[i], chunk);
                    validity[i] = validity(arena, columns[i], chunk);
                }
                into.accept(from, chunk.size(), data, validity);
            }
        }
    }

    private MemorySegment stored(Arena arena, int column, List<List<@Nullable Object>> rows) {
        int width = schema.column(column).type().storage().width();
        MemorySegment data = arena.allocate(Math.max(16, (long) width * rows.size()), 16);
        ColumnWriter writer = ColumnWriter.of("files", schema.column(column));
        for (int row = 0; row < rows.size(); row++) {
            Object present = rows.get(row).get(column);
            if (present != null) {
                byte[] value = Encoder.value(schema.column(column).type(), present);
                writer.write(value, 0, value.length, data, (long) width * row, arena::allocate);
            }
        }
        return data;
    }

    /// A bitmap of 64-bit words, null when all rows have a value.
    private static @Nullable MemorySegment validity(Arena arena, int column, List<List<@Nullable Object>> rows) {
        MemorySegment bits = arena.allocate((rows.size() + 63L) / 64 * 8, 8);
        int present = 0;
        for (int row = 0; row < rows.size(); row++) {
            if (rows.get(row).get(column) != null) {
                bits.set(JAVA_BYTE, row / 8, (byte) (bits.get(JAVA_BYTE, row / 8) | 1 << row % 8));
                present++;
            }
        }
        return present == rows.size() ? null : bits;
    }

    static MemoryBudget budget() {
        return new MemoryBudget(256L << 20);
    }
}
