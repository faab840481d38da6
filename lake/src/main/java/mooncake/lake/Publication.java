package mooncake.lake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import mooncake.model.Check;
import mooncake.model.Deletes;
import mooncake.model.Lsn;
import mooncake.model.ReadView.FileView;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;

/// What one commit changes: the way from the last committed state to the wanted one.
///
/// A data file keeps at most one deletion vector: when its deleted rows changed, the old vector leaves
/// in the same commit that brings the merged one. Two vectors for one file would commit without an
/// error and make the table unreadable.
final class Publication {
    private final CommittedState base;
    private final List<FileView> wanted;
    private final Map<String, DataFile> added = new LinkedHashMap<>();
    private final List<DataFile> removed = new ArrayList<>();
    private final List<DeleteFile> removedDeletes;
    private final Map<String, Deletes> vectors = new LinkedHashMap<>();
    private final List<String> touched = new ArrayList<>();

    Publication(CommittedState base, List<FileView> wanted, Function<mooncake.model.DataFile, DataFile> describe) {
        this.base = base;
        this.wanted = wanted;
        this.removedDeletes = new ArrayList<>(base.foreign());
        Map<String, CommittedState.Entry> gone = new LinkedHashMap<>(base.files());
        for (FileView view : wanted) {
            String path = view.file().path();
            CommittedState.Entry entry = gone.remove(path);
            if (entry != null) {
                if (!same(entry.deletes(), view.deletes(), view.file().rows())) {
                    touched.add(path);
                    replaceVector(entry, view.deletes());
                }
                continue;
            }
            Check.that(!base.files().containsKey(path) && !added.containsKey(path), "file twice in a state: %s", path);
            added.put(path, describe.apply(view.file()));
            if (!view.deletes().isEmpty()) {
                vectors.put(path, view.deletes());
            }
        }
        for (CommittedState.Entry entry : gone.values()) {
            removed.add(entry.file());
            if (entry.vector() != null) {
                removedDeletes.add(entry.vector());
            }
        }
    }

    private void replaceVector(CommittedState.Entry entry, Deletes deletes) {
        if (entry.vector() != null) {
            removedDeletes.add(entry.vector());
        }
        if (!deletes.isEmpty()) {
            vectors.put(entry.file().location(), deletes);
        }
    }

    /// Commits and returns the new state. After a failure the table is as before, unless the catalog
    /// could not be asked.
    CommittedState commit(Table table, MirrorOperations operations, Lsn lsn, ShapeChange shape) throws IOException {
        operations.begin(base.snapshotId(), shape);
        try {
            List<DeleteFile> written = DeletionVectors.write(table, vectors);
            SnapshotUpdate<?> update = update(table, written);
            update.scanManifestsWith(DirectExecutor.INSTANCE);
            update.set(LakeTable.LSN, lsn.toString());
            update.commit();
            return next(operations.committed(), written);
        } catch (IOException | RuntimeException failure) {
            operations.undo(failure);
            throw failure;
        } finally {
            operations.end();
        }
    }

    /// Whether the table has the wanted files and deleted rows already.
    boolean changesNothing() {
        return added.isEmpty() && removed.isEmpty() && removedDeletes.isEmpty() && vectors.isEmpty();
    }

    /// Whether no file of before stays.
    boolean isFresh() {
        return removed.size() == base.files().size();
    }

    /// Streaming readers of Iceberg take empty appends but stop at an overwrite, so that is what a
    /// commit without any change is.
    private SnapshotUpdate<?> update(Table table, List<DeleteFile> written) {
        if (changesNothing()) {
            return table.newAppend();
        }
        RowDelta delta = table.newRowDelta();
        added.values().forEach(delta::addRows);
        removed.forEach(delta::removeRows);
        removedDeletes.forEach(delta::removeDeletes);
        written.forEach(delta::addDeletes);
        if (base.snapshotId() != null) {
            delta.validateFromSnapshot(base.snapshotId());
        }
        return delta.validateDataFilesExist(touched).validateDeletedFiles();
    }

    private CommittedState next(long snapshotId, List<DeleteFile> written) {
        Map<String, DeleteFile> writtenByPath = new LinkedHashMap<>();
        for (DeleteFile vector : written) {
            writtenByPath.put(vector.referencedDataFile(), vector);
        }
        Map<String, CommittedState.Entry> files = new LinkedHashMap<>();
        for (FileView view : wanted) {
            String path = view.file().path();
            CommittedState.Entry before = base.files().get(path);
            DataFile file = before != null
                    ? before.file()
                    : Objects.requireNonNull(added.get(path)).copyWithoutStats();
            DeleteFile vector = writtenByPath.get(path);
            if (vector == null && before != null && !view.deletes().isEmpty()) {
                vector = before.vector();
            }
            files.put(path, new CommittedState.Entry(file, vector, view.deletes()));
        }
        return new CommittedState(snapshotId, files, List.of());
    }

    private static boolean same(Deletes a, Deletes b, long rows) {
        if (a == b) {
            return true;
        }
        if (a.cardinality() != b.cardinality()) {
            return false;
        }
        for (long row = 0; row < rows; row += Long.SIZE) {
            if (a.word(row) != b.word(row)) {
                return false;
            }
        }
        return true;
    }
}
