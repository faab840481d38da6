package mooncake.mirror;

import mooncake.model.Check;
import mooncake.model.Column;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.Storage;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;

/// Decodes whole rows into a batch and old rows' keys into a [ScratchRow].
final class RowWriter {
    private final String table;
    private final TableSchema schema;
    private final ColumnWriter[] writers;
    private final int[] widths;
    private final boolean[] notNull;
    private final int[] key;

    RowWriter(String table, TableSchema schema) {
        this.table = table;
        this.schema = schema;
        writers = new ColumnWriter[schema.width()];
        widths = new int[schema.width()];
        notNull = new boolean[schema.width()];
        for (int i = 0; i < writers.length; i++) {
            Column column = schema.column(i);
            Storage storage = column.type().storage();
            writers[i] = ColumnWriter.of(table, column);
            widths[i] = storage.width();
            notNull[i] = column.notNull();
        }
        key = schema.key().stream().mapToInt(Integer::intValue).toArray();
        for (int column : key) {
            notNull[column] = true;
        }
    }

    /// Writes a row behind the batch's last one, without counting it, and returns how many of its columns the log left
    /// out as unchanged.
    int write(Tuple tuple, MemoryBatch batch) {
        Check.that(tuple.width() == writers.length, "\"%s\": a row with %d columns", table, tuple.width());
        byte[] bytes = tuple.bytes();
        int row = batch.rows();
        int unchanged = 0;
        for (int column = 0; column < writers.length; column++) {
            int length = tuple.length(column);
            if (length >= 0) {
                long at = (long) row * widths[column];
                writers[column].write(bytes, tuple.offset(column), length, batch.data(column), at, batch.heap());
                batch.setValid(column, row, true);
            } else if (length == Tuple.NULL) {
                if (notNull[column]) {
                    throw unexpectedNull(column);
                }
                batch.setValid(column, row, false);
            } else {
                unchanged++;
            }
        }
        return unchanged;
    }

    /// Writes the key columns of an old row.
    void writeKey(Tuple tuple, ScratchRow into) {
        Check.that(tuple.width() == writers.length, "\"%s\": an old row with %d columns", table, tuple.width());
        into.clear();
        for (int i = 0; i < key.length; i++) {
            int column = key[i];
            int length = tuple.length(column);
            Check.that(
                    length >= 0,
                    "\"%s\": an old row came without its key column \"%s\"",
                    table,
                    schema.column(column).name());
            writers[column].write(tuple.bytes(), tuple.offset(column), length, into.data()[i], 0, into);
        }
    }

    private MooncakeException unexpectedNull(int column) {
        return new MooncakeException(
                ErrorCode.SOURCE_SCHEMA_CHANGED,
                "column \"" + schema.column(column).name() + "\" of \"" + table + "\" was NOT NULL and is now null");
    }
}
