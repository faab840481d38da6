package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// DuckDB's 16-byte string entries: a u32 length, then up to 12 bytes inline and zero padded, or the first 4 bytes and
/// a pointer to all of them.
final class Strings {
    static final int INLINE_MAX = 12;

    private static final int PREFIX = 4;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Strings() {}

    static void put(byte[] bytes, int offset, int length, MemorySegment data, long at, StringHeap heap) {
        if (length > INLINE_MAX) {
            MemorySegment place = heap.allocateBytes(length);
            MemorySegment.copy(bytes, offset, place, JAVA_BYTE, 0, length);
            data.set(JAVA_INT_UNALIGNED, at, length);
            data.set(JAVA_INT_UNALIGNED, at + 4, (int) INT.get(bytes, offset));
            data.set(JAVA_LONG_UNALIGNED, at + 8, place.address());
            return;
        }
        int head = 0;
        long tail = 0;
        if (offset + INLINE_MAX <= bytes.length) {
            head = (int) INT.get(bytes, offset) & (int) lowBytes(length);
            tail = (long) LONG.get(bytes, offset + PREFIX) & lowBytes(length - PREFIX);
        } else {
            for (int i = Math.min(length, PREFIX) - 1; i >= 0; i--) {
                head = head << 8 | (bytes[offset + i] & 0xff);
            }
            for (int i = length - 1; i >= PREFIX; i--) {
                tail = tail << 8 | (bytes[offset + i] & 0xff);
            }
        }
        data.set(JAVA_INT_UNALIGNED, at, length);
        data.set(JAVA_INT_UNALIGNED, at + 4, head);
        data.set(JAVA_LONG_UNALIGNED, at + 8, tail);
    }

    /// Copies an entry into memory that may outlive the original's bytes.
    static void copy(MemorySegment from, long fromAt, MemorySegment to, long toAt, StringHeap heap) {
        int length = length(from, fromAt);
        MemorySegment.copy(from, fromAt, to, toAt, 16);
        if (length > INLINE_MAX) {
            MemorySegment place = heap.allocateBytes(length);
            MemorySegment.copy(Memory.ALL, address(from, fromAt), place, 0, length);
            to.set(JAVA_LONG_UNALIGNED, toAt + 8, place.address());
        }
    }

    static int length(MemorySegment data, long at) {
        return data.get(JAVA_INT_UNALIGNED, at);
    }

    /// Where the bytes of an entry are.
    static long address(MemorySegment data, long at) {
        return length(data, at) <= INLINE_MAX ? data.address() + at + 4 : data.get(JAVA_LONG_UNALIGNED, at + 8);
    }

    static byte[] bytes(MemorySegment data, long at) {
        byte[] bytes = new byte[length(data, at)];
        MemorySegment.copy(Memory.ALL, JAVA_BYTE, address(data, at), bytes, 0, bytes.length);
        return bytes;
    }

    private static long lowBytes(int count) {
        return count <= 0 ? 0 : count >= 8 ? -1 : (1L << (8 * count)) - 1;
    }
}
