package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import mooncake.model.Check;

/// Finds a row's location by its 128-bit key: extendible hashing over memory-mapped segments.
///
/// The top bits of a key's hash select a segment through the directory, the bottom bits a slot in it
/// (linear probing, removal shifts back). A segment that fills up splits in two by the next bit, so
/// the index grows by small steps and never stops to rehash. An entry is 24 bytes: key, then location;
/// location 0 marks an empty slot.
///
/// The hash is seeded per index, which nobody outside can know. An index without keys has no segment
/// yet. One thread at a time.
final class KeyIndex implements AutoCloseable {
    static final long NONE = 0;

    private static final int SEGMENT_SLOTS = 8_192;
    private static final int SLOT_MASK = SEGMENT_SLOTS - 1;
    private static final int ENTRY_BYTES = 24;
    private static final int SEGMENT_BYTES = SEGMENT_SLOTS * ENTRY_BYTES;
    private static final int SEGMENT_ENTRIES_MAX = SEGMENT_SLOTS * 7 / 10;
    private static final int SEGMENT_ENTRIES_EXPECTED = SEGMENT_SLOTS * 6 / 10;
    private static final int DEPTH_MAX = 28;

    private final Path scratchDirectory;
    private final long seedLow;
    private final long seedHigh;
    private ScratchFile file;
    private int[] directory = new int[1];
    private int depth;
    private int segments;
    private long[] addresses = new long[1];
    private int[] entries = new int[1];
    private byte[] depths = new byte[1];
    private long size;

    /// Takes what an index holds, in no order.
    interface Each {
        void accept(long low, long high, long location);
    }

    KeyIndex(Path scratchDirectory) {
        this(scratchDirectory, new SplittableRandom());
    }

    KeyIndex(Path scratchDirectory, SplittableRandom random) {
        this.scratchDirectory = scratchDirectory;
        this.seedLow = random.nextLong();
        this.seedHigh = random.nextLong();
        this.file = new ScratchFile(scratchDirectory, SEGMENT_BYTES);
    }

    long size() {
        return size;
    }

    /// The key's location, [#NONE] when it has none.
    long get(long low, long high) {
        if (size == 0) {
            return NONE;
        }
        long hash = hash(low, high);
        return Memory.ALL.get(JAVA_LONG, find(addresses[segment(hash)], hash, low, high) + 16);
    }

    /// Adds a key; gives its location and changes nothing when it is there already.
    long putIfAbsent(long low, long high, long location) {
        if (segments == 0) {
            addSegment();
        }
        long hash = hash(low, high);
        int segment = segment(hash);
        while (entries[segment] >= SEGMENT_ENTRIES_MAX) {
            split(segment, hash);
            segment = segment(hash);
        }
        long at = find(addresses[segment], hash, low, high);
        long existing = Memory.ALL.get(JAVA_LONG, at + 16);
        if (existing == NONE) {
            store(at, low, high, location);
            entries[segment]++;
            size++;
        }
        return existing;
    }

    /// Gives a key that is there a new location and returns the old one, or returns [#NONE] and
    /// changes nothing.
    long replace(long low, long high, long location) {
        if (size == 0) {
            return NONE;
        }
        long hash = hash(low, high);
        long at = find(addresses[segment(hash)], hash, low, high);
        long old = Memory.ALL.get(JAVA_LONG, at + 16);
        if (old != NONE) {
            Memory.ALL.set(JAVA_LONG, at + 16, location);
        }
        return old;
    }

    /// Removes a key and returns its location, [#NONE] when it was not there.
    long remove(long low, long high) {
        if (size == 0) {
            return NONE;
        }
        long hash = hash(low, high);
        int segment = segment(hash);
        long base = addresses[segment];
        long at = find(base, hash, low, high);
        long old = Memory.ALL.get(JAVA_LONG, at + 16);
        if (old != NONE) {
            close(base, (int) ((at - base) / ENTRY_BYTES));
            entries[segment]--;
            size--;
        }
        return old;
    }

    void clear() {
        file.close();
        file = new ScratchFile(scratchDirectory, SEGMENT_BYTES);
        addresses = new long[1];
        directory = new int[1];
        entries = new int[1];
        depths = new byte[1];
        depth = 0;
        segments = 0;
        size = 0;
    }

    void forEach(Each each) {
        for (int segment = 0; segment < segments; segment++) {
            long end = addresses[segment] + SEGMENT_BYTES;
            for (long at = addresses[segment]; at < end; at += ENTRY_BYTES) {
                long location = Memory.ALL.get(JAVA_LONG, at + 16);
                if (location != NONE) {
                    each.accept(Memory.ALL.get(JAVA_LONG, at), Memory.ALL.get(JAVA_LONG, at + 8), location);
                }
            }
        }
    }

    /// Splits an empty index in advance for this many keys.
    void expect(long keys) {
        if (keys == 0 || size > 0 || segments > 1) {
            return;
        }
        if (segments == 0) {
            addSegment();
        }
        while (((long) SEGMENT_ENTRIES_EXPECTED << depth) < keys && depth < DEPTH_MAX) {
            int before = segments;
            for (int segment = 0; segment < before; segment++) {
                addSegment();
            }
            Arrays.fill(depths, 0, segments, (byte) (depth + 1));
            int[] doubled = new int[directory.length * 2];
            for (int i = 0; i < directory.length; i++) {
                doubled[2 * i] = directory[i];
                doubled[2 * i + 1] = before + directory[i];
            }
            directory = doubled;
            depth++;
        }
    }

    @Override
    public void close() {
        size = 0;
        segments = 0;
        directory = new int[0];
        addresses = new long[0];
        file.close();
    }

    private long hash(long low, long high) {
        return mix(low ^ seedLow ^ mix(high ^ seedHigh));
    }

    private static long mix(long value) {
        long mixed = value;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }

    private int segment(long hash) {
        return directory[prefix(hash, depth)];
    }

    private static int prefix(long hash, int bits) {
        return (int) (hash >>> 1 >>> (63 - bits));
    }

    /// The address of the key's entry, or of the empty one where it belongs.
    private static long find(long base, long hash, long low, long high) {
        int slot = (int) hash & SLOT_MASK;
        while (true) {
            long at = base + (long) slot * ENTRY_BYTES;
            if (Memory.ALL.get(JAVA_LONG, at + 16) == NONE
                    || (Memory.ALL.get(JAVA_LONG, at) == low && Memory.ALL.get(JAVA_LONG, at + 8) == high)) {
                return at;
            }
            slot = slot + 1 & SLOT_MASK;
        }
    }

    private static void store(long at, long low, long high, long location) {
        Memory.ALL.set(JAVA_LONG, at, low);
        Memory.ALL.set(JAVA_LONG, at + 8, high);
        Memory.ALL.set(JAVA_LONG, at + 16, location);
    }

    /// Empties a slot, moving back the entries behind it that would no longer be found.
    private void close(long base, int slot) {
        int hole = slot;
        int next = hole;
        while (true) {
            next = next + 1 & SLOT_MASK;
            long at = base + (long) next * ENTRY_BYTES;
            long location = Memory.ALL.get(JAVA_LONG, at + 16);
            if (location == NONE) {
                store(base + (long) hole * ENTRY_BYTES, 0, 0, NONE);
                return;
            }
            long low = Memory.ALL.get(JAVA_LONG, at);
            long high = Memory.ALL.get(JAVA_LONG, at + 8);
            int home = (int) hash(low, high) & SLOT_MASK;
            if ((next - home & SLOT_MASK) >= (next - hole & SLOT_MASK)) {
                store(base + (long) hole * ENTRY_BYTES, low, high, location);
                hole = next;
            }
        }
    }

    private void split(int segment, long hash) {
        int bits = depths[segment];
        Check.that(bits < DEPTH_MAX, "the key index has %d entries and cannot grow", size);
        int fresh = addSegment();
        if (bits == depth) {
            doubleDirectory();
        }
        int span = 1 << (depth - bits);
        int first = prefix(hash, bits) * span;
        Arrays.fill(directory, first + span / 2, first + span, fresh);
        depths[segment] = (byte) (bits + 1);
        depths[fresh] = (byte) (bits + 1);
        entries[segment] = 0;
        MemorySegment memory = Memory.ALL.asSlice(addresses[segment], SEGMENT_BYTES);
        long[] splitting = new long[SEGMENT_SLOTS * 3];
        MemorySegment.copy(memory, JAVA_LONG, 0, splitting, 0, splitting.length);
        memory.fill((byte) 0);
        for (int i = 0; i < splitting.length; i += 3) {
            if (splitting[i + 2] != NONE) {
                long entryHash = hash(splitting[i], splitting[i + 1]);
                int target = segment(entryHash);
                long at = find(addresses[target], entryHash, splitting[i], splitting[i + 1]);
                store(at, splitting[i], splitting[i + 1], splitting[i + 2]);
                entries[target]++;
            }
        }
    }

    private void doubleDirectory() {
        int[] doubled = new int[directory.length * 2];
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] = directory[i >> 1];
        }
        directory = doubled;
        depth++;
    }

    private int addSegment() {
        if (segments == addresses.length) {
            addresses = Arrays.copyOf(addresses, segments * 2);
            entries = Arrays.copyOf(entries, segments * 2);
            depths = Arrays.copyOf(depths, segments * 2);
        }
        addresses[segments] = file.allocate();
        entries[segments] = 0;
        depths[segments] = 0;
        return segments++;
    }
}
