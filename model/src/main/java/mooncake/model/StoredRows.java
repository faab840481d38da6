package mooncake.model;

import org.jspecify.annotations.Nullable;

/// Values of rows that only a data file holds: what UPDATEs left unchanged and the log therefore lacks.
@FunctionalInterface
public interface StoredRows {
    /// Takes the values of one row.
    @FunctionalInterface
    interface Values {
        /// Takes them; rows come in any order.
        ///
        /// @param index which of the asked positions
        /// @param values null, or the little-endian bytes of the column's [Storage], or a string's bytes
        void accept(int index, byte[] @Nullable [] values);
    }

    /// Hands over the values of `columns` (positions in the schema) of some rows of a file.
    ///
    /// @param positions the rows' positions in the file, ascending
    void read(DataFile file, long[] positions, int[] columns, Values into);
}
