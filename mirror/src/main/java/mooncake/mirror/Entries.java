package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import mooncake.model.Storage;

/// Entries of columns as values of their [Storage]: written from stored bytes, and read at a greater
/// width.
final class Entries {
    /// Bytes of the widest entry, and its alignment.
    static final int BYTES_MAX = 16;

    private Entries() {}

    /// Writes a value that is in storage form: the entry's bytes, or a string's own.
    static void put(byte[] value, Storage storage, MemorySegment data, long at, StringHeap heap) {
        if (storage == Storage.STRING) {
            Strings.put(value, 0, value.length, data, at, heap);
        } else {
            MemorySegment.copy(value, 0, data, JAVA_BYTE, at, value.length);
        }
    }

    /// Copies a number into a wider storage.
    static void widen(Storage from, MemorySegment data, long row, Storage to, MemorySegment into, long toRow) {
        long at = row * from.width();
        long toAt = toRow * to.width();
        switch (to) {
            case INT32 -> into.set(JAVA_INT_UNALIGNED, toAt, (int) integer(from, data, at));
            case INT64 -> into.set(JAVA_LONG_UNALIGNED, toAt, integer(from, data, at));
            case INT128 -> {
                long value = integer(from, data, at);
                into.set(JAVA_LONG_UNALIGNED, toAt, value);
                into.set(JAVA_LONG_UNALIGNED, toAt + 8, value >> 63);
            }
            case DOUBLE -> into.set(JAVA_DOUBLE_UNALIGNED, toAt, data.get(JAVA_FLOAT_UNALIGNED, at));
            case BOOL, INT16, FLOAT, STRING -> throw new IllegalArgumentException(from + " cannot become " + to);
        }
    }

    /// Whether [#widen] can turn the one storage into the other.
    static boolean canWiden(Storage from, Storage to) {
        return switch (from) {
            case INT16 -> to == Storage.INT32 || to == Storage.INT64 || to == Storage.INT128;
            case INT32 -> to == Storage.INT64 || to == Storage.INT128;
            case INT64 -> to == Storage.INT128;
            case FLOAT -> to == Storage.DOUBLE;
            case BOOL, INT128, DOUBLE, STRING -> false;
        };
    }

    private static long integer(Storage storage, MemorySegment data, long at) {
        return switch (storage) {
            case INT16 -> data.get(JAVA_SHORT_UNALIGNED, at);
            case INT32 -> data.get(JAVA_INT_UNALIGNED, at);
            case INT64 -> data.get(JAVA_LONG_UNALIGNED, at);
            case BOOL, INT128, FLOAT, DOUBLE, STRING -> throw new IllegalArgumentException(storage + " is not widened");
        };
    }
}
