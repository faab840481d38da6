package mooncake.mirror;

import java.lang.foreign.MemorySegment;

/// Where the bytes of strings longer than [Strings#INLINE_MAX] go; they live as long as the entry that points at them.
interface StringHeap {
    MemorySegment allocateBytes(int length);
}
