package mooncake.duckdb;

import java.math.BigDecimal;
import java.time.LocalTime;
import java.util.HexFormat;
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
        return initial == null ? "NULL::" + type : literal(initial, DuckType.parse(type), type);
    }

    private static String literal(StoredValue value, DuckType type, String name) {
        return switch (type.id()) {
            case BOOLEAN -> value.bool() ? "true" : "false";
            case SMALLINT, INTEGER, BIGINT, HUGEINT -> cast(value.integer().toString(), name);
            case FLOAT -> cast(Float.toString((float) value.floating()), name);
            case DOUBLE -> cast(Double.toString(value.floating()), name);
            case DECIMAL -> cast(new BigDecimal(value.integer(), type.scale()).toPlainString(), name);
            case DATE -> infinite(value.integer().longValueExact(), Integer.MAX_VALUE, name, "make_date");
            case TIMESTAMP -> infinite(value.integer().longValueExact(), Long.MAX_VALUE, name, "make_timestamp");
            case TIMESTAMP_TZ -> infinite(value.integer().longValueExact(), Long.MAX_VALUE, name, "make_timestamptz");
            case TIME -> cast(time(value.integer().longValueExact()), name);
            case UUID -> cast(value.uuid().toString(), name);
            case VARCHAR -> cast(value.text(), name);
            case BLOB -> "unhex('" + HexFormat.of().formatHex(value.bytes()) + "')";
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
}
