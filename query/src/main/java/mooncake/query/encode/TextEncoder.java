package mooncake.query.encode;

import java.lang.foreign.MemorySegment;
import mooncake.duckdb.DuckType;
import mooncake.duckdb.DuckVector;
import mooncake.query.frame.ColumnBuffer;

/// Strings and byte strings, copied as they are.
final class TextEncoder implements ColumnEncoder {
    TextEncoder(DuckType type) {
        if (type.id() != DuckType.Id.VARCHAR && type.id() != DuckType.Id.BLOB) {
            throw FixedEncoders.unexpected(type, "text");
        }
    }

    @Override
    public void append(DuckVector vector, int from, int count, ColumnBuffer out, int firstRow) {
        long at = out.appendRows(count);
        for (int i = 0; i < count; i++) {
            if (vector.isValid(from + i)) {
                MemorySegment bytes = vector.getBytes(from + i);
                long data = out.place(at + 4L * i, bytes.byteSize());
                MemorySegment.copy(bytes, 0, out.heap(), data, bytes.byteSize());
            } else {
                out.setNull(firstRow + i);
            }
        }
    }
}
