package mooncake.query.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads a batch in place. Every offset is checked against the bytes that are there.
public final class BatchReader {
    private static final int HEADER_BYTES = 8;
    private static final int COLUMN_BYTES = 16;

    private final ByteBuffer bytes;
    private final int rows;
    private final int columns;
    private final int byteLength;

    public BatchReader(ByteBuffer payload) {
        this.bytes = payload.slice().order(ByteOrder.LITTLE_ENDIAN);
        check(HEADER_BYTES <= bytes.limit(), "a batch without a header");
        this.rows = bytes.getInt(0);
        this.columns = bytes.getShort(4) & 0xffff;
        check(rows >= 0 && bytes.getShort(6) == 0, "a batch header");
        long end = HEADER_BYTES + (long) COLUMN_BYTES * columns;
        check(end <= bytes.limit(), "a batch of too many columns");
        for (int column = 0; column < columns; column++) {
            Kind kind = kind(column);
            long validity = field(column, 4);
            long data = field(column, 8);
            long length = field(column, 12);
            check(data + length <= bytes.limit() && validity + (rows + 7) / 8 <= bytes.limit(), "a batch's offsets");
            check(length >= (long) rows * kind.width(), "a batch's data length");
            end = Math.max(end, data + length);
        }
        this.byteLength = (int) end;
    }

    /// All its bytes.
    public ByteBuffer payload() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /// Bytes up to the end of the last column.
    public int byteLength() {
        return byteLength;
    }

    public Kind kind(int column) {
        return Kind.of(bytes.getInt(HEADER_BYTES + COLUMN_BYTES * column));
    }

    public boolean isNull(int column, int row) {
        int validity = (int) field(column, 4);
        return validity != 0 && (bytes.get(validity + row / 8) >> row % 8 & 1) == 0;
    }

    /// Where a column's values begin, counted from the batch's start.
    public int data(int column) {
        return (int) field(column, 8);
    }

    /// Where its validity bitmap begins, 0 when no value is null.
    public int validity(int column) {
        return (int) field(column, 4);
    }

    /// The bytes of a value of fixed width.
    public ByteBuffer fixed(int column, int row) {
        int width = kind(column).width();
        return bytes.slice((int) field(column, 8) + row * width, width).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The bytes of a value of kind 6 or 7, without header or terminator; null for SQL NULL.
    public @Nullable ByteBuffer variable(int column, int row) {
        if (isNull(column, row)) {
            return null;
        }
        int offset = bytes.getInt((int) field(column, 8) + 4 * row);
        check(offset > 0 && offset < bytes.limit(), "a value's offset");
        if (kind(column) != Kind.CSTRING) {
            check(offset + 4 <= bytes.limit(), "a value's header");
            int length = (bytes.getInt(offset) >>> 2) - 4;
            check(length >= 0 && offset + 4 + length <= bytes.limit(), "a value's length");
            return bytes.slice(offset + 4, length).order(ByteOrder.LITTLE_ENDIAN);
        }
        int end = offset;
        while (end < bytes.limit() && bytes.get(end) != 0) {
            end++;
        }
        check(end < bytes.limit(), "a text without its end");
        return bytes.slice(offset, end - offset);
    }

    /// A value of kind 6 or 7 as text.
    public @Nullable String text(int column, int row) {
        ByteBuffer value = variable(column, row);
        return value == null ? null : StandardCharsets.UTF_8.decode(value).toString();
    }

    private long field(int column, int offset) {
        return bytes.getInt(HEADER_BYTES + COLUMN_BYTES * column + offset) & 0xffffffffL;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw PayloadReader.violation(what + " is not within its frame");
        }
    }
}
