package mooncake.lake;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooncake.model.Column;
import mooncake.model.ReadView.BatchView;
import mooncake.model.Storage;
import mooncake.model.TableSchema;

/// NaNs among the live rows of batches, by field id of the floating-point columns. Iceberg engines skip
/// files by these counts and by bounds, which leave NaNs out.
final class NanCounts {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private NanCounts() {}

    static Map<Integer, Long> of(TableSchema schema, List<BatchView> batches) {
        Map<Integer, Long> counts = new HashMap<>();
        for (int position = 0; position < schema.width(); position++) {
            Column column = schema.column(position);
            Storage storage = column.type().storage();
            if (isFloating(column)) {
                long count = 0;
                for (BatchView view : batches) {
                    count += count(view, position, storage);
                }
                counts.put(column.fieldId(), count);
            }
        }
        return counts;
    }

    static boolean isFloating(Column column) {
        Storage storage = column.type().storage();
        return storage == Storage.FLOAT || storage == Storage.DOUBLE;
    }

    private static long count(BatchView view, int column, Storage storage) {
        MemorySegment data = view.batch().data(column);
        MemorySegment validity = view.batch().validity(column);
        long count = 0;
        for (int row = 0; row < view.rows(); row++) {
            boolean nan = storage == Storage.FLOAT
                    ? Float.isNaN(data.getAtIndex(FLOAT, row))
                    : Double.isNaN(data.getAtIndex(DOUBLE, row));
            if (nan
                    && (validity.getAtIndex(LONG, row >> 6) & 1L << row) != 0
                    && !view.deletes().isDeleted(row)) {
                count++;
            }
        }
        return count;
    }
}
