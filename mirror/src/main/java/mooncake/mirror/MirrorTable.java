package mooncake.mirror;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import mooncake.model.Check;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.ErrorCode;
import mooncake.model.KeyScan;
import mooncake.model.MemoryBudget;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import mooncake.model.StoredRows;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;

/// One mirror's state: rows in memory and in files, the index from key to row, and what was deleted.
///
/// One writer at a time. A change that throws has changed nothing; whoever applies changes then stops the mirror, since
/// it can no longer follow its source. Views handed out before stay valid, also after [#close].
///
/// Who holds what: [#view] adds a holder to the view's [mooncake.model.Holdings] for the caller, who releases it
/// once. [#seal] holds its batches until [#install] or [#close]; who may close while the lake still reads a seal takes
/// a
/// view with it and releases that when the lake is done. A file that the table lost (TRUNCATE, or all rows
/// deleted) is reported to `unneeded` once the seal that lists it as dropped is installed and no view holds it; never
/// because of [#close].
public final class MirrorTable implements AutoCloseable {
    private final String name;
    private final TableSchema schema;
    private final StoredRows storedRows;
    private final RowStore rows;
    private final RowWriter writer;
    private final RowKey key;
    private final int[] keyColumns;
    private final KeyIndex index;
    private final ScratchRow scratch;
    private boolean changed;
    private boolean closed;

    /// An empty table.
    ///
    /// @param mirrorOid the mirror's relation OID, for views
    /// @param name the source table's qualified name, for messages
    /// @param scratchDirectory where the key index's nameless temporary file lies
    /// @param storedRows reads values of rows that only files hold
    /// @param unneeded told on the thread that lets go last; must not block
    public MirrorTable(
            int mirrorOid,
            String name,
            TableSchema schema,
            MemoryBudget budget,
            Path scratchDirectory,
            StoredRows storedRows,
            Consumer<DataFile> unneeded) {
        SplittableRandom random = new SplittableRandom();
        this.name = name;
        this.schema = schema;
        this.storedRows = storedRows;
        this.rows = new RowStore(mirrorOid, schema, budget, unneeded);
        this.writer = new RowWriter(name, schema);
        this.key = new RowKey(schema, random);
        this.keyColumns = schema.key().stream().mapToInt(Integer::intValue).toArray();
        this.index = new KeyIndex(scratchDirectory, random);
        this.scratch = new ScratchRow(schema);
    }

    public void insert(Tuple row) {
        MemoryBatch tail = rows.tail();
        int unchanged = writer.write(row, tail);
        Check.that(unchanged == 0, "\"%s\": an inserted row came without %d of its values", name, unchanged);
        key.read(tail.keyData(), tail.rows());
        if (index.putIfAbsent(key.low(), key.high(), rows.nextLocation()) != KeyIndex.NONE) {
            throw broken("insert of a key that is there already", tail.keyData(), tail.rows());
        }
        tail.commitRow();
        changed = true;
    }

    /// A row of the initial copy.
    public void appendCopied(Tuple row) {
        insert(row);
    }

    /// Replaces a row by its next version; values that the log left out keep the old row's.
    ///
    /// @param old the old row's key columns or all of it; null when the key did not change
    public void update(@Nullable Tuple old, Tuple row) {
        MemoryBatch tail = rows.tail();
        int at = tail.rows();
        int unchanged = writer.write(row, tail);
        long oldLocation = KeyIndex.NONE;
        if (old != null) {
            writer.writeKey(old, scratch);
            key.read(scratch.data(), 0);
            oldLocation = find("update", scratch.data(), 0);
        }
        long oldLow = key.low();
        long oldHigh = key.high();
        if (unchanged > 0) {
            if (old == null) {
                checkKeyIsThere(row);
                key.read(tail.keyData(), at);
                oldLocation = find("update", tail.keyData(), at);
            }
            keepUnchanged(row, oldLocation, tail);
        }
        key.read(tail.keyData(), at);
        boolean moved = old != null && (key.low() != oldLow || key.high() != oldHigh);
        if (moved) {
            if (index.putIfAbsent(key.low(), key.high(), rows.nextLocation()) != KeyIndex.NONE) {
                throw broken("update to a key that is there already", tail.keyData(), at);
            }
            index.remove(oldLow, oldHigh);
        } else {
            oldLocation = index.replace(key.low(), key.high(), rows.nextLocation());
            if (oldLocation == KeyIndex.NONE) {
                throw broken("update of a key that is not there", tail.keyData(), at);
            }
        }
        rows.delete(oldLocation);
        tail.commitRow();
        changed = true;
    }

    /// Removes the row that has the old row's key.
    ///
    /// @param old the old row's key columns or all of it
    public void delete(Tuple old) {
        writer.writeKey(old, scratch);
        key.read(scratch.data(), 0);
        long location = index.remove(key.low(), key.high());
        if (location == KeyIndex.NONE) {
            throw broken("delete of a key that is not there", scratch.data(), 0);
        }
        rows.delete(location);
        changed = true;
    }

    public void truncate() {
        index.clear();
        rows.truncate();
        changed = true;
    }

    /// The table as it is now, immutable. The caller must release its holdings once.
    public ReadView view() {
        return rows.view();
    }

    /// Freezes all rows in memory for the lake; new rows go to new batches. Several seals may be outstanding.
    public Seal seal() {
        Seal seal = rows.seal();
        changed = false;
        return seal;
    }

    /// Puts the written file in the place of the oldest outstanding seal's rows. Call it when the lake has committed
    /// the
    /// seal: files that it dropped may be reported as unneeded at once.
    ///
    /// @param written null if and only if the seal had nothing to write
    public void install(Seal seal, @Nullable DataFile written) {
        rows.install(seal, written);
    }

    /// Prepares the index of an empty table for this many rows.
    public void expectRows(long count) {
        index.expect(count);
    }

    /// Takes over a file of the table at a restart and indexes its live rows. When it throws, the table is half loaded
    /// and
    /// only to be closed.
    public void loadFile(DataFile file, Deletes deletes, KeyScan scan) {
        long number = rows.addFile(file, deletes);
        long[] seen = new long[2];
        scan.scan(file, keyColumns, (firstRow, count, columns) -> {
            Check.that(
                    firstRow >= 0 && count >= 0 && firstRow + count <= file.rows(),
                    "%s: a chunk of %d keys at row %d",
                    file.path(),
                    count,
                    firstRow);
            boolean whole = !deletes.anyIn(firstRow, firstRow + count);
            for (int i = 0; i < count; i++) {
                if (whole || !deletes.isDeleted(firstRow + i)) {
                    key.read(columns, i);
                    if (index.putIfAbsent(key.low(), key.high(), number << 32 | firstRow + i) != KeyIndex.NONE) {
                        throw broken("a key twice in files, again in " + file.path(), columns, i);
                    }
                    seen[1]++;
                }
            }
            seen[0] += count;
        });
        Check.that(
                seen[0] == file.rows() && seen[1] == file.rows() - deletes.cardinality(),
                "%s: %d keys for %d rows, %d of them live",
                file.path(),
                seen[0],
                file.rows(),
                seen[1]);
    }

    /// Rows in memory, deleted ones and those being written by the lake included.
    public long memoryRows() {
        return rows.memoryRows(true);
    }

    public long memoryBytes() {
        return rows.memoryBytes(true);
    }

    /// Rows that the next seal would freeze: what a flush would write.
    public long unsealedRows() {
        return rows.memoryRows(false);
    }

    public long unsealedBytes() {
        return rows.memoryBytes(false);
    }

    public long liveRows() {
        return index.size();
    }

    public boolean changedSinceSeal() {
        return changed;
    }

    /// Lets go of all memory but what views still hold. May be called again.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            rows.close();
            index.close();
            scratch.close();
        }
    }

    private long find(String what, MemorySegment[] keyData, int row) {
        long location = index.get(key.low(), key.high());
        if (location == KeyIndex.NONE) {
            throw broken(what + " of a key that is not there", keyData, row);
        }
        return location;
    }

    private void checkKeyIsThere(Tuple row) {
        for (int column : keyColumns) {
            Check.that(
                    !row.isUnchanged(column),
                    "\"%s\": an updated row came without its key column \"%s\"",
                    name,
                    schema.column(column).name());
        }
    }

    /// Fills in the values that the log left out, from the old row in memory or in its file.
    private void keepUnchanged(Tuple row, long oldLocation, MemoryBatch tail) {
        int at = tail.rows();
        int oldRow = RowStore.row(oldLocation);
        switch (rows.container(oldLocation)) {
            case MemoryBatch batch -> {
                for (int column = 0; column < row.width(); column++) {
                    if (row.isUnchanged(column)) {
                        tail.copyValue(batch, oldRow, column, at);
                    }
                }
            }
            case FileSlice slice -> {
                int[] columns = java.util.stream.IntStream.range(0, row.width())
                        .filter(row::isUnchanged)
                        .toArray();
                byte[] @Nullable [] values = storedRows.read(slice.file().file(), slice.position(oldRow), columns);
                for (int i = 0; i < columns.length; i++) {
                    tail.setStored(columns[i], at, values[i]);
                }
            }
        }
    }

    private MooncakeException broken(String what, MemorySegment[] keyData, int row) {
        return new MooncakeException(
                ErrorCode.BROKEN_INVARIANT, "\"" + name + "\": " + what + ": " + KeyText.of(schema, keyData, row));
    }
}
