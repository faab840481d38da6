package mooncake.mirror;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import mooncake.model.Change;
import mooncake.model.Check;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.Identity;
import mooncake.model.KeyScan;
import mooncake.model.MemoryBudget;
import mooncake.model.ReadView;
import mooncake.model.StoredRows;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;

/// One mirror's state: rows in memory and in files, the index from key to row, and what was deleted.
///
/// One writer at a time. A change that throws has changed nothing; whoever applies changes then stops
/// the mirror, since it can no longer follow its source. Views handed out before stay valid, also
/// after [#close].
///
/// Who holds what: [#view] adds a holder to the view's [mooncake.model.Holdings] for the caller, who
/// releases it once. [#seal] holds its batches until [#install] or [#close]; who may close while the
/// lake still reads a seal takes a view with it and releases that when the lake is done. A file that
/// the table lost (TRUNCATE, all rows deleted, or merged into another) is reported to `unneeded` once
/// the seal that lists it as dropped is installed and nothing holds it; never because of [#close].
///
/// An idle table without rows in memory holds no off-heap rows, no file and no file descriptor: about 2 KB of heap and
/// 5 KB of the process in all. With one row in memory it is 120 KB, most of them mapped from a nameless file.
public final class MirrorTable implements AutoCloseable {
    private final String name;
    private final Consumer<DataFile> unneeded;
    private final RowStore rows;
    private final RowIndex index;
    private final RowKey.Secret secret;
    private RowChanges changes;
    private boolean changed;
    private boolean closed;

    /// An empty table.
    ///
    /// @param mirrorOid the mirror's relation OID, for views
    /// @param name the source table's qualified name, for messages
    /// @param scratchDirectory where the key index's nameless temporary files lie
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
        this.unneeded = unneeded;
        this.rows = new RowStore(mirrorOid, schema, budget, unneeded);
        this.index = new RowIndex(scratchDirectory, random);
        this.secret = RowKey.Secret.drawn(random);
        this.changes = new RowChanges(name, schema, storedRows, rows, index, secret);
    }

    public TableSchema schema() {
        return changes.schema();
    }

    public void insert(Tuple row) {
        changes.insert(row);
        changed = true;
    }

    /// A row of the initial copy.
    public void appendCopied(Tuple row) {
        insert(row);
    }

    /// Replaces a row by its next version; values that the log left out keep the old row's.
    ///
    /// @param old the old row's key columns or all of it; null when the key did not change. Without a
    ///     key it is the whole old row
    public void update(@Nullable Tuple old, Tuple row) {
        changes.update(old, row);
        changed = true;
    }

    /// Removes the row that has the old row's key, or one of those that equal it in all columns.
    ///
    /// @param old the old row's key columns or all of it
    public void delete(Tuple old) {
        changes.delete(old);
        changed = true;
    }

    /// Applies a change to a mirror that holds only the rows that pass a filter: what passes is there
    /// afterwards, what does not is not, whatever was before.
    ///
    /// @param change an insert, update, delete or TRUNCATE, its rows with the mirror's columns
    /// @param passes whether the new row passes, which a delete does not have
    public void applyFiltered(Change change, boolean passes) {
        changed = true;
        switch (change) {
            case Change.Insert insert -> {
                if (passes) {
                    changes.insert(insert.row());
                }
            }
            case Change.Update update -> {
                Tuple old = update.old();
                if (passes) {
                    changes.upsert(old, update.row());
                } else {
                    deleteIfThere(old == null ? update.row() : old);
                }
            }
            case Change.Delete delete -> deleteIfThere(delete.old());
            case Change.Truncate _ -> truncate();
            case Change.Begin _, Change.Commit _, Change.Relation _, Change.Message _, Change.Progress _ ->
                throw new IllegalArgumentException("no row change: " + change);
        }
    }

    private void deleteIfThere(Tuple old) {
        if (schema().identity() == Identity.APPEND_ONLY) {
            changes.delete(old);
        } else {
            changes.deleteIfThere(old);
        }
    }

    /// Fetches what changed rows still lack. Every way to see the rows does so by itself; a caller of
    /// this one knows whose failure it is.
    public void complete() {
        changes.complete();
    }

    public void truncate() {
        changes.truncate();
        index.clear();
        rows.truncate();
        changed = true;
    }

    /// Sees all rows in the next shape from now on: columns that were added have their initial value,
    /// dropped ones are gone, renamed ones are known by their field ids, numbers may be wider. Only
    /// rows of the next shape are taken afterwards. Views and seals that were made before keep theirs.
    ///
    /// It costs little: rows in memory share what lies as before, files are read as they are. Keys of
    /// widened columns are computed from those that the index has. Only a table whose rows are found
    /// by all their columns, when it loses one, has to read its files to index them anew.
    ///
    /// @param next the schema, which must differ only in these ways: else
    ///     [mooncake.model.ErrorCode#NOT_IN_PLACE], and nothing has changed. When it throws anything
    ///     else, the table is only to be closed
    /// @param storedRows reads values of rows in the next shape
    /// @param keys reads key columns of files in the next shape
    public void evolve(TableSchema next, StoredRows storedRows, KeyScan keys) {
        complete();
        Reshape reshape = Reshape.of(name, schema(), next);
        RowKey before = changes.key();
        rows.evolve(reshape);
        changes.close();
        changes = new RowChanges(name, next, storedRows, rows, index, secret);
        changed = true;
        switch (next.identity()) {
            case KEY -> {
                if (before.isExact() && reshape.widensKey()) {
                    try (WidenedKey widened = new WidenedKey(reshape, before, changes.key())) {
                        index.rekey(widened);
                    }
                }
            }
            case FULL_ROW -> {
                if (reshape.losesValues()) {
                    indexAnew(keys);
                }
            }
            case APPEND_ONLY -> {}
        }
    }

    private void indexAnew(KeyScan keys) {
        index.clear();
        rows.relocate((file, number) -> indexFile(file.file(), file.deletes(), number, keys));
        rows.forEachRow((batch, row, location) ->
                changes.index(batch.keyData(), batch.keyValidity(), row, location, "a new index has"));
    }

    /// The table as it is now, immutable. The caller must release its holdings once.
    public ReadView view() {
        complete();
        return rows.view();
    }

    /// Freezes all rows in memory for the lake; new rows go to new batches. Several seals may be
    /// outstanding.
    public Seal seal() {
        complete();
        Seal seal = rows.seal();
        changed = false;
        return seal;
    }

    /// Puts the written file in the place of the oldest outstanding seal's rows. Call it when the lake
    /// has committed the seal: files that it dropped may be reported as unneeded at once.
    ///
    /// @param written null if and only if the seal had nothing to write
    public void install(Seal seal, @Nullable DataFile written) {
        rows.install(seal, written);
    }

    /// Chooses files that are worth merging into one of at most `maxRows` rows: at least `minFiles`
    /// small ones, or any that mostly hold dead rows. One at a time.
    public Optional<Compaction> beginCompaction(long maxRows, int minFiles) {
        return Optional.ofNullable(rows.beginCompaction(maxRows, minFiles));
    }

    /// Puts the written file in the place of those it was made of, which the next seal lists as
    /// dropped. False when a TRUNCATE came in between: then nothing has changed, and the file is
    /// reported as unneeded.
    public boolean installCompaction(Compaction compaction, DataFile written) {
        complete();
        boolean installed = rows.installCompaction(compaction, written);
        if (installed) {
            changed = true;
        } else {
            unneeded.accept(written);
        }
        return installed;
    }

    /// Ends a compaction whose file is not written.
    public void abandonCompaction(Compaction compaction) {
        rows.abandon(compaction);
    }

    /// Prepares the index of an empty table for this many rows.
    public void expectRows(long count) {
        if (schema().identity() != Identity.APPEND_ONLY) {
            index.expect(count);
        }
    }

    /// Takes over a file of the table at a restart and indexes its live rows. When it throws, the
    /// table is half loaded and only to be closed.
    public void loadFile(DataFile file, Deletes deletes, KeyScan scan) {
        indexFile(file, deletes, rows.addFile(file, deletes), scan);
    }

    private void indexFile(DataFile file, Deletes deletes, long number, KeyScan scan) {
        if (schema().identity() == Identity.APPEND_ONLY) {
            return;
        }
        int[] keyColumns = schema().key().stream().mapToInt(Integer::intValue).toArray();
        boolean mayBeNull = schema().identity() == Identity.FULL_ROW;
        long[] seen = new long[2];
        scan.scan(file, keyColumns, (firstRow, count, columns, validity) -> {
            Check.that(
                    firstRow >= 0 && count >= 0 && firstRow + count <= file.rows(),
                    "%s: a chunk of %d keys at row %d",
                    file.path(),
                    count,
                    firstRow);
            boolean whole = !deletes.anyIn(firstRow, firstRow + count);
            for (int i = 0; i < count; i++) {
                if (whole || !deletes.isDeleted(firstRow + i)) {
                    Check.that(mayBeNull || isWhole(validity, i), "%s has a null in its key", file.path());
                    changes.index(columns, validity, i, number << 32 | firstRow + i, "a file has");
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

    private static boolean isWhole(@Nullable MemorySegment[] validity, int row) {
        for (MemorySegment bits : validity) {
            if (bits != null && !RowKey.isSet(bits, row)) {
                return false;
            }
        }
        return true;
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
        return schema().identity() == Identity.APPEND_ONLY ? rows.liveRows() : index.size();
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
            changes.close();
        }
    }
}
