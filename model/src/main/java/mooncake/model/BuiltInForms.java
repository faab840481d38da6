package mooncake.model;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import mooncake.model.TextForm.Simple;

/// The text forms of built-in types, which have the same OIDs on every server. Arrays and ranges are not listed:
/// a server's catalog says what they are made of.
public final class BuiltInForms {
    /// Types that are kept as text.
    private static final Map<Integer, BuiltIn> COLUMNS = Map.ofEntries(
            column(18, "\"char\"", Simple.CHAR),
            column(19, "name", Simple.TEXT),
            column(22, "int2vector", Simple.INT2VECTOR),
            column(27, "tid", Simple.TID),
            column(30, "oidvector", Simple.OIDVECTOR),
            column(142, "xml", Simple.TEXT),
            column(600, "point", Simple.POINT),
            column(601, "lseg", Simple.LSEG),
            column(602, "path", Simple.PATH),
            column(603, "box", Simple.BOX),
            column(604, "polygon", Simple.POLYGON),
            column(628, "line", Simple.LINE),
            column(650, "cidr", Simple.CIDR),
            column(718, "circle", Simple.CIRCLE),
            column(774, "macaddr8", Simple.MACADDR8),
            column(829, "macaddr", Simple.MACADDR),
            column(869, "inet", Simple.INET),
            column(1186, "interval", Simple.INTERVAL),
            column(1266, "timetz", Simple.TIMETZ),
            column(1560, "bit", Simple.BIT),
            column(1562, "varbit", Simple.BIT),
            column(2970, "txid_snapshot", Simple.SNAPSHOT),
            column(3220, "pg_lsn", Simple.PG_LSN),
            column(3614, "tsvector", Simple.TSVECTOR),
            column(3615, "tsquery", Simple.TSQUERY),
            column(4072, "jsonpath", Simple.VERSIONED),
            column(5038, "pg_snapshot", Simple.SNAPSHOT),
            column(5069, "xid8", Simple.XID8));

    /// Types that have a layout of their own as columns and are text inside of arrays, rows and ranges. `money` has no
    /// text that every locale reads.
    private static final Map<Integer, TextForm> PARTS = Map.ofEntries(
            entry(16, Simple.BOOL),
            entry(17, Simple.BYTEA),
            entry(20, Simple.INT8),
            entry(21, Simple.INT2),
            entry(23, Simple.INT4),
            entry(24, Simple.OID),
            entry(25, Simple.TEXT),
            entry(26, Simple.OID),
            entry(28, Simple.OID),
            entry(29, Simple.OID),
            entry(114, Simple.TEXT),
            entry(700, Simple.FLOAT4),
            entry(701, Simple.FLOAT8),
            entry(1042, Simple.TEXT),
            entry(1043, Simple.TEXT),
            entry(1082, Simple.DATE),
            entry(1083, Simple.TIME),
            entry(1114, Simple.TIMESTAMP),
            entry(1184, Simple.TIMESTAMPTZ),
            entry(1700, Simple.NUMERIC),
            entry(2202, Simple.OID),
            entry(2203, Simple.OID),
            entry(2204, Simple.OID),
            entry(2205, Simple.OID),
            entry(2206, Simple.OID),
            entry(2950, Simple.UUID),
            entry(3734, Simple.OID),
            entry(3769, Simple.OID),
            entry(3802, Simple.VERSIONED),
            entry(4089, Simple.OID),
            entry(4096, Simple.OID),
            entry(4191, Simple.OID));

    private BuiltInForms() {}

    private record BuiltIn(String name, Simple form) {}

    private static Map.Entry<Integer, BuiltIn> column(int oid, String name, Simple form) {
        return entry(oid, new BuiltIn(name, form));
    }

    /// The type of a column that is kept as text; empty for types that are not listed or have a layout of their own.
    static Optional<ColumnType> column(int oid, int typmod) {
        return Optional.ofNullable(COLUMNS.get(oid))
                .map(builtIn -> new ColumnType.Textual(oid, typmod, builtIn.form(), builtIn.name()));
    }

    /// The form that values of a type take as parts of others, empty for types that are not listed.
    public static Optional<TextForm> part(int oid) {
        BuiltIn builtIn = COLUMNS.get(oid);
        return Optional.ofNullable(builtIn == null ? PARTS.get(oid) : builtIn.form());
    }
}
