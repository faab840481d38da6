package mooncake.duckdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import mooncake.model.Check;

/// The vector that a function fills; every row starts as present, with an undefined value.
public final class WritableVector {
    /// Strings up to this length live in their entry.
    static final int INLINE_BYTES = 12;

    private final long vector;
    private final DuckType type;
    private final int rows;
    private final long data;
    private long validity;

    WritableVector(long vector, DuckType type, int rows) {
        this.vector = vector;
        this.type = type;
        this.rows = rows;
        this.data = Api.VECTOR_DATA.call(vector);
    }

    public DuckType type() {
        return type;
    }

    public int rows() {
        return rows;
    }

    /// The entries as DuckDB lays them out.
    public MemorySegment data() {
        return Memory.ALL.asSlice(data, (long) rows * type.entryBytes());
    }

    public void setNull(int row) {
        andValidityWord(row >> 6, ~(1L << row));
    }

    /// Keeps of 64 rows only those present whose bit is set in `word`.
    public void andValidityWord(int index, long word) {
        if (validity == 0) {
            Api.VECTOR_ENSURE_VALIDITY.call(vector);
            validity = Api.VECTOR_VALIDITY.call(vector);
        }
        long address = validity + 8L * index;
        Memory.ALL.set(Memory.LONG, address, Memory.ALL.get(Memory.LONG, address) & word);
    }

    public void setBoolean(int row, boolean value) {
        Memory.ALL.set(ValueLayout.JAVA_BYTE, data + row, (byte) (value ? 1 : 0));
    }

    public void setShort(int row, short value) {
        Memory.ALL.set(Memory.SHORT, data + 2L * row, value);
    }

    public void setInt(int row, int value) {
        Memory.ALL.set(Memory.INT, data + 4L * row, value);
    }

    public void setLong(int row, long value) {
        Memory.ALL.set(Memory.LONG, data + 8L * row, value);
    }

    public void setFloat(int row, float value) {
        Memory.ALL.set(Memory.FLOAT, data + 4L * row, value);
    }

    public void setDouble(int row, double value) {
        Memory.ALL.set(Memory.DOUBLE, data + 8L * row, value);
    }

    /// A 128-bit integer, a wide `DECIMAL` or a `UUID`.
    public void setHuge(int row, long low, long high) {
        Memory.ALL.set(Memory.LONG, data + 16L * row, low);
        Memory.ALL.set(Memory.LONG, data + 16L * row + 8, high);
    }

    public void setInterval(int row, int months, int days, long microseconds) {
        Memory.ALL.set(Memory.INT, data + 16L * row, months);
        Memory.ALL.set(Memory.INT, data + 16L * row + 4, days);
        Memory.ALL.set(Memory.LONG, data + 16L * row + 8, microseconds);
    }

    /// Makes the elements of all lists of this vector, once and before any of them is set.
    public WritableVector elements(int count) {
        DuckType element = type.element();
        Check.that(element != null, "elements of %s", type);
        Api.LIST_RESERVE.call(vector, count);
        Api.LIST_SET_SIZE.call(vector, count);
        return new WritableVector(Api.LIST_CHILD.call(vector), java.util.Objects.requireNonNull(element), count);
    }

    /// A list of `length` of the [#elements] from `offset` on.
    public void setList(int row, int offset, int length) {
        setHuge(row, offset, length);
    }

    public void setString(int row, String value) {
        setBytes(row, value.getBytes(StandardCharsets.UTF_8));
    }

    /// The bytes of a `VARCHAR` (valid UTF-8) or `BLOB`, copied.
    public void setBytes(int row, byte[] value) {
        if (value.length <= INLINE_BYTES) {
            setInline(row, MemorySegment.ofArray(value));
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            Api.VECTOR_ASSIGN.call(
                    vector,
                    row,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, value).address(),
                    value.length);
        }
    }

    /// The same for bytes in native memory.
    public void setBytes(int row, MemorySegment value) {
        if (value.byteSize() <= INLINE_BYTES) {
            setInline(row, value);
        } else {
            Api.VECTOR_ASSIGN.call(vector, row, value.address(), value.byteSize());
        }
    }

    private void setInline(int row, MemorySegment value) {
        long entry = data + 16L * row;
        Memory.ALL.set(Memory.LONG, entry, value.byteSize());
        Memory.ALL.set(Memory.LONG, entry + 8, 0);
        MemorySegment.copy(value, 0, Memory.ALL, entry + 4, value.byteSize());
    }
}
