package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import mooncake.model.Column;
import mooncake.model.Storage;
import mooncake.model.StoredValue;

/// Single values outside of any batch, such as a column's initial one.
public final class SentValue {
    private static final int ENTRY_BYTES = 16;

    private SentValue() {}

    /// The storage form of a value in Postgres' binary send format.
    ///
    /// @param table what messages call the table
    public static StoredValue stored(String table, Column column, byte[] sent) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(ENTRY_BYTES, ENTRY_BYTES);
            ColumnWriter.of(table, column).write(sent, 0, sent.length, entry, 0, arena::allocate);
            Storage storage = column.type().storage();
            if (storage != Storage.STRING) {
                return new StoredValue(entry.asSlice(0, storage.width()).toArray(JAVA_BYTE));
            }
            MemorySegment bytes =
                    MemorySegment.ofAddress(Strings.address(entry, 0)).reinterpret(Strings.length(entry, 0));
            return new StoredValue(bytes.toArray(JAVA_BYTE));
        }
    }
}
