package mooncake.model;

/// The stable codes of every error a user can see, each with the SQLSTATE that Postgres reports it under.
///
/// Numbers are never reused. The [Kind] decides what happens next: a user error ends the statement, an external one
/// is retried, an internal one stops the mirror or request it was found in.
public enum ErrorCode {
    BROKEN_INVARIANT(1, Kind.INTERNAL, "XX000"),
    UNSUPPORTED_TYPE(2, Kind.USER, "0A000"),
    UNREPRESENTABLE_VALUE(3, Kind.USER, "22003"),
    SOURCE_SCHEMA_CHANGED(4, Kind.USER, "55000"),
    NO_USABLE_KEY(5, Kind.USER, "55000"),
    UNKNOWN_MIRROR(6, Kind.USER, "42P01"),
    FRESHNESS_TIMEOUT(7, Kind.EXTERNAL, "57014"),
    QUERY_CANCELLED(8, Kind.USER, "57014"),
    QUERY_FAILED(9, Kind.USER, "XX000"),
    DIVISION_BY_ZERO(10, Kind.USER, "22012"),
    NUMERIC_OUT_OF_RANGE(11, Kind.USER, "22003"),
    STORAGE_FAILED(12, Kind.EXTERNAL, "58030"),
    DISK_FULL(13, Kind.EXTERNAL, "53100"),
    CATALOG_FAILED(14, Kind.EXTERNAL, "58000"),
    POSTGRES_FAILED(15, Kind.EXTERNAL, "08006"),
    REPLICATION_FAILED(16, Kind.EXTERNAL, "08006"),
    SLOT_UNAVAILABLE(17, Kind.EXTERNAL, "55000"),
    PROTOCOL_VIOLATION(18, Kind.INTERNAL, "08P01"),
    OUT_OF_MEMORY(19, Kind.EXTERNAL, "53200"),
    MIRROR_FAILED(20, Kind.USER, "55000"),
    BAD_CONFIGURATION(21, Kind.USER, "22023"),
    LIMIT_EXCEEDED(22, Kind.USER, "54000"),
    ENGINE_STOPPING(23, Kind.EXTERNAL, "57P01"),
    NOT_PUSHED(24, Kind.INTERNAL, "0A000"),
    DUCKDB_FAILED(25, Kind.INTERNAL, "XX000"),
    DATETIME_OUT_OF_RANGE(26, Kind.USER, "22008"),
    VALUE_TOO_LONG(27, Kind.USER, "22001"),
    ROOT_OF_NEGATIVE(28, Kind.USER, "2201F"),
    NEGATIVE_LENGTH(29, Kind.USER, "22011"),
    BROKEN_PATTERN(30, Kind.USER, "22025"),
    MANY_ROWS(31, Kind.USER, "21000"),
    DATA_LOST(32, Kind.EXTERNAL, "58P01"),
    NOT_APPEND_ONLY(42, Kind.USER, "55000"),
    VALUE_NOT_LOGGED(43, Kind.EXTERNAL, "55000"),
    UNSUPPORTED_FILTER(44, Kind.USER, "0A000"),
    NOT_IN_PLACE(45, Kind.EXTERNAL, "55000"),
    MIRROR_BUSY(46, Kind.EXTERNAL, "55P03"),
    LOGARITHM(80, Kind.USER, "2201E"),
    WIDTH_BUCKET(81, Kind.USER, "2201G"),
    INVALID_TEXT(82, Kind.USER, "22P02"),
    INVALID_DATETIME(83, Kind.USER, "22007"),
    INVALID_PARAMETER(84, Kind.USER, "22023"),
    INTERVAL_OVERFLOW(85, Kind.USER, "22015"),
    ZONE_DISPLACEMENT(86, Kind.USER, "22009"),
    SYNTAX(87, Kind.USER, "42601"),
    LIMIT_NEGATIVE(70, Kind.USER, "2201W"),
    OFFSET_NEGATIVE(71, Kind.USER, "2201X"),
    FRAME_NEGATIVE(72, Kind.USER, "22013"),
    NTILE_NOT_POSITIVE(73, Kind.USER, "22014"),
    NTH_VALUE_NOT_POSITIVE(74, Kind.USER, "22016"),
    SAMPLE_OUT_OF_RANGE(75, Kind.USER, "2202H"),
    SAMPLE_SEED_NULL(76, Kind.USER, "2202G"),
    INVALID_ARGUMENT(77, Kind.USER, "22023"),
    BROKEN_REGEX(90, Kind.USER, "2201B"),
    INVALID_ESCAPE_USE(91, Kind.USER, "2200C"),
    DATA_EXCEPTION(100, Kind.USER, "22000"),
    ARRAY_SUBSCRIPT(101, Kind.USER, "2202E"),
    NULL_NOT_ALLOWED(102, Kind.USER, "22004"),
    MALFORMED_TEXT(103, Kind.USER, "22P02"),
    UNTRANSLATABLE_CHARACTER(105, Kind.USER, "22P05"),
    FEATURE_NOT_SUPPORTED(106, Kind.USER, "0A000"),
    /// Postgres' own error; its SQLSTATE is in the message until the backend is told.
    VALUE_FAILED(107, Kind.USER, "22000"),
    UNKNOWN_TYPMOD(108, Kind.USER, "XX000"),
    INVALID_CHARACTER(109, Kind.USER, "22021");

    /// What an error asks of the one who sees it.
    public enum Kind {
        USER,
        INTERNAL,
        EXTERNAL
    }

    private final int number;
    private final Kind kind;
    private final String sqlState;

    ErrorCode(int number, Kind kind, String sqlState) {
        this.number = number;
        this.kind = kind;
        this.sqlState = sqlState;
    }

    public Kind kind() {
        return kind;
    }

    public String sqlState() {
        return sqlState;
    }

    /// The form users see and may search for, for example `MC0007`.
    public String label() {
        return String.format(java.util.Locale.ROOT, "MC%04d", number);
    }
}
