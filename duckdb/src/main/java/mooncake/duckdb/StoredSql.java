package mooncake.duckdb;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.UUID;
import mooncake.model.Column;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.StoredValue;

/// [Column#initial] as an SQL expression of the column's type.
final class StoredSql {
    private static final long MICROS_OF_DAY = 86_400_000_000L;

    private StoredSql() {}

    static String initial(Column column) {
        String type = column.type().duckType();
        StoredValue initial = column.initial();
        return initial == null ? "NULL::" + type : literal(initial.bytes(), DuckType.parse(type), type);
    }

    private static String literal(byte[] bytes, DuckType type, String name) {
        return switch (type.id()) {
            case BOOLEAN -> bytes[0] == 0 ? "false" : "true";
            case SMALLINT, INTEGER, BIGINT, HUGEINT -> cast(integer(bytes).toString(), name);
            case FLOAT -> cast(Float.toString(little(bytes).getFloat()), name);
            case DOUBLE -> cast(Double.toString(floating(bytes)), name);
            case DECIMAL -> cast(new BigDecimal(integer(bytes), type.scale()).toPlainString(), name);
            case DATE -> infinite(integer(bytes).longValueExact(), Integer.MAX_VALUE, name, "make_date");
            case TIMESTAMP -> infinite(integer(bytes).longValueExact(), Long.MAX_VALUE, name, "make_timestamp");
            case TIMESTAMP_TZ -> infinite(integer(bytes).longValueExact(), Long.MAX_VALUE, name, "make_timestamptz");
            case TIME -> cast(time(integer(bytes).longValueExact()), name);
            case UUID -> cast(uuid(bytes), name);
            case VARCHAR -> cast(new String(bytes, StandardCharsets.UTF_8), name);
            case BLOB -> "unhex('" + HexFormat.of().formatHex(bytes) + "')";
            default -> throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "no literal of DuckDB's type " + name);
        };
    }

    private static String cast(String text, String type) {
        return ViewSql.quote(text) + "::" + type;
    }

    private static String infinite(long value, long infinity, String type, String make) {
        if (Math.abs(value) == infinity) {
            return cast(value > 0 ? "infinity" : "-infinity", type);
        }
        return make + "('" + value + (infinity == Long.MAX_VALUE ? "'::BIGINT)" : "'::INTEGER)");
    }

    private static String time(long micros) {
        return micros == MICROS_OF_DAY
                ? "24:00:00"
                : LocalTime.ofNanoOfDay(micros * 1_000).toString();
    }

    private static String uuid(byte[] bytes) {
        ByteBuffer words = little(bytes);
        long low = words.getLong();
        return new UUID(words.getLong() ^ Long.MIN_VALUE, low).toString();
    }

    private static double floating(byte[] bytes) {
        ByteBuffer value = little(bytes);
        return bytes.length == Float.BYTES ? value.getFloat() : value.getDouble();
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static BigInteger integer(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[bytes.length - 1 - i] = bytes[i];
        }
        return new BigInteger(reversed);
    }
}
