package mooncake.query.frame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.Limits;
import mooncake.model.MooncakeException;

/// One growing column of a batch. Rows are appended in order, one at a time or in bulk; the first byte of a value's
/// place may be filled by the caller through [#fixed] and [#heap] for speed.
public final class ColumnBuffer {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long FIRST_BYTES = 256;
    private static final int VARLENA_HEADER = 4;
    private static final int NULL_OFFSET = -1;

    private final Kind kind;
    private final Arena arena;
    private MemorySegment fixed;
    private MemorySegment validity;
    private MemorySegment heap;
    private int rows;
    private long heapUsed;
    private int nulls;

    ColumnBuffer(Kind kind, Arena arena) {
        this.kind = kind;
        this.arena = arena;
        this.fixed = arena.allocate(FIRST_BYTES, 8);
        this.validity = arena.allocate(FIRST_BYTES, 8);
        this.heap = kind.isVariable() ? arena.allocate(FIRST_BYTES, 8) : MemorySegment.NULL;
    }

    public Kind kind() {
        return kind;
    }

    /// Appends `count` present rows and returns the byte offset in [#fixed] where their data go. A kind of variable
    /// length must then give each of them a value by [#place].
    public long appendRows(int count) {
        long at = reserveRows(count);
        setValid(rows, count);
        rows += count;
        return at;
    }

    public void appendNull() {
        long at = reserveRows(1);
        setBits(rows, 1, false);
        if (kind.isVariable()) {
            fixed.set(INT, at, NULL_OFFSET);
        } else {
            fixed.asSlice(at, kind.width()).fill((byte) 0);
        }
        rows++;
        nulls++;
    }

    public MemorySegment fixed() {
        return fixed;
    }

    /// Marks the row (counted from the first of this batch) as null after it was appended.
    public void setNull(int row) {
        long word = validity.get(LONG, row / 64 * 8L);
        if ((word & 1L << row) != 0) {
            validity.set(LONG, row / 64 * 8L, word & ~(1L << row));
            nulls++;
        }
        if (kind.isVariable()) {
            fixed.set(INT, row * 4L, NULL_OFFSET);
        }
    }

    /// Room for a value of `length` bytes of the row whose place in [#fixed] is `at`: its offset in [#heap].
    public long place(long at, long length) {
        boolean varlena = kind != Kind.CSTRING;
        long start = varlena ? (heapUsed + 3) & ~3L : heapUsed;
        long end = start + length + (varlena ? VARLENA_HEADER : 0) + (kind == Kind.VARLENA ? 0 : 1);
        if (end > Limits.FRAME_BYTES_MAX) {
            throw new MooncakeException(
                    ErrorCode.LIMIT_EXCEEDED, "one row's values exceed " + Limits.FRAME_BYTES_MAX + " bytes");
        }
        if (end > heap.byteSize()) {
            heap = larger(heap, heapUsed, end);
        }
        fixed.set(INT, at, (int) start);
        long data = start;
        if (varlena) {
            for (long i = heapUsed; i < start; i++) {
                heap.set(ValueLayout.JAVA_BYTE, i, (byte) 0);
            }
            heap.set(INT, start, (int) (length + VARLENA_HEADER) << 2);
            data = start + VARLENA_HEADER;
        }
        if (kind != Kind.VARLENA) {
            heap.set(ValueLayout.JAVA_BYTE, end - 1, (byte) 0);
        }
        heapUsed = end;
        return data;
    }

    public MemorySegment heap() {
        return heap;
    }

    int rows() {
        return rows;
    }

    int nulls() {
        return nulls;
    }

    long bytes() {
        return (long) rows * kind.width() + heapUsed;
    }

    void clear() {
        rows = 0;
        nulls = 0;
        heapUsed = 0;
    }

    /// Turns offsets into the heap into offsets from the payload's start, and lists the buffers to send.
    void seal(long dataOffset, List<ByteBuffer> out) {
        Check.that(dataOffset % 8 == 0, "data at %d", dataOffset);
        long fixedBytes = (long) rows * kind.width();
        if (kind.isVariable()) {
            long base = dataOffset + fixedBytes;
            Check.that(base + heapUsed <= Limits.FRAME_BYTES_MAX, "a batch of %d bytes", base + heapUsed);
            for (long at = 0; at < fixedBytes; at += 4) {
                int relative = fixed.get(INT, at);
                fixed.set(INT, at, relative == NULL_OFFSET ? 0 : (int) (relative + base));
            }
        }
        out.add(fixed.asSlice(0, fixedBytes).asByteBuffer());
        if (heapUsed > 0) {
            out.add(heap.asSlice(0, heapUsed).asByteBuffer());
        }
    }

    ByteBuffer validityBytes() {
        int tail = rows % 64;
        if (tail != 0) {
            long word = validity.get(LONG, rows / 64 * 8L);
            validity.set(LONG, rows / 64 * 8L, word & (1L << tail) - 1);
        }
        return validity.asSlice(0, (rows + 7) / 8).asByteBuffer();
    }

    private long reserveRows(int count) {
        Check.that(rows + count <= Limits.FRAME_ROWS_MAX, "%d rows in a batch", rows + count);
        long at = (long) rows * kind.width();
        long need = at + (long) count * kind.width();
        if (need > fixed.byteSize()) {
            fixed = larger(fixed, at, need);
        }
        long words = (rows + count + 63L) / 64 * 8;
        if (words > validity.byteSize()) {
            validity = larger(validity, (rows + 63L) / 64 * 8, words);
        }
        return at;
    }

    private void setValid(int from, int count) {
        int row = from;
        int end = from + count;
        while (row < end) {
            int inWord = Math.min(64 - row % 64, end - row);
            setBits(row, inWord, true);
            row += inWord;
        }
    }

    private void setBits(int row, int count, boolean value) {
        long mask = (count == 64 ? -1L : (1L << count) - 1) << row;
        long at = row / 64 * 8L;
        long word = validity.get(LONG, at);
        validity.set(LONG, at, value ? word | mask : word & ~mask);
    }

    private MemorySegment larger(MemorySegment old, long used, long need) {
        MemorySegment grown = arena.allocate(Math.max(need, old.byteSize() * 2), 8);
        MemorySegment.copy(old, 0, grown, 0, used);
        return grown;
    }
}
