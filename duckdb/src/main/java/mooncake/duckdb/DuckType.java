package mooncake.duckdb;

import java.lang.foreign.Arena;
import java.util.Locale;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// A type of DuckDB.
///
/// @param width digits of a `DECIMAL`, 0 otherwise
/// @param scale fractional digits of a `DECIMAL`, 0 otherwise
/// @param element the element type of a `LIST`, null otherwise
public record DuckType(
        Id id, int width, int scale, @Nullable DuckType element) {

    /// The kinds in the numbering of the C interface, with the bytes of one vector entry; -1 where entries have no
    /// fixed width or this package does not read them.
    public enum Id {
        INVALID(0, -1),
        BOOLEAN(1, 1),
        TINYINT(2, 1),
        SMALLINT(3, 2),
        INTEGER(4, 4),
        BIGINT(5, 8),
        UTINYINT(6, 1),
        USMALLINT(7, 2),
        UINTEGER(8, 4),
        UBIGINT(9, 8),
        FLOAT(10, 4),
        DOUBLE(11, 8),
        TIMESTAMP(12, 8),
        DATE(13, 4),
        TIME(14, 8),
        INTERVAL(15, 16),
        HUGEINT(16, 16),
        UHUGEINT(32, 16),
        VARCHAR(17, 16),
        BLOB(18, 16),
        DECIMAL(19, -1),
        LIST(24, 16),
        UUID(27, 16),
        BIT(29, 16),
        TIME_TZ(30, 8),
        TIMESTAMP_TZ(31, 8),
        ANY(34, -1),
        SQLNULL(36, 4),
        OTHER(-1, -1);

        private final int number;
        private final int bytes;

        Id(int number, int bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        private static Id of(int number) {
            for (Id id : values()) {
                if (id.number == number) {
                    return id;
                }
            }
            return OTHER;
        }
    }

    public static DuckType of(Id id) {
        return new DuckType(id, 0, 0, null);
    }

    public static DuckType decimal(int width, int scale) {
        return new DuckType(Id.DECIMAL, width, scale, null);
    }

    /// The type of a name as SQL writes it: a plain name, `DECIMAL(p,s)`, or either followed by `[]`.
    public static DuckType parse(String name) {
        String text = name.strip().toUpperCase(Locale.ROOT);
        if (text.endsWith("[]")) {
            return new DuckType(Id.LIST, 0, 0, parse(text.substring(0, text.length() - 2)));
        }
        if (text.startsWith("DECIMAL(") && text.endsWith(")")) {
            String[] parts = text.substring(8, text.length() - 1).split(",", -1);
            Check.that(parts.length == 2, "decimal type %s", name);
            return decimal(Integer.parseInt(parts[0].strip()), Integer.parseInt(parts[1].strip()));
        }
        String canonical = switch (text) {
            case "TIMESTAMPTZ" -> "TIMESTAMP_TZ";
            case "TIMETZ" -> "TIME_TZ";
            default -> text;
        };
        for (Id id : Id.values()) {
            if (id.name().equals(canonical) && id.number > 0 && id != Id.DECIMAL && id != Id.LIST) {
                return of(id);
            }
        }
        throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "no type of DuckDB is named " + name);
    }

    /// Bytes of one entry of a vector of this type, -1 when this package does not read such vectors.
    public int entryBytes() {
        if (id != Id.DECIMAL) {
            return id.bytes;
        }
        return width <= 4 ? 2 : width <= 9 ? 4 : width <= 18 ? 8 : 16;
    }

    /// The type of a logical type handle, which this call destroys.
    static DuckType take(long logicalType) {
        Id id = Id.of(NativeCall.asInt(Api.TYPE_ID.call(logicalType)));
        try {
            return switch (id) {
                case DECIMAL ->
                    decimal((int) (Api.DECIMAL_WIDTH.call(logicalType) & 0xff), (int)
                            (Api.DECIMAL_SCALE.call(logicalType) & 0xff));
                case LIST -> new DuckType(id, 0, 0, take(Api.LIST_ELEMENT_TYPE.call(logicalType)));
                default -> of(id);
            };
        } finally {
            destroy(logicalType);
        }
    }

    /// A new logical type handle; the caller destroys it.
    long create() {
        return switch (id) {
            case DECIMAL -> Api.CREATE_DECIMAL_TYPE.call(width, scale);
            case LIST -> {
                long child = java.util.Objects.requireNonNull(element).create();
                try {
                    yield Api.CREATE_LIST_TYPE.call(child);
                } finally {
                    destroy(child);
                }
            }
            default -> Api.CREATE_LOGICAL_TYPE.call(id.number);
        };
    }

    static void destroy(long logicalType) {
        try (Arena arena = Arena.ofConfined()) {
            Api.DESTROY_LOGICAL_TYPE.call(
                    arena.allocateFrom(Memory.LONG, logicalType).address());
        }
    }
}
