package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import mooncake.model.ColumnBatch;
import mooncake.model.Deletes;
import mooncake.model.Identity;
import mooncake.model.MemoryBudget;
import mooncake.model.ReadView.BatchView;
import mooncake.model.Storage;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// A run of rows in memory: the batch that readers see, its delete log, and the writer's own view of
/// its columns.
final class MemoryBatch implements Container {
    private final Deletes.Editor deletes = Deletes.NONE.edit();
    private ColumnBatch batch;
    private MemorySegment[] data = new MemorySegment[0];
    private MemorySegment[] validity = new MemorySegment[0];
    private MemorySegment[] keyData = new MemorySegment[0];
    private @Nullable MemorySegment[] keyValidity = new MemorySegment[0];
    private Storage[] storages = new Storage[0];
    private StringHeap heap;
    private int rows;
    private @Nullable BatchView last;

    MemoryBatch(TableSchema schema, int capacity, MemoryBudget budget) {
        batch = new ColumnBatch(schema, capacity, budget);
        heap = batch::allocateBytes;
        see(schema);
    }

    /// Sees the same rows through a batch of another shape, lets go of the former one and takes over
    /// the caller's hold of the new one. No row can be appended afterwards.
    void reshape(TableSchema schema, ColumnBatch reshaped) {
        ColumnBatch before = batch;
        batch = reshaped;
        heap = reshaped::allocateBytes;
        last = null;
        see(schema);
        before.release();
    }

    private void see(TableSchema schema) {
        data = new MemorySegment[schema.width()];
        validity = new MemorySegment[schema.width()];
        storages = new Storage[schema.width()];
        for (int i = 0; i < data.length; i++) {
            data[i] = batch.data(i);
            validity[i] = batch.validity(i);
            storages[i] = schema.column(i).type().storage();
        }
        keyData = new MemorySegment[schema.key().size()];
        keyValidity = new MemorySegment[keyData.length];
        for (int i = 0; i < keyData.length; i++) {
            int column = schema.key().get(i);
            keyData[i] = data[column];
            keyValidity[i] = schema.identity() == Identity.FULL_ROW ? validity[column] : null;
        }
    }

    ColumnBatch batch() {
        return batch;
    }

    int rows() {
        return rows;
    }

    boolean isFull() {
        return rows == batch.capacity();
    }

    long liveRows() {
        return rows - deletes.cardinality();
    }

    MemorySegment data(int column) {
        return data[column];
    }

    MemorySegment[] keyData() {
        return keyData;
    }

    /// Bitmaps of the key columns that may be null.
    @Nullable
    MemorySegment[] keyValidity() {
        return keyValidity;
    }

    StringHeap heap() {
        return heap;
    }

    /// Counts the row that was written behind the last one; before that nobody sees it.
    void commitRow() {
        rows++;
    }

    void setValid(int column, int row, boolean valid) {
        MemorySegment bits = validity[column];
        long at = (long) (row >> 6) * 8;
        long word = bits.get(JAVA_LONG, at);
        bits.set(JAVA_LONG, at, valid ? word | 1L << row : word & ~(1L << row));
    }

    boolean isValid(int column, int row) {
        return (validity[column].get(JAVA_LONG, (long) (row >> 6) * 8) & 1L << row) != 0;
    }

    /// Writes a value that is in storage form already: the storage's bytes, or a string's.
    void setStored(int column, int row, byte @Nullable [] value) {
        setValid(column, row, value != null);
        if (value != null) {
            Entries.put(value, storages[column], data[column], (long) row * storages[column].width(), heap);
        }
    }

    /// Copies a value from a row of another batch or of this one.
    void copyValue(MemoryBatch from, int fromRow, int column, int row) {
        boolean valid = from.isValid(column, fromRow);
        setValid(column, row, valid);
        if (valid) {
            int width = storages[column].width();
            long fromAt = (long) fromRow * width;
            long at = (long) row * width;
            if (storages[column] == Storage.STRING && from != this) {
                Strings.copy(from.data[column], fromAt, data[column], at, heap);
            } else {
                MemorySegment.copy(from.data[column], fromAt, data[column], at, width);
            }
        }
    }

    @Override
    public boolean delete(int row) {
        return deletes.delete(row);
    }

    Deletes deletes() {
        return deletes.snapshot();
    }

    BatchView view() {
        Deletes now = deletes.snapshot();
        BatchView view = last;
        if (view == null || view.rows() != rows || view.deletes() != now) {
            view = new BatchView(batch, rows, now);
            last = view;
        }
        return view;
    }
}
