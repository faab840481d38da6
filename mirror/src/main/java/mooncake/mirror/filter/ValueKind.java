package mooncake.mirror.filter;

import java.util.Optional;

/// The types whose comparisons mean here what they mean in Postgres.
enum ValueKind {
    BOOL(16, "boolean"),
    INT8(20, "bigint"),
    INT2(21, "smallint"),
    INT4(23, "integer"),
    TEXT(25, "text"),
    FLOAT4(700, "real"),
    FLOAT8(701, "double precision"),
    VARCHAR(1043, "character varying"),
    DATE(1082, "date"),
    TIMESTAMP(1114, "timestamp without time zone"),
    TIMESTAMPTZ(1184, "timestamp with time zone"),
    NUMERIC(1700, "numeric"),
    UUID(2950, "uuid");

    private final int oid;
    private final String sqlName;

    ValueKind(int oid, String sqlName) {
        this.oid = oid;
        this.sqlName = sqlName;
    }

    static Optional<ValueKind> ofOid(int oid) {
        for (ValueKind kind : values()) {
            if (kind.oid == oid) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /// The type of a name in SQL, its words joined by one space.
    static Optional<ValueKind> ofName(String name) {
        return switch (name) {
            case "bool" -> Optional.of(BOOL);
            case "int8" -> Optional.of(INT8);
            case "int2" -> Optional.of(INT2);
            case "int", "int4" -> Optional.of(INT4);
            case "float4" -> Optional.of(FLOAT4);
            case "float", "float8" -> Optional.of(FLOAT8);
            case "varchar" -> Optional.of(VARCHAR);
            case "timestamp" -> Optional.of(TIMESTAMP);
            case "timestamptz" -> Optional.of(TIMESTAMPTZ);
            case "decimal" -> Optional.of(NUMERIC);
            default -> ofSqlName(name);
        };
    }

    private static Optional<ValueKind> ofSqlName(String name) {
        for (ValueKind kind : values()) {
            if (kind.sqlName.equals(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    String sqlName() {
        return sqlName;
    }

    boolean isInteger() {
        return this == INT2 || this == INT4 || this == INT8;
    }

    boolean isExactNumber() {
        return isInteger() || this == NUMERIC;
    }

    boolean isFloat() {
        return this == FLOAT4 || this == FLOAT8;
    }

    boolean isText() {
        return this == TEXT || this == VARCHAR;
    }

    /// Whether a cast of a column to `to` leaves every value the same.
    boolean castsTo(ValueKind to) {
        if (this == to || (isText() && to.isText())) {
            return true;
        }
        return switch (to) {
            case INT4 -> this == INT2;
            case INT8 -> this == INT2 || this == INT4;
            case NUMERIC -> isInteger();
            case FLOAT8 -> this == FLOAT4;
            case BOOL, INT2, TEXT, VARCHAR, FLOAT4, DATE, TIMESTAMP, TIMESTAMPTZ, UUID -> false;
        };
    }
}
