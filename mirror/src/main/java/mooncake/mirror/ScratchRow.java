package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import mooncake.model.Identity;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// One row's key columns in storage layout, for old rows that only serve to find the stored one.
/// Overwritten by each next row, long strings included.
final class ScratchRow implements StringHeap, AutoCloseable {
    private static final int HEAP_BYTES = 1 << 12;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment[] data;
    private final @Nullable MemorySegment[] validity;
    private MemorySegment heap = MemorySegment.NULL;
    private long used;

    ScratchRow(TableSchema schema) {
        data = new MemorySegment[schema.key().size()];
        validity = new MemorySegment[data.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = arena.allocate(Entries.BYTES_MAX, Entries.BYTES_MAX);
            validity[i] = schema.identity() == Identity.FULL_ROW ? arena.allocate(JAVA_LONG) : null;
        }
    }

    /// Forgets the last row.
    void clear() {
        used = 0;
    }

    MemorySegment[] data() {
        return data;
    }

    /// Bitmaps of the columns that may be null.
    @Nullable
    MemorySegment[] validity() {
        return validity;
    }

    void setValid(int column, boolean valid) {
        MemorySegment bits = validity[column];
        if (bits != null) {
            bits.set(JAVA_LONG, 0, valid ? 1 : 0);
        }
    }

    @Override
    public MemorySegment allocateBytes(int length) {
        if (used + length > heap.byteSize()) {
            heap = arena.allocate(Math.max(length, Math.max(HEAP_BYTES, heap.byteSize() * 2)));
            used = 0;
        }
        MemorySegment place = heap.asSlice(used, length);
        used += length;
        return place;
    }

    @Override
    public void close() {
        arena.close();
    }
}
