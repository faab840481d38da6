package mooncake.model;

/// Every fixed limit of the engine. Settings that users change live in the server's configuration.
public final class Limits {
    private Limits() {}

    /// Rows of the largest in-memory batch: DuckDB's row-group size, below which scans and Parquet
    /// writes slow down.
    public static final int BATCH_ROWS_MAX = 122_880;

    /// Rows of the first in-memory batch after a flush, few since a thousand mirrors may have one;
    /// each next one is larger up to the maximum.
    public static final int BATCH_ROWS_MIN = 256;

    /// Rows of a vector in DuckDB.
    public static final int VECTOR_ROWS = 2_048;

    /// Bytes of one value: Postgres' own limit.
    public static final int VALUE_BYTES_MAX = (1 << 30) - 1;

    /// Rows of one result frame to a backend.
    public static final int FRAME_ROWS_MAX = 8_192;

    /// Bytes after which a result frame is sent even if it holds few rows.
    public static final int FRAME_BYTES_TARGET = 4 << 20;

    /// Bytes of one frame in either direction; the largest single value must fit.
    public static final int FRAME_BYTES_MAX = (1 << 30) + (1 << 20);

    /// Bytes of rows shipped with one query beyond which they move to a table of DuckDB's, which can spill.
    public static final long SHIPPED_MEMORY_MAX = 64L << 20;

    /// Bytes of a query tree in its text form.
    public static final int TREE_BYTES_MAX = 16 << 20;

    /// Columns of a mirror: Postgres' own limit.
    public static final int COLUMNS_MAX = 1_600;

    /// Snapshots one backend connection may hold pinned.
    public static final int PINS_PER_CONNECTION_MAX = 1_024;
}
