package mooncake.duckdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Native memory by address. Bounds are the callers' duty: every address comes from DuckDB or from a live batch.
final class Memory {
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private Memory() {}

    /// The UTF-8 text at an address; empty for a null pointer.
    static String string(long address) {
        return address == 0 ? "" : ALL.getString(address);
    }

    /// The address of a NUL-terminated copy; texts with a NUL inside would be cut short and are refused.
    static long cString(Arena arena, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new MooncakeException(ErrorCode.QUERY_FAILED, "text for DuckDB holds a NUL character");
        }
        return arena.allocateFrom(text).address();
    }

    static long pointer(long address) {
        return ALL.get(LONG, address);
    }
}
