package mooncake.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows of one mirror off-heap in columns: per column a data segment in its [Storage] and a
/// validity bitmap (bit set = value present, least significant first, whole 64-bit words, the
/// layout of Arrow and DuckDB).
///
/// Append-only with one writer: bytes of a row are written before a [ReadView] that counts the row
/// is published, and never change afterwards. Readers touch only rows that their view counts.
///
/// After a change of the schema the same rows are seen through another batch, which shares the
/// memory of all columns that lie as before and holds the batch it was derived from.
public final class ColumnBatch extends Counted {
    private static final int HEAP_CHUNK_MIN = 1 << 12;
    private static final int HEAP_CHUNK_MAX = 1 << 20;

    private final int capacity;
    private final MemoryBudget budget;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment[] data;
    private final MemorySegment[] validity;
    private final List<MemorySegment> heap = new ArrayList<>();
    private final @Nullable ColumnBatch base;
    private long reserved;
    private @Nullable MemorySegment chunk;
    private long chunkUsed;

    public ColumnBatch(TableSchema schema, int capacity, MemoryBudget budget) {
        this(schema, capacity, budget, null, new int[0]);
    }

    /// The first `rows` rows of `base` in another shape.
    ///
    /// @param shared for each column of `schema` the column of `base` whose memory it shares, or -1
    ///     for memory of its own, which is zero and without any value at first
    public static ColumnBatch derived(
            TableSchema schema, int rows, MemoryBudget budget, ColumnBatch base, int[] shared) {
        return new ColumnBatch(schema, rows, budget, base, shared);
    }

    private ColumnBatch(
            TableSchema schema, int capacity, MemoryBudget budget, @Nullable ColumnBatch base, int[] shared) {
        Check.that(capacity > 0 && capacity <= Limits.BATCH_ROWS_MAX, "batch capacity %d", capacity);
        this.capacity = capacity;
        this.budget = budget;
        this.base = base;
        this.data = new MemorySegment[schema.width()];
        this.validity = new MemorySegment[schema.width()];
        if (base != null) {
            base.retain();
        }
        try {
            for (int i = 0; i < data.length; i++) {
                long width = schema.column(i).type().storage().width();
                if (base != null && shared[i] >= 0) {
                    // As long as the rows are many: readers tell the width of an entry by that.
                    data[i] = base.data[shared[i]].asSlice(0, capacity * width);
                    validity[i] = base.validity[shared[i]];
                } else {
                    data[i] = allocate(capacity * width);
                    validity[i] = allocate((capacity + 63L) / 64 * 8);
                }
            }
        } catch (MooncakeException | OutOfMemoryError e) {
            free();
            throw e;
        }
    }

    public int capacity() {
        return capacity;
    }

    public int width() {
        return data.length;
    }

    public MemorySegment data(int column) {
        return data[column];
    }

    public MemorySegment validity(int column) {
        return validity[column];
    }

    /// Bytes held off-heap, those of the batch this one was derived from included.
    public long bytes() {
        return base == null ? reserved : reserved + base.bytes();
    }

    /// Room for the bytes of one long string; valid as long as the batch.
    public MemorySegment allocateBytes(int length) {
        if (length > HEAP_CHUNK_MAX / 4) {
            MemorySegment own = allocate(length);
            heap.add(own);
            return own;
        }
        MemorySegment current = chunk;
        if (current == null || chunkUsed + length > current.byteSize()) {
            long size = current == null ? HEAP_CHUNK_MIN : Math.min(HEAP_CHUNK_MAX, current.byteSize() * 2);
            current = allocate(Math.max(size, length));
            heap.add(current);
            chunk = current;
            chunkUsed = 0;
        }
        MemorySegment slice = current.asSlice(chunkUsed, length);
        chunkUsed += length;
        return slice;
    }

    @Override
    protected void free() {
        arena.close();
        budget.release(reserved);
        if (base != null) {
            base.release();
        }
    }

    private MemorySegment allocate(long bytes) {
        budget.reserve(bytes);
        reserved += bytes;
        return arena.allocate(bytes, 16);
    }
}
