package mooncake.mirror;

import mooncake.model.Check;
import mooncake.model.Column;
import mooncake.model.ErrorCode;
import mooncake.model.Identity;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;

/// Decodes whole rows into a batch and old rows' keys into a [ScratchRow].
///
/// Only the columns of a key have to have values: NOT NULL of the others is what the source promised
/// at some time, and may take back.
final class RowWriter {
    private final String table;
    private final TableSchema schema;
    private final ColumnWriter[] writers;
    private final int[] widths;
    private final boolean[] inKey;
    private final int[] key;
    private final boolean wholeOldRows;

    RowWriter(String table, TableSchema schema) {
        this.table = table;
        this.schema = schema;
        writers = new ColumnWriter[schema.width()];
        widths = new int[schema.width()];
        inKey = new boolean[schema.width()];
        for (int i = 0; i < writers.length; i++) {
            Column column = schema.column(i);
            writers[i] = ColumnWriter.of(table, column);
            widths[i] = column.type().storage().width();
        }
        key = schema.key().stream().mapToInt(Integer::intValue).toArray();
        wholeOldRows = schema.identity() == Identity.FULL_ROW;
        if (schema.identity() == Identity.KEY) {
            for (int column : key) {
                inKey[column] = true;
            }
        }
    }

    /// Writes a row behind the batch's last one, without counting it, and returns how many of its
    /// columns are still missing: the log left them out as unchanged, and the old row does not hold
    /// them either.
    int write(Tuple tuple, @Nullable Tuple old, MemoryBatch batch) {
        Check.that(tuple.width() == writers.length, "\"%s\": a row with %d columns", table, tuple.width());
        byte[] bytes = tuple.bytes();
        int row = batch.rows();
        int missing = 0;
        for (int column = 0; column < writers.length; column++) {
            int length = tuple.length(column);
            if (length >= 0) {
                long at = (long) row * widths[column];
                writers[column].write(bytes, tuple.offset(column), length, batch.data(column), at, batch.heap());
                batch.setValid(column, row, true);
            } else if (length == Tuple.NULL) {
                if (inKey[column]) {
                    throw unexpectedNull(column);
                }
                batch.setValid(column, row, false);
            } else if (!isMissing(old, column)) {
                writeOld(old, column, batch);
            } else {
                missing++;
            }
        }
        return missing;
    }

    /// Whether a value that a new row left out is not in the old row either. In an old row that only
    /// holds the key the other columns look like nulls.
    boolean isMissing(@Nullable Tuple old, int column) {
        return old == null || old.isUnchanged(column) || (old.isNull(column) && !wholeOldRows);
    }

    private void writeOld(@Nullable Tuple old, int column, MemoryBatch batch) {
        if (old != null) {
            boolean valid = !old.isNull(column);
            batch.setValid(column, batch.rows(), valid);
            if (valid) {
                long at = (long) batch.rows() * widths[column];
                int length = old.length(column);
                writers[column].write(old.bytes(), old.offset(column), length, batch.data(column), at, batch.heap());
            }
        }
    }

    /// Writes the key columns of an old row.
    void writeKey(Tuple tuple, ScratchRow into) {
        Check.that(tuple.width() == writers.length, "\"%s\": an old row with %d columns", table, tuple.width());
        into.clear();
        for (int i = 0; i < key.length; i++) {
            int column = key[i];
            int length = tuple.length(column);
            boolean valid = length >= 0;
            Check.that(
                    valid || (wholeOldRows && length == Tuple.NULL),
                    "\"%s\": an old row came without its key column \"%s\"",
                    table,
                    schema.column(column).name());
            into.setValid(i, valid);
            if (valid) {
                writers[column].write(tuple.bytes(), tuple.offset(column), length, into.data()[i], 0, into);
            }
        }
    }

    private MooncakeException unexpectedNull(int column) {
        return new MooncakeException(
                ErrorCode.SOURCE_SCHEMA_CHANGED,
                "key column \"" + schema.column(column).name() + "\" of \"" + table + "\" is null");
    }
}
