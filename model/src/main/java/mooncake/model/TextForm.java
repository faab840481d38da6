package mooncake.model;

import java.util.List;
import java.util.stream.Collectors;

/// How a value's canonical text is made from Postgres' binary send format, for types that are kept as text and for the
/// parts of arrays, composites and ranges.
///
/// The text is what the type's output function gives under DateStyle ISO, IntervalStyle postgres, TimeZone UTC and
/// extra_float_digits 1; an object's name is its number. The type's input function reads the equal value from it under
/// any setting.
public sealed interface TextForm {
    /// A short name that never changes; an Iceberg table keeps it, and [TextFormReader] reads it.
    String code();

    /// Forms without parts. The name in lower case is the code.
    enum Simple implements TextForm {
        BOOL,
        INT2,
        INT4,
        INT8,
        FLOAT4,
        FLOAT8,
        NUMERIC,
        /// The bytes are the text: text, varchar, char(n), name, json, xml, enum labels.
        TEXT,
        /// A version byte of 1, then the text: jsonb, jsonpath, ltree and its queries.
        VERSIONED,
        BYTEA,
        /// One byte; those above 127 as a backslash and three octal digits, zero as nothing.
        CHAR,
        DATE,
        TIME,
        TIMETZ,
        TIMESTAMP,
        TIMESTAMPTZ,
        INTERVAL,
        /// As [#INTERVAL] before Postgres 17, where the extreme values were no infinities.
        INTERVAL_FINITE,
        UUID,
        /// Numbers of objects, transactions and commands: 32 bits without sign.
        OID,
        XID8,
        TID,
        INET,
        CIDR,
        MACADDR,
        MACADDR8,
        BIT,
        PG_LSN,
        SNAPSHOT,
        POINT,
        LSEG,
        LINE,
        BOX,
        PATH,
        POLYGON,
        CIRCLE,
        TSVECTOR,
        TSQUERY,
        /// Numbers between blanks, for `int2vector` and `oidvector`.
        INT2VECTOR,
        OIDVECTOR,
        HSTORE,
        VECTOR,
        /// The bytes as hexadecimal digits in upper case: PostGIS' geometry and geography.
        HEX;

        private final String code = name().toLowerCase(java.util.Locale.ROOT);

        @Override
        public String code() {
            return code;
        }
    }

    /// An array of any dimensions.
    record Array(TextForm element, char delimiter) implements TextForm {
        @Override
        public String code() {
            return "array" + (delimiter == ',' ? "" : delimiter) + "(" + element.code() + ")";
        }
    }

    /// A row type, its dropped columns left out.
    record Composite(List<Field> fields) implements TextForm {
        public Composite {
            fields = List.copyOf(fields);
        }

        @Override
        public String code() {
            return "row("
                    + fields.stream()
                            .map(field -> Integer.toUnsignedString(field.oid()) + ":"
                                    + field.form().code())
                            .collect(Collectors.joining(","))
                    + ")";
        }
    }

    /// A column of a row type.
    ///
    /// @param oid the field's type as the send format names it
    record Field(int oid, TextForm form) {}

    /// A range of values.
    record Range(TextForm bound) implements TextForm {
        @Override
        public String code() {
            return "range(" + bound.code() + ")";
        }
    }

    /// Several ranges.
    record Multirange(TextForm bound) implements TextForm {
        @Override
        public String code() {
            return "multirange(" + bound.code() + ")";
        }
    }
}
