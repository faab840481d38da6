package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import mooncake.model.ColumnType;
import mooncake.model.Storage;
import mooncake.model.TableSchema;

/// The 128-bit key of a row, computed from its key columns' storage: their very bytes when they are fixed and fit, else
/// a 128-bit hash under a secret drawn per instance.
///
/// Equal keys are those that Postgres' unique index calls equal: `char(n)` without its trailing blanks, -0 as 0, all
/// NaN as one. Reused for row after row; [#low] and [#high] hold the last result.
final class RowKey {
    private static final int EXACT_BYTES_MAX = 16;

    private final Storage[] storages;
    private final boolean[] blankPadded;
    private final boolean exact;
    private final long secretA;
    private final long secretB;
    private final long factorA;
    private final long factorB;
    private long low;
    private long high;

    RowKey(TableSchema schema, SplittableRandom random) {
        int columns = schema.key().size();
        storages = new Storage[columns];
        blankPadded = new boolean[columns];
        int bytes = 0;
        boolean fixed = true;
        for (int i = 0; i < columns; i++) {
            ColumnType type = schema.column(schema.key().get(i)).type().base();
            storages[i] = type.storage();
            blankPadded[i] = type instanceof ColumnType.Bpchar;
            fixed &= storages[i] != Storage.STRING;
            bytes += storages[i].width();
        }
        exact = fixed && bytes <= EXACT_BYTES_MAX;
        secretA = random.nextLong();
        secretB = random.nextLong();
        factorA = random.nextLong() | 1;
        factorB = random.nextLong() | 1;
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

    /// Computes the key of a row from the key's columns, given in the key's order.
    void read(MemorySegment[] columns, int row) {
        if (exact) {
            readExact(columns, row);
        } else {
            readHashed(columns, row);
        }
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

    private void readHashed(MemorySegment[] columns, int row) {
        low = secretA;
        high = secretB;
        for (int i = 0; i < storages.length; i++) {
            MemorySegment data = columns[i];
            long at = (long) storages[i].width() * row;
            if (storages[i] == Storage.STRING) {
                hashString(Strings.address(data, at), Strings.length(data, at), blankPadded[i]);
            } else if (storages[i] == Storage.INT128) {
                absorb(data.get(JAVA_LONG_UNALIGNED, at));
                absorb(data.get(JAVA_LONG_UNALIGNED, at + 8));
            } else {
                absorb(fixed(storages[i], data, row));
            }
        }
        absorb(storages.length);
    }

    private void hashString(long address, int bytes, boolean padded) {
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
        long a = low ^ word;
        long b = high ^ Long.rotateLeft(word, 32);
        low = a * factorA ^ Math.unsignedMultiplyHigh(a, factorA) ^ secretB;
        high = b * factorB ^ Math.unsignedMultiplyHigh(b, factorB) ^ secretA;
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
