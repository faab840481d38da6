package mooncake.model;

/// How a column's values lie in memory: the layout of a DuckDB vector, so that scans copy without converting.
///
/// Little-endian. `STRING` entries are DuckDB's 16-byte `string_t`: a u32 length, then up to 12 bytes inline and zero
/// padded, or a 4-byte prefix and an 8-byte pointer to bytes owned by the same [ColumnBatch].
public enum Storage {
    BOOL(1),
    INT16(2),
    INT32(4),
    INT64(8),
    INT128(16),
    FLOAT(4),
    DOUBLE(8),
    STRING(16);

    private final int width;

    Storage(int width) {
        this.width = width;
    }

    public int width() {
        return width;
    }
}
