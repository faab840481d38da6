package mooncake.mirror;

import java.lang.foreign.MemorySegment;

/// All of the process' memory, for following the pointers in string entries and the index's own addresses.
final class Memory {
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Memory() {}
}
