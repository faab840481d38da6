package mooncake.mirror;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.Storage;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// What a row of one schema is in another one, said with Java values.
final class Shapes {
    private Shapes() {}

    static List<@Nullable Object> reshaped(List<@Nullable Object> row, TableSchema from, TableSchema to) {
        List<@Nullable Object> next = new ArrayList<>();
        for (Column column : to.columns()) {
            int before = -1;
            for (int i = 0; i < from.width(); i++) {
                if (from.column(i).fieldId() == column.fieldId()) {
                    before = i;
                }
            }
            next.add(before < 0 ? initial(column) : widened(row.get(before), column.type()));
        }
        return next;
    }

    static @Nullable Object initial(Column column) {
        if (column.initial() == null) {
            return null;
        }
        byte[] bytes = column.initial().bytes();
        return column.type().storage() == Storage.STRING
                ? new String(bytes, StandardCharsets.UTF_8)
                : Decoder.value(column.type(), MemorySegment.ofArray(bytes), 0);
    }

    static @Nullable Object widened(@Nullable Object value, ColumnType to) {
        return switch (value) {
            case Short number when to.storage() == Storage.INT32 -> (int) number;
            case Short number when to.storage() == Storage.INT64 -> (long) number;
            case Integer number when to.storage() == Storage.INT64 -> (long) number;
            case Float number when to.storage() == Storage.DOUBLE -> (double) number;
            case null, default -> value;
        };
    }
}
