package mooncake.duckdb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mooncake.model.Check;
import mooncake.model.ColumnBatch;

/// Copies rows of a batch's column into a vector of DuckDB, which has the same layout.
final class VectorCopy {
    private VectorCopy() {}

    /// Rows `[from, to)`; `from` is a multiple of 64.
    static void range(ColumnBatch batch, int column, int from, int to, long vector) {
        int rows = to - from;
        long width = width(batch, column);
        long data = Api.VECTOR_DATA.call(vector);
        MemorySegment.copy(batch.data(column), from * width, Memory.ALL, data, rows * width);
        MemorySegment bits = batch.validity(column);
        int words = (rows + 63) / 64;
        long target = 0;
        for (int i = 0; i < words; i++) {
            int left = rows - i * 64;
            long unused = left >= 64 ? 0 : -1L << left;
            long word = bits.get(Memory.LONG, (from / 64 + i) * 8L) | unused;
            if (word != -1L) {
                target = target == 0 ? validity(vector) : target;
                Memory.ALL.set(Memory.LONG, target + i * 8L, word);
            }
        }
    }

    /// The given rows, one after the other.
    static void gather(ColumnBatch batch, int column, int[] rows, int count, long vector) {
        MemorySegment source = batch.data(column);
        long data = Api.VECTOR_DATA.call(vector);
        int width = (int) width(batch, column);
        switch (width) {
            case 1 -> gatherBytes(source, rows, count, data);
            case 2 -> gatherShorts(source, rows, count, data);
            case 4 -> gatherInts(source, rows, count, data);
            case 8 -> gatherLongs(source, rows, count, data);
            case 16 -> gatherPairs(source, rows, count, data);
            default -> Check.that(false, "entries of %d bytes", width);
        }
        MemorySegment bits = batch.validity(column);
        long target = 0;
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if ((bits.get(Memory.LONG, (row >> 6) * 8L) & 1L << row) == 0) {
                target = target == 0 ? validity(vector) : target;
                long at = target + (i >> 6) * 8L;
                Memory.ALL.set(Memory.LONG, at, Memory.ALL.get(Memory.LONG, at) & ~(1L << i));
            }
        }
    }

    private static long width(ColumnBatch batch, int column) {
        return batch.data(column).byteSize() / batch.capacity();
    }

    private static long validity(long vector) {
        Api.VECTOR_ENSURE_VALIDITY.call(vector);
        return Api.VECTOR_VALIDITY.call(vector);
    }

    private static void gatherBytes(MemorySegment source, int[] rows, int count, long data) {
        for (int i = 0; i < count; i++) {
            Memory.ALL.set(ValueLayout.JAVA_BYTE, data + i, source.get(ValueLayout.JAVA_BYTE, rows[i]));
        }
    }

    private static void gatherShorts(MemorySegment source, int[] rows, int count, long data) {
        for (int i = 0; i < count; i++) {
            Memory.ALL.set(Memory.SHORT, data + 2L * i, source.get(Memory.SHORT, 2L * rows[i]));
        }
    }

    private static void gatherInts(MemorySegment source, int[] rows, int count, long data) {
        for (int i = 0; i < count; i++) {
            Memory.ALL.set(Memory.INT, data + 4L * i, source.get(Memory.INT, 4L * rows[i]));
        }
    }

    private static void gatherLongs(MemorySegment source, int[] rows, int count, long data) {
        for (int i = 0; i < count; i++) {
            Memory.ALL.set(Memory.LONG, data + 8L * i, source.get(Memory.LONG, 8L * rows[i]));
        }
    }

    private static void gatherPairs(MemorySegment source, int[] rows, int count, long data) {
        for (int i = 0; i < count; i++) {
            long from = 16L * rows[i];
            Memory.ALL.set(Memory.LONG, data + 16L * i, source.get(Memory.LONG, from));
            Memory.ALL.set(Memory.LONG, data + 16L * i + 8, source.get(Memory.LONG, from + 8));
        }
    }
}
