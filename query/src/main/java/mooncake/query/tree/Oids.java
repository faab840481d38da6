package mooncake.query.tree;

/// OIDs of the types that queries on mirrors may use; Postgres never changes them.
public final class Oids {
    public static final int BOOL = 16;
    public static final int BYTEA = 17;
    public static final int INT8 = 20;
    public static final int INT2 = 21;
    public static final int INT4 = 23;
    public static final int TEXT = 25;
    public static final int JSON = 114;
    public static final int FLOAT4 = 700;
    public static final int FLOAT8 = 701;
    public static final int BPCHAR = 1042;
    public static final int VARCHAR = 1043;
    public static final int DATE = 1082;
    public static final int TIME = 1083;
    public static final int TIMESTAMP = 1114;
    public static final int TIMESTAMPTZ = 1184;
    public static final int INTERVAL = 1186;
    public static final int TIMETZ = 1266;
    /// A string constant whose type nothing decided, as an argument of functions that take any type.
    public static final int UNKNOWN = 705;

    public static final int CHAR = 18;
    public static final int NAME = 19;
    public static final int OID = 26;
    public static final int MONEY = 790;
    public static final int NUMERIC = 1700;
    public static final int UUID = 2950;
    public static final int JSONB = 3802;

    /// Where the numbers of types begin that differ from server to server: domains, enums, rows.
    public static final int CATALOGUED = 10_000;

    private Oids() {}

    /// Whether values are numbers of objects, transactions or commands: 32 bits without sign.
    public static boolean isReference(int type) {
        return switch (type) {
            case 24, 26, 28, 29, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191 -> true;
            default -> false;
        };
    }

    /// The type of arrays of a built-in type, 0 when there is none.
    public static int arrayOf(int type) {
        return ArrayTypes.arrayOf(type);
    }

    /// The element type of a built-in array type, 0 for other types.
    public static int elementOf(int arrayType) {
        return ArrayTypes.elementOf(arrayType);
    }
}
