package mooncake.model;

import java.util.Locale;
import java.util.Optional;

/// A Postgres type that a mirror can hold, with the in-memory layout and the DuckDB type of its values.
///
/// Exact meanings: `DATE` is days since 1970-01-01 with DuckDB's infinities (`±Integer.MAX_VALUE`); `TIME` is
/// microseconds of the day up to and including 24:00:00; `TIMESTAMP` and `TIMESTAMPTZ` are microseconds since
/// 1970-01-01 with DuckDB's infinities (`±Long.MAX_VALUE`); `UUID` is DuckDB's 128-bit integer with the top bit
/// flipped; `NUMERIC` is the unscaled integer; `BPCHAR` keeps its padding; `JSONB` is Postgres' normal text form;
/// `Unsigned` is the number itself, in 64 bits.
public sealed interface ColumnType {
    int oid();

    /// Postgres' type modifier, -1 when the type has none.
    int typmod();

    Storage storage();

    /// The type's name in DuckDB's SQL.
    String duckType();

    /// Types without a modifier that matters.
    enum Scalar implements ColumnType {
        BOOL(16, Storage.BOOL, "BOOLEAN"),
        BYTEA(17, Storage.STRING, "BLOB"),
        INT8(20, Storage.INT64, "BIGINT"),
        INT2(21, Storage.INT16, "SMALLINT"),
        INT4(23, Storage.INT32, "INTEGER"),
        TEXT(25, Storage.STRING, "VARCHAR"),
        JSON(114, Storage.STRING, "VARCHAR"),
        FLOAT4(700, Storage.FLOAT, "FLOAT"),
        FLOAT8(701, Storage.DOUBLE, "DOUBLE"),
        DATE(1082, Storage.INT32, "DATE"),
        UUID(2950, Storage.INT128, "UUID"),
        JSONB(3802, Storage.STRING, "VARCHAR"),
        /// The number of the smallest currency units, cents for example.
        MONEY(790, Storage.INT64, "BIGINT");

        private final int oid;
        private final Storage storage;
        private final String duckType;

        Scalar(int oid, Storage storage, String duckType) {
            this.oid = oid;
            this.storage = storage;
            this.duckType = duckType;
        }

        @Override
        public int oid() {
            return oid;
        }

        @Override
        public int typmod() {
            return -1;
        }

        @Override
        public Storage storage() {
            return storage;
        }

        @Override
        public String duckType() {
            return duckType;
        }
    }

    /// Numbers of objects, transactions and commands, which Postgres sends as 32 bits without a sign.
    enum Unsigned implements ColumnType {
        OID(26),
        XID(28),
        CID(29),
        REGPROC(24),
        REGPROCEDURE(2202),
        REGOPER(2203),
        REGOPERATOR(2204),
        REGCLASS(2205),
        REGTYPE(2206),
        REGCONFIG(3734),
        REGDICTIONARY(3769),
        REGNAMESPACE(4089),
        REGROLE(4096),
        REGCOLLATION(4191);

        private final int oid;

        Unsigned(int oid) {
            this.oid = oid;
        }

        @Override
        public int oid() {
            return oid;
        }

        @Override
        public int typmod() {
            return -1;
        }

        @Override
        public Storage storage() {
            return Storage.INT64;
        }

        @Override
        public String duckType() {
            return "BIGINT";
        }
    }

    /// `numeric(precision, scale)` with 0 <= scale <= precision <= 38.
    record Numeric(int precision, int scale) implements ColumnType {
        public static final int OID = 1700;
        public static final int MAX_PRECISION = 38;

        public Numeric {
            Check.that(precision >= 1 && precision <= MAX_PRECISION, "numeric precision %d", precision);
            Check.that(scale >= 0 && scale <= precision, "numeric scale %d of precision %d", scale, precision);
        }

        @Override
        public int oid() {
            return OID;
        }

        @Override
        public int typmod() {
            return (precision << 16 | scale) + 4;
        }

        @Override
        public Storage storage() {
            if (precision <= 4) {
                return Storage.INT16;
            }
            return precision <= 9 ? Storage.INT32 : precision <= 18 ? Storage.INT64 : Storage.INT128;
        }

        @Override
        public String duckType() {
            return "DECIMAL(" + precision + "," + scale + ")";
        }
    }

    /// `varchar(n)`; typmod -1 is without a limit.
    record Varchar(int typmod) implements ColumnType {
        @Override
        public int oid() {
            return 1043;
        }

        @Override
        public Storage storage() {
            return Storage.STRING;
        }

        @Override
        public String duckType() {
            return "VARCHAR";
        }
    }

    /// `char(n)`, stored with its trailing blanks.
    record Bpchar(int typmod) implements ColumnType {
        @Override
        public int oid() {
            return 1042;
        }

        @Override
        public Storage storage() {
            return Storage.STRING;
        }

        @Override
        public String duckType() {
            return "VARCHAR";
        }
    }

    /// `time`, `timestamp` and `timestamptz`; the typmod (fractional digits, -1 for 6) only matters for display.
    record Moment(Kind kind, int typmod) implements ColumnType {
        public enum Kind {
            TIME(1083, "TIME"),
            TIMESTAMP(1114, "TIMESTAMP"),
            TIMESTAMPTZ(1184, "TIMESTAMPTZ");

            private final int oid;
            private final String duckType;

            Kind(int oid, String duckType) {
                this.oid = oid;
                this.duckType = duckType;
            }
        }

        @Override
        public int oid() {
            return kind.oid;
        }

        @Override
        public Storage storage() {
            return Storage.INT64;
        }

        @Override
        public String duckType() {
            return kind.duckType;
        }
    }

    /// Any type whose values are kept as their canonical text.
    ///
    /// @param name the type's qualified name, for people: types are the same without it
    record Textual(int oid, int typmod, TextForm form, String name) implements ColumnType {
        @Override
        public Storage storage() {
            return Storage.STRING;
        }

        @Override
        public String duckType() {
            return "VARCHAR";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Textual that && oid == that.oid && typmod == that.typmod && form.equals(that.form);
        }

        @Override
        public int hashCode() {
            return 31 * oid + typmod;
        }
    }

    /// Any other type: the bytes of its send format, which its receive function takes back.
    ///
    /// @param name the type's qualified name, for people: types are the same without it
    record Opaque(int oid, int typmod, String name) implements ColumnType {
        @Override
        public Storage storage() {
            return Storage.STRING;
        }

        @Override
        public String duckType() {
            return "BLOB";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Opaque that && oid == that.oid && typmod == that.typmod;
        }

        @Override
        public int hashCode() {
            return 31 * oid + typmod;
        }
    }

    /// A domain, kept as the type below it, which is no domain.
    ///
    /// @param name the domain's qualified name, for people: domains are the same without it
    record Domain(int oid, ColumnType base, String name) implements ColumnType {
        public Domain {
            Check.that(!(base instanceof Domain), "domain %s over a domain", name);
        }

        @Override
        public int typmod() {
            return -1;
        }

        @Override
        public Storage storage() {
            return base.storage();
        }

        @Override
        public String duckType() {
            return base.duckType();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Domain that && oid == that.oid && base.equals(that.base);
        }

        @Override
        public int hashCode() {
            return 31 * oid + base.hashCode();
        }
    }

    /// The type that says how values are kept: a domain's is the one below it.
    default ColumnType base() {
        return this;
    }

    /// How to keep values that the type's own layout cannot hold (NaN in a numeric, timestamps beyond DuckDB's), empty
    /// when there are none. A column is either all in one layout or all in the other.
    default Optional<ColumnType> asText() {
        return switch (this) {
            case Numeric _ -> Optional.of(new Textual(oid(), typmod(), TextForm.Simple.NUMERIC, displayName()));
            case Moment moment ->
                switch (moment.kind()) {
                    case TIME -> Optional.empty();
                    case TIMESTAMP ->
                        Optional.of(new Textual(oid(), typmod(), TextForm.Simple.TIMESTAMP, displayName()));
                    case TIMESTAMPTZ ->
                        Optional.of(new Textual(oid(), typmod(), TextForm.Simple.TIMESTAMPTZ, displayName()));
                };
            case Domain domain -> domain.base().asText().map(text -> new Domain(domain.oid(), text, domain.name()));
            case Scalar _, Unsigned _, Varchar _, Bpchar _, Textual _, Opaque _ -> Optional.empty();
        };
    }

    /// The type for a built-in Postgres type and modifier. Empty for types that only a server's catalog knows and for
    /// those that [BuiltInForms] does not list.
    static Optional<ColumnType> of(int oid, int typmod) {
        for (Scalar scalar : Scalar.values()) {
            if (scalar.oid == oid) {
                return Optional.of(scalar);
            }
        }
        for (Unsigned unsigned : Unsigned.values()) {
            if (unsigned.oid == oid) {
                return Optional.of(unsigned);
            }
        }
        for (Moment.Kind kind : Moment.Kind.values()) {
            if (kind.oid == oid) {
                return Optional.of(new Moment(kind, typmod));
            }
        }
        return switch (oid) {
            case 1043 -> Optional.of(new Varchar(typmod));
            case 1042 -> Optional.of(new Bpchar(typmod));
            case Numeric.OID -> Optional.of(numeric(typmod));
            default -> BuiltInForms.column(oid, typmod);
        };
    }

    private static ColumnType numeric(int typmod) {
        if (typmod < 4) {
            return new Textual(Numeric.OID, typmod, TextForm.Simple.NUMERIC, "numeric");
        }
        int precision = (typmod - 4) >> 16 & 0xffff;
        int scale = ((typmod - 4 & 0x7ff) ^ 1024) - 1024;
        return precision <= Numeric.MAX_PRECISION && scale >= 0 && scale <= precision
                ? new Numeric(precision, scale)
                : new Textual(Numeric.OID, typmod, TextForm.Simple.NUMERIC, "numeric(" + precision + "," + scale + ")");
    }

    /// A name for messages, as Postgres' `format_type` would print it.
    default String displayName() {
        return switch (this) {
            case Scalar scalar -> scalar.name().toLowerCase(Locale.ROOT);
            case Unsigned unsigned -> unsigned.name().toLowerCase(Locale.ROOT);
            case Numeric numeric -> "numeric(" + numeric.precision() + "," + numeric.scale() + ")";
            case Varchar varchar -> varchar.typmod() < 0 ? "varchar" : "varchar(" + (varchar.typmod() - 4) + ")";
            case Bpchar bpchar -> bpchar.typmod() < 0 ? "bpchar" : "char(" + (bpchar.typmod() - 4) + ")";
            case Moment moment -> moment.kind().name().toLowerCase(Locale.ROOT);
            case Textual textual -> textual.name();
            case Opaque opaque -> opaque.name();
            case Domain domain -> domain.name();
        };
    }
}
