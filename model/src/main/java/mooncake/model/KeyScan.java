package mooncake.model;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Reads the key columns of a data file, deleted rows included, so that its rows can be indexed at a
/// restart.
public interface KeyScan {
    /// Hands every row of the file to `into` exactly once; chunks may come in any order, on the
    /// calling thread.
    ///
    /// @param columns positions in the schema, in the order in which chunks carry them
    void scan(DataFile file, int[] columns, Chunks into);

    /// Takes one run of rows.
    interface Chunks {
        /// `columns` hold `rows` values each in the column's [Storage]. `validity` says which of them
        /// there are, a bitmap of 64-bit words per column, null for a column without nulls. All of it
        /// is valid during the call.
        void accept(long firstRow, int rows, MemorySegment[] columns, @Nullable MemorySegment[] validity);
    }
}
