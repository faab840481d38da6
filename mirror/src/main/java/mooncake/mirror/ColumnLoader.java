package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import mooncake.model.Column;
import mooncake.model.ColumnBatch;
import mooncake.model.Storage;

/// Fills a column of a [ColumnBatch] with values that come column by column from a backend. They lie in memory as they
/// do in a mirror of the same table. For one thread.
public final class ColumnLoader {
    /// How values come.
    public enum Form {
        /// As many bytes as the type has, little-endian, as Postgres holds them.
        FIXED,
        /// A u32 offset each, of a varlena with a 4-byte header: the type's bytes as Postgres holds them.
        VARLENA,
        /// The same, of the bytes of the type's send function.
        SENT
    }

    /// A column's values in one frame.
    public static final class Values {
        private final byte[] bytes;
        private final int origin;
        private final int data;
        private final int validity;
        private final int rows;

        /// Offsets count from `origin`.
        ///
        /// @param data offset of the values
        /// @param validity offset of their validity bitmap, 0 when none is null
        public Values(byte[] bytes, int origin, int data, int validity, int rows) {
            this.bytes = bytes;
            this.origin = origin;
            this.data = data;
            this.validity = validity;
            this.rows = rows;
        }

        byte[] bytes() {
            return bytes;
        }

        int origin() {
            return origin;
        }

        int data() {
            return data;
        }

        int rows() {
            return rows;
        }

        boolean isNull(int row) {
            return validity != 0 && (bytes[origin + validity + (row >> 3)] >> (row & 7) & 1) == 0;
        }
    }

    private final int column;
    private final Loading loading;

    /// Writes the values that are not null.
    interface Loading {
        void load(Values values, MemorySegment data, long row, StringHeap heap);
    }

    private ColumnLoader(int column, Loading loading) {
        this.column = column;
        this.loading = loading;
    }

    /// The loader of a column.
    ///
    /// @param table what messages call the table
    /// @param position the column's position in the batch
    /// @param width bytes of a value that comes as [Form#FIXED]
    public static ColumnLoader of(String table, Column column, int position, Form form, int width) {
        return new ColumnLoader(position, Loadings.of(table, column, form, width));
    }

    /// Writes the values into the rows from `row` on. Nobody may see these rows yet.
    public void load(Values values, ColumnBatch batch, int row) {
        loading.load(values, batch.data(column), row, batch::allocateBytes);
        MemorySegment validity = batch.validity(column);
        if (values.validity == 0) {
            setAll(validity, row, values.rows());
        } else {
            for (int i = 0; i < values.rows(); i++) {
                set(validity, row + i, !values.isNull(i));
            }
        }
    }

    private static void setAll(MemorySegment validity, int from, int count) {
        int row = from;
        int end = from + count;
        while (row < end) {
            int inWord = Math.min(64 - row % 64, end - row);
            long mask = (inWord == 64 ? -1L : (1L << inWord) - 1) << row;
            long at = (row >> 6) * 8L;
            validity.set(JAVA_LONG, at, validity.get(JAVA_LONG, at) | mask);
            row += inWord;
        }
    }

    private static void set(MemorySegment validity, int row, boolean valid) {
        long at = (row >> 6) * 8L;
        long word = validity.get(JAVA_LONG, at);
        validity.set(JAVA_LONG, at, valid ? word | 1L << row : word & ~(1L << row));
    }

    /// The values as they are.
    static Loading copy(Storage storage) {
        int width = storage.width();
        return (values, data, row, _) -> MemorySegment.copy(
                values.bytes(), values.origin() + values.data(), data, JAVA_BYTE, row * width, values.rows() * width);
    }
}
