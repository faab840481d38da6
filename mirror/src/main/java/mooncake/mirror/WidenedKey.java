package mooncake.mirror;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import mooncake.model.Storage;
import org.jspecify.annotations.Nullable;

/// The key that a row has after its key's columns became wider, from the exact one it had.
final class WidenedKey implements RowIndex.NextKey, AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final RowKey before;
    private final RowKey after;
    private final Storage[] from;
    private final Storage[] to;
    private final MemorySegment[] narrow;
    private final MemorySegment[] wide;
    private final @Nullable MemorySegment[] noNulls;

    WidenedKey(Reshape reshape, RowKey before, RowKey after) {
        this.before = before;
        this.after = after;
        int columns = reshape.to().key().size();
        from = new Storage[columns];
        to = new Storage[columns];
        narrow = new MemorySegment[columns];
        wide = new MemorySegment[columns];
        noNulls = new MemorySegment[columns];
        for (int i = 0; i < columns; i++) {
            from[i] = reshape.from().column(reshape.from().key().get(i)).type().storage();
            to[i] = reshape.to().column(reshape.to().key().get(i)).type().storage();
            narrow[i] = arena.allocate(Entries.BYTES_MAX, Entries.BYTES_MAX);
            wide[i] = from[i] == to[i] ? narrow[i] : arena.allocate(Entries.BYTES_MAX, Entries.BYTES_MAX);
        }
    }

    @Override
    public RowKey of(long low, long high) {
        before.unpack(low, high, narrow);
        for (int i = 0; i < from.length; i++) {
            if (from[i] != to[i]) {
                Entries.widen(from[i], narrow[i], 0, to[i], wide[i], 0);
            }
        }
        after.read(wide, noNulls, 0);
        return after;
    }

    @Override
    public void close() {
        arena.close();
    }
}
