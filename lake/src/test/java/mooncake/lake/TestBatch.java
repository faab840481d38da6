package mooncake.lake;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import mooncake.model.ColumnBatch;
import mooncake.model.Deletes;
import mooncake.model.MemoryBudget;
import mooncake.model.ReadView.BatchView;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// Rows of Java values as an in-memory batch: `Boolean`, `Short`, `Integer`, `Long`, `Float`, `Double`,
/// `BigInteger` for 128 bits, `UUID`, `String`, `byte[]`, null.
final class TestBatch {
    private static final int INLINE = 12;

    private TestBatch() {}

    static BatchView of(TableSchema schema, List<Object[]> rows, int... deleted) {
        ColumnBatch batch = new ColumnBatch(schema, Math.max(1, rows.size()), new MemoryBudget(1 << 30));
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < schema.width(); column++) {
                put(batch, column, row, rows.get(row)[column]);
            }
        }
        Deletes.Editor deletes = Deletes.NONE.edit();
        for (int row : deleted) {
            deletes.delete(row);
        }
        return new BatchView(batch, rows.size(), deletes.snapshot());
    }

    private static void put(ColumnBatch batch, int column, int row, @Nullable Object value) {
        if (value == null) {
            return;
        }
        MemorySegment validity = batch.validity(column);
        long word = validity.getAtIndex(ValueLayout.JAVA_LONG, row >> 6);
        validity.setAtIndex(ValueLayout.JAVA_LONG, row >> 6, word | 1L << row);
        MemorySegment data = batch.data(column);
        switch (value) {
            case Boolean b -> data.set(ValueLayout.JAVA_BYTE, row, (byte) (b ? 1 : 0));
            case Short s -> data.setAtIndex(ValueLayout.JAVA_SHORT, row, s);
            case Integer i -> data.setAtIndex(ValueLayout.JAVA_INT, row, i);
            case Long l -> data.setAtIndex(ValueLayout.JAVA_LONG, row, l);
            case Float f -> data.setAtIndex(ValueLayout.JAVA_FLOAT, row, f);
            case Double d -> data.setAtIndex(ValueLayout.JAVA_DOUBLE, row, d);
            case BigInteger big ->
                put128(data, row, big.longValue(), big.shiftRight(64).longValueExact());
            case UUID uuid ->
                put128(data, row, uuid.getLeastSignificantBits(), uuid.getMostSignificantBits() ^ Long.MIN_VALUE);
            case String text -> putBytes(batch, data, row, text.getBytes(StandardCharsets.UTF_8));
            case byte[] bytes -> putBytes(batch, data, row, bytes);
            default -> throw new IllegalArgumentException(String.valueOf(value));
        }
    }

    private static void put128(MemorySegment data, int row, long low, long high) {
        data.setAtIndex(ValueLayout.JAVA_LONG, 2L * row, low);
        data.setAtIndex(ValueLayout.JAVA_LONG, 2L * row + 1, high);
    }

    private static void putBytes(ColumnBatch batch, MemorySegment data, int row, byte[] bytes) {
        long at = 16L * row;
        data.set(ValueLayout.JAVA_INT, at, bytes.length);
        MemorySegment source = MemorySegment.ofArray(bytes);
        if (bytes.length <= INLINE) {
            MemorySegment.copy(source, 0, data, at + 4, bytes.length);
        } else {
            MemorySegment heap = batch.allocateBytes(bytes.length);
            heap.copyFrom(source);
            MemorySegment.copy(source, 0, data, at + 4, 4);
            data.set(ValueLayout.JAVA_LONG, at + 8, heap.address());
        }
    }
}
