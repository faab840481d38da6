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
import java.util.HexFormat;
import java.util.StringJoiner;
import java.util.UUID;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// A key in words, as in Postgres' own messages: `(id, name)=(7, x)`.
final class KeyText {
    private static final int SHOWN_MAX = 100;

    private KeyText() {}

    static String of(TableSchema schema, MemorySegment[] keyData, @Nullable MemorySegment[] validity, int row) {
        StringJoiner names = new StringJoiner(", ", "(", ")");
        StringJoiner values = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < keyData.length; i++) {
            Column column = schema.column(schema.key().get(i));
            MemorySegment bits = validity[i];
            String value = bits == null || RowKey.isSet(bits, row)
                    ? value(column.type().base(), keyData[i], row)
                    : "null";
            names.add(column.name());
            values.add(value.length() > SHOWN_MAX ? value.substring(0, SHOWN_MAX) + "..." : value);
        }
        return names + "=" + values;
    }

    private static String value(ColumnType type, MemorySegment data, int row) {
        long at = (long) row * type.storage().width();
        return switch (type.storage()) {
            case BOOL -> data.get(JAVA_BYTE, at) != 0 ? "t" : "f";
            case INT16 -> number(type, BigInteger.valueOf(data.get(JAVA_SHORT_UNALIGNED, at)));
            case INT32 -> number(type, BigInteger.valueOf(data.get(JAVA_INT_UNALIGNED, at)));
            case INT64 -> number(type, BigInteger.valueOf(data.get(JAVA_LONG_UNALIGNED, at)));
            case INT128 -> wide(type, data.get(JAVA_LONG_UNALIGNED, at + 8), data.get(JAVA_LONG_UNALIGNED, at));
            case FLOAT -> String.valueOf(data.get(JAVA_FLOAT_UNALIGNED, at));
            case DOUBLE -> String.valueOf(data.get(JAVA_DOUBLE_UNALIGNED, at));
            case STRING -> {
                byte[] bytes = Strings.bytes(data, at);
                yield type == ColumnType.Scalar.BYTEA || type instanceof ColumnType.Opaque
                        ? "\\x" + HexFormat.of().formatHex(bytes)
                        : new String(bytes, StandardCharsets.UTF_8);
            }
        };
    }

    private static String wide(ColumnType type, long high, long low) {
        if (type == ColumnType.Scalar.UUID) {
            return new UUID(high ^ Long.MIN_VALUE, low).toString();
        }
        BigInteger lower = new BigInteger(Long.toUnsignedString(low));
        return number(type, BigInteger.valueOf(high).shiftLeft(64).add(lower));
    }

    /// Numbers in full; dates and times as the count of days or microseconds that they are stored as.
    private static String number(ColumnType type, BigInteger value) {
        return type instanceof ColumnType.Numeric numeric
                ? new BigDecimal(value, numeric.scale()).toPlainString()
                : value.toString();
    }
}
