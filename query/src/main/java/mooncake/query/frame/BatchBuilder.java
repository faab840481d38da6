package mooncake.query.frame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.Check;
import mooncake.model.Limits;
import org.jspecify.annotations.Nullable;

/// Gathers rows column by column and lays them out as a batch. Reusable: memory is kept between batches.
public final class BatchBuilder implements AutoCloseable {
    private static final int HEADER_BYTES = 8;
    private static final int COLUMN_BYTES = 16;

    private final Arena arena = Arena.ofShared();
    private final ColumnBuffer[] columns;
    private int rows;

    public BatchBuilder(List<Kind> kinds) {
        this.columns = kinds.stream().map(kind -> new ColumnBuffer(kind, arena)).toArray(ColumnBuffer[]::new);
    }

    public ColumnBuffer column(int column) {
        return columns[column];
    }

    public int rows() {
        return rows;
    }

    /// Whether the batch is to be sent before more rows come.
    public boolean isFull() {
        return rows >= Limits.FRAME_ROWS_MAX || bytes() >= Limits.FRAME_BYTES_TARGET;
    }

    public long bytes() {
        long bytes = 0;
        for (ColumnBuffer column : columns) {
            bytes += column.bytes();
        }
        return bytes;
    }

    public void putNull(int column) {
        columns[column].appendNull();
    }

    public void putInt(int column, int value) {
        ColumnBuffer buffer = columns[column];
        Check.that(buffer.kind() == Kind.BYTES_4, "an int for kind %s", buffer.kind());
        long at = buffer.appendRows(1);
        buffer.fixed().set(ValueLayout.JAVA_INT_UNALIGNED, at, value);
    }

    public void putLong(int column, long value) {
        ColumnBuffer buffer = columns[column];
        Check.that(buffer.kind() == Kind.BYTES_8, "a long for kind %s", buffer.kind());
        long at = buffer.appendRows(1);
        buffer.fixed().set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    }

    public void putText(int column, @Nullable String text) {
        if (text == null) {
            putNull(column);
        } else {
            putBytes(column, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// A value of kind 6 without its header, or of kind 7 without its terminator.
    public void putBytes(int column, byte[] value) {
        ColumnBuffer buffer = columns[column];
        Check.that(buffer.kind().isVariable(), "bytes for kind %s", buffer.kind());
        long at = buffer.appendRows(1);
        long data = buffer.place(at, value.length);
        MemorySegment.copy(value, 0, buffer.heap(), ValueLayout.JAVA_BYTE, data, value.length);
    }

    /// Counts a row that every column has been given.
    public void endRow() {
        endRows(1);
    }

    public void endRows(int count) {
        rows += count;
        for (ColumnBuffer column : columns) {
            Check.that(column.rows() == rows, "a column has %d rows of %d", column.rows(), rows);
        }
    }

    /// The payload in pieces that stay valid until [#clear]; to be asked for once a batch.
    public ByteBuffer[] payload() {
        ByteBuffer head = ByteBuffer.allocate(HEADER_BYTES + COLUMN_BYTES * columns.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(rows).putShort((short) columns.length).putShort((short) 0);
        List<ByteBuffer> parts = new ArrayList<>(columns.length * 3 + 1);
        parts.add(head);
        long position = head.capacity();
        for (ColumnBuffer column : columns) {
            position = align(position, parts);
            long validityOffset = 0;
            if (column.nulls() > 0) {
                validityOffset = position;
                ByteBuffer validity = column.validityBytes();
                position += validity.remaining();
                parts.add(validity);
                position = align(position, parts);
            }
            column.seal(position, parts);
            long length = column.bytes();
            head.putInt(column.kind().code())
                    .putInt((int) validityOffset)
                    .putInt((int) position)
                    .putInt((int) length);
            position += length;
            Check.that(position <= Limits.FRAME_BYTES_MAX, "a batch of %d bytes", position);
        }
        head.flip();
        return parts.toArray(ByteBuffer[]::new);
    }

    public void clear() {
        rows = 0;
        for (ColumnBuffer column : columns) {
            column.clear();
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    private static long align(long position, List<ByteBuffer> parts) {
        int padding = (int) (-position & 7);
        if (padding > 0) {
            parts.add(ByteBuffer.allocate(padding));
        }
        return position + padding;
    }
}
