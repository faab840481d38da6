package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.Identity;
import mooncake.model.Storage;
import mooncake.model.StoredValue;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// The 128-bit key of a row, computed from its key columns' storage: their very bytes when they are
/// fixed and fit, else a 128-bit hash under a secret drawn per table.
///
/// Keys are equal where Postgres' unique index calls them equal: `char(n)` without its trailing
/// blanks, -0 as 0, all NaN as one. With [Identity#FULL_ROW] they are equal where all bytes are and
/// the same columns are null.
///
/// A hash is the sum of one hash per column that is not null, each under the column's field id, less
/// the sum that the columns' initial values have; numbers are hashed by their value and not by their
/// width. So a row's hash is the same after a column was added, renamed or widened.
///
/// Reused for row after row; [#low] and [#high] hold the last result.
final class RowKey {
    private static final int EXACT_BYTES_MAX = 16;

    private final Secret secret;
    private final Storage[] storages;
    private final boolean[] blankPadded;
    private final boolean[] decimal;
    private final long[] startsLow;
    private final long[] startsHigh;
    private final boolean exact;
    private final boolean asIs;
    private final long baseLow;
    private final long baseHigh;
    private long low;
    private long high;
    private long a;
    private long b;

    /// What nobody outside can know, so that nobody can make keys collide.
    record Secret(long a, long b, long factorA, long factorB) {
        static Secret drawn(SplittableRandom random) {
            return new Secret(random.nextLong(), random.nextLong(), random.nextLong() | 1, random.nextLong() | 1);
        }
    }

    RowKey(TableSchema schema, Secret secret) {
        this.secret = secret;
        int columns = schema.key().size();
        storages = new Storage[columns];
        blankPadded = new boolean[columns];
        decimal = new boolean[columns];
        startsLow = new long[columns];
        startsHigh = new long[columns];
        asIs = schema.identity() == Identity.FULL_ROW;
        for (int i = 0; i < columns; i++) {
            Column column = schema.column(schema.key().get(i));
            ColumnType type = column.type().base();
            storages[i] = type.storage();
            blankPadded[i] = type instanceof ColumnType.Bpchar && !asIs;
            decimal[i] = type instanceof ColumnType.Numeric;
            startsLow[i] = secret.a() ^ column.fieldId() * secret.factorB();
            startsHigh[i] = secret.b() ^ column.fieldId() * secret.factorA();
        }
        exact = isExact(schema);
        if (!exact) {
            addInitials(schema);
        }
        baseLow = -low;
        baseHigh = -high;
    }

    /// Whether the key is its columns' very bytes, and the columns can be told from it.
    static boolean isExact(TableSchema schema) {
        int bytes = 0;
        boolean fixed = schema.identity() == Identity.KEY;
        for (int position : schema.key()) {
            Storage storage = schema.column(position).type().storage();
            fixed &= storage != Storage.STRING;
            bytes += storage.width();
        }
        return fixed && bytes <= EXACT_BYTES_MAX;
    }

    long low() {
        return low;
    }

    long high() {
        return high;
    }

    boolean isExact() {
        return exact;
    }

    /// Computes the key of a row from the key's columns, given in the key's order; columns without a
    /// bitmap have no nulls.
    void read(MemorySegment[] columns, @Nullable MemorySegment[] validity, int row) {
        if (exact) {
            readExact(columns, row);
        } else {
            low = baseLow;
            high = baseHigh;
            for (int i = 0; i < storages.length; i++) {
                MemorySegment bits = validity[i];
                if (bits == null || isSet(bits, row)) {
                    add(i, columns[i], row);
                }
            }
        }
    }

    static boolean isSet(MemorySegment bits, int row) {
        return (bits.get(JAVA_LONG_UNALIGNED, (long) (row >> 6) * 8) & 1L << row) != 0;
    }

    private void readExact(MemorySegment[] columns, int row) {
        low = 0;
        high = 0;
        int at = 0;
        for (int i = 0; i < storages.length; i++) {
            int width = storages[i].width();
            MemorySegment data = columns[i];
            if (width == 16) {
                low = data.get(JAVA_LONG_UNALIGNED, 16L * row);
                high = data.get(JAVA_LONG_UNALIGNED, 16L * row + 8);
            } else {
                place(fixed(storages[i], data, row), at, width);
            }
            at += width;
        }
    }

    private void place(long value, int at, int width) {
        int shift = at * 8;
        if (shift >= 64) {
            high |= value << shift;
        } else {
            low |= value << shift;
            if (at + width > 8) {
                high |= value >>> (64 - shift);
            }
        }
    }

    private void addInitials(TableSchema schema) {
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < storages.length; i++) {
                StoredValue initial = schema.column(schema.key().get(i)).initial();
                if (initial != null) {
                    MemorySegment entry = arena.allocate(Entries.BYTES_MAX, Entries.BYTES_MAX);
                    Entries.put(initial.bytes(), storages[i], entry, 0, arena::allocate);
                    add(i, entry, 0);
                }
            }
        }
    }

    /// The key columns' values of an exact key, each into the first entry of its column.
    void unpack(long keyLow, long keyHigh, MemorySegment[] columns) {
        int at = 0;
        for (int i = 0; i < storages.length; i++) {
            int width = storages[i].width();
            for (int j = at; j < at + width; j++) {
                columns[i].set(JAVA_BYTE, j - at, (byte) (j < 8 ? keyLow >>> (8 * j) : keyHigh >>> (8 * (j - 8))));
            }
            at += width;
        }
    }

    private void add(int column, MemorySegment data, int row) {
        a = startsLow[column];
        b = startsHigh[column];
        long at = (long) storages[column].width() * row;
        switch (storages[column]) {
            case BOOL -> absorbNumber(column, data.get(JAVA_BYTE, at));
            case INT16 -> absorbNumber(column, data.get(JAVA_SHORT_UNALIGNED, at));
            case INT32 -> absorbNumber(column, data.get(JAVA_INT_UNALIGNED, at));
            case INT64 -> absorbNumber(column, data.get(JAVA_LONG_UNALIGNED, at));
            case INT128 -> {
                absorb(data.get(JAVA_LONG_UNALIGNED, at));
                absorb(data.get(JAVA_LONG_UNALIGNED, at + 8));
            }
            case FLOAT -> absorbFloat(data.get(JAVA_FLOAT_UNALIGNED, at));
            case DOUBLE -> absorbFloat(data.get(JAVA_DOUBLE_UNALIGNED, at));
            case STRING -> absorbString(Strings.address(data, at), Strings.length(data, at), blankPadded[column]);
        }
        absorb(secret.b());
        low += a;
        high += b;
    }

    /// A decimal is 128 bits wide here, since it may become so.
    private void absorbNumber(int column, long value) {
        absorb(value);
        if (decimal[column]) {
            absorb(value >> 63);
        }
    }

    private void absorbFloat(double value) {
        absorb(asIs ? Double.doubleToRawLongBits(value) : Double.doubleToLongBits(value == 0 ? 0 : value));
    }

    private void absorbString(long address, int bytes, boolean padded) {
        int length = bytes;
        if (padded) {
            while (length > 0 && Memory.ALL.get(JAVA_BYTE, address + length - 1) == ' ') {
                length--;
            }
        }
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            absorb(Memory.ALL.get(JAVA_LONG_UNALIGNED, address + at));
        }
        long rest = 0;
        for (int i = length - 1; i >= at; i--) {
            rest = rest << 8 | (Memory.ALL.get(JAVA_BYTE, address + i) & 0xff);
        }
        absorb(rest);
        absorb(length);
    }

    /// Two independent folded multiplications, one a half.
    private void absorb(long word) {
        long first = a ^ word;
        long second = b ^ Long.rotateLeft(word, 32);
        a = first * secret.factorA() ^ Math.unsignedMultiplyHigh(first, secret.factorA()) ^ secret.b();
        b = second * secret.factorB() ^ Math.unsignedMultiplyHigh(second, secret.factorB()) ^ secret.a();
    }

    /// The bytes of a value of at most 8 bytes, zero-extended.
    private static long fixed(Storage storage, MemorySegment data, int row) {
        return switch (storage) {
            case BOOL -> data.get(JAVA_BYTE, row) & 0xff;
            case INT16 -> data.get(JAVA_SHORT_UNALIGNED, 2L * row) & 0xffffL;
            case INT32 -> data.get(JAVA_INT_UNALIGNED, 4L * row) & 0xffffffffL;
            case INT64 -> data.get(JAVA_LONG_UNALIGNED, 8L * row);
            case FLOAT -> {
                float value = Float.intBitsToFloat(data.get(JAVA_INT_UNALIGNED, 4L * row));
                yield Float.floatToIntBits(value == 0 ? 0 : value) & 0xffffffffL;
            }
            case DOUBLE -> {
                double value = Double.longBitsToDouble(data.get(JAVA_LONG_UNALIGNED, 8L * row));
                yield Double.doubleToLongBits(value == 0 ? 0 : value);
            }
            case INT128, STRING -> throw new IllegalStateException("no fixed word in " + storage);
        };
    }
}
