package mooncake.duckdb;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import mooncake.model.Check;

/// Values of one column, read where DuckDB holds them; valid as long as the chunk or the call it came with.
///
/// Getters do not check nulls: an entry that is not valid holds anything, and following a string in it reads stray
/// memory.
public final class DuckVector {
    private final long vector;
    private final DuckType type;
    private final int rows;
    private final long data;
    private final long validity;

    DuckVector(long vector, DuckType type, int rows) {
        this.vector = vector;
        this.type = type;
        this.rows = rows;
        this.data = Api.VECTOR_DATA.call(vector);
        this.validity = Api.VECTOR_VALIDITY.call(vector);
    }

    public DuckType type() {
        return type;
    }

    public int rows() {
        return rows;
    }

    /// The entries as DuckDB lays them out, `rows * type().entryBytes()` bytes.
    public MemorySegment data() {
        Check.that(type.entryBytes() > 0, "vectors of %s have no plain entries", type);
        return Memory.ALL.asSlice(data, (long) rows * type.entryBytes());
    }

    /// False when no entry is null.
    public boolean mayHaveNulls() {
        return validity != 0;
    }

    /// The bits of rows `64 * index` and on, least significant first, set where a value is present. Bits past the last
    /// row are undefined.
    public long validityWord(int index) {
        return validity == 0 ? -1L : Memory.ALL.get(Memory.LONG, validity + 8L * index);
    }

    public boolean isValid(int row) {
        return validity == 0 || (Memory.ALL.get(Memory.LONG, validity + 8L * (row >> 6)) & 1L << row) != 0;
    }

    public boolean getBoolean(int row) {
        return getByte(row) != 0;
    }

    public byte getByte(int row) {
        return Memory.ALL.get(java.lang.foreign.ValueLayout.JAVA_BYTE, data + row);
    }

    public short getShort(int row) {
        return Memory.ALL.get(Memory.SHORT, data + 2L * row);
    }

    public int getInt(int row) {
        return Memory.ALL.get(Memory.INT, data + 4L * row);
    }

    public long getLong(int row) {
        return Memory.ALL.get(Memory.LONG, data + 8L * row);
    }

    public float getFloat(int row) {
        return Memory.ALL.get(Memory.FLOAT, data + 4L * row);
    }

    public double getDouble(int row) {
        return Memory.ALL.get(Memory.DOUBLE, data + 8L * row);
    }

    /// The low word of a 16-byte entry: a 128-bit integer, or a `UUID` with its top bit flipped.
    public long getLow(int row) {
        return Memory.ALL.get(Memory.LONG, data + 16L * row);
    }

    /// The high word of a 16-byte entry; the microseconds of an `INTERVAL`.
    public long getHigh(int row) {
        return Memory.ALL.get(Memory.LONG, data + 16L * row + 8);
    }

    public int intervalMonths(int row) {
        return Memory.ALL.get(Memory.INT, data + 16L * row);
    }

    public int intervalDays(int row) {
        return Memory.ALL.get(Memory.INT, data + 16L * row + 4);
    }

    /// Bytes of a `VARCHAR` or `BLOB`.
    public int stringLength(int row) {
        return Memory.ALL.get(Memory.INT, data + 16L * row);
    }

    /// The address of a string's first byte.
    public long stringAddress(int row) {
        long entry = data + 16L * row;
        return Memory.ALL.get(Memory.INT, entry) <= WritableVector.INLINE_BYTES
                ? entry + 4
                : Memory.ALL.get(Memory.LONG, entry + 8);
    }

    /// The bytes of a string, not copied.
    public MemorySegment getBytes(int row) {
        return Memory.ALL.asSlice(stringAddress(row), stringLength(row));
    }

    /// A copy as a Java string.
    public String getString(int row) {
        byte[] bytes = getBytes(row).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Where a list's elements begin in [#elements].
    public int listOffset(int row) {
        return Math.toIntExact(getLow(row));
    }

    public int listLength(int row) {
        return Math.toIntExact(getHigh(row));
    }

    /// The elements of all lists of this vector.
    public DuckVector elements() {
        DuckType element = type.element();
        Check.that(element != null, "elements of %s", type);
        return new DuckVector(
                Api.LIST_CHILD.call(vector),
                java.util.Objects.requireNonNull(element),
                Math.toIntExact(Api.LIST_SIZE.call(vector)));
    }
}
