package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import mooncake.model.ColumnBatch;
import mooncake.model.ColumnType;
import mooncake.model.ReadView.BatchView;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// Reads batches back as Java values, by the documented layout and with none of the code under test.
final class Decoder {
    private Decoder() {}

    /// The live rows of a batch in order.
    static List<List<@Nullable Object>> rows(TableSchema schema, BatchView view) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int row = 0; row < view.rows(); row++) {
            if (!view.deletes().isDeleted(row)) {
                rows.add(row(schema, view.batch(), row));
            }
        }
        return rows;
    }

    static List<@Nullable Object> row(TableSchema schema, ColumnBatch batch, int row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int column = 0; column < schema.width(); column++) {
            byte bits = batch.validity(column).get(JAVA_BYTE, row / 8);
            boolean valid = (bits >> row % 8 & 1) != 0;
            values.add(valid ? value(schema.column(column).type(), batch.data(column), row) : null);
        }
        return values;
    }

    static Object value(ColumnType type, MemorySegment data, int row) {
        long at = (long) type.storage().width() * row;
        return switch (type.storage()) {
            case BOOL -> data.get(JAVA_BYTE, at) == 1;
            case INT16 -> scaled(type, data.get(JAVA_SHORT_UNALIGNED, at));
            case INT32 -> scaled(type, data.get(JAVA_INT_UNALIGNED, at));
            case INT64 -> scaled(type, data.get(JAVA_LONG_UNALIGNED, at));
            case FLOAT -> data.get(JAVA_FLOAT_UNALIGNED, at);
            case DOUBLE -> data.get(JAVA_DOUBLE_UNALIGNED, at);
            case INT128 -> {
                long low = data.get(JAVA_LONG_UNALIGNED, at);
                long high = data.get(JAVA_LONG_UNALIGNED, at + 8);
                if (type instanceof ColumnType.Numeric numeric) {
                    byte[] big = new byte[16];
                    java.nio.ByteBuffer.wrap(big).putLong(high).putLong(low);
                    yield new BigDecimal(new BigInteger(big), numeric.scale());
                }
                yield new UUID(high ^ Long.MIN_VALUE, low);
            }
            case STRING -> {
                byte[] bytes = string(data, at);
                yield type == ColumnType.Scalar.BYTEA
                        ? HexFormat.of().formatHex(bytes)
                        : new String(bytes, StandardCharsets.UTF_8);
            }
        };
    }

    static byte[] string(MemorySegment data, long at) {
        int length = data.get(JAVA_INT_UNALIGNED, at);
        if (length > 12) {
            long pointer = data.get(JAVA_LONG_UNALIGNED, at + 8);
            byte[] bytes = MemorySegment.ofAddress(pointer).reinterpret(length).toArray(JAVA_BYTE);
            byte[] prefix = data.asSlice(at + 4, 4).toArray(JAVA_BYTE);
            if (!java.util.Arrays.equals(prefix, java.util.Arrays.copyOf(bytes, 4))) {
                throw new AssertionError("the prefix is not the string's start");
            }
            return bytes;
        }
        for (int i = length; i < 12; i++) {
            if (data.get(JAVA_BYTE, at + 4 + i) != 0) {
                throw new AssertionError("an inline string is not zero padded");
            }
        }
        return data.asSlice(at + 4, length).toArray(JAVA_BYTE);
    }

    private static Object scaled(ColumnType type, Number stored) {
        return type instanceof ColumnType.Numeric numeric
                ? new BigDecimal(BigInteger.valueOf(stored.longValue()), numeric.scale())
                : stored;
    }
}
