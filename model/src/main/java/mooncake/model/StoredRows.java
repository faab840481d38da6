package mooncake.model;

import org.jspecify.annotations.Nullable;

/// Single values of rows that only a data file holds: what an UPDATE left unchanged and the log therefore lacks.
public interface StoredRows {
    /// The values of `columns` (positions in the schema) at a position of a file: null, or the little-endian bytes of
    /// the column's [Storage], or for [Storage#STRING] the string's bytes.
    byte[] @Nullable [] read(DataFile file, long position, int[] columns);
}
