package mooncake.mirror;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import mooncake.model.TableSchema;

/// One row's key columns in storage layout, for old rows that only serve to find the stored one. Overwritten by each
/// next row, long strings included.
final class ScratchRow implements StringHeap, AutoCloseable {
    private static final int ENTRY_BYTES = 16;
    private static final int HEAP_BYTES = 1 << 12;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment[] data;
    private MemorySegment heap = arena.allocate(HEAP_BYTES);
    private long used;

    ScratchRow(TableSchema schema) {
        data = new MemorySegment[schema.key().size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = arena.allocate(ENTRY_BYTES, ENTRY_BYTES);
        }
    }

    /// Forgets the last row.
    void clear() {
        used = 0;
    }

    MemorySegment[] data() {
        return data;
    }

    @Override
    public MemorySegment allocateBytes(int length) {
        if (used + length > heap.byteSize()) {
            heap = arena.allocate(Math.max(length, heap.byteSize() * 2));
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
