package mooncake.query.encode;

import mooncake.duckdb.DuckVector;
import mooncake.query.frame.ColumnBuffer;

/// Appends a run of one column's values to a batch.
interface ColumnEncoder {
    /// Appends `count` values; `firstRow` is the row of the batch that the run starts at.
    void append(DuckVector vector, int from, int count, ColumnBuffer out, int firstRow);

    /// Marks what is null in the vector; values that were appended for nulls hold anything.
    static void markNulls(DuckVector vector, int from, int count, ColumnBuffer out, int firstRow) {
        if (!vector.mayHaveNulls()) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (!vector.isValid(from + i)) {
                out.setNull(firstRow + i);
            }
        }
    }
}
