package mooncake.lake;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.jdbc.UncheckedInterruptedException;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.jspecify.annotations.Nullable;

/// The catalog's operations on one mirror's table with what a mirror's commits need on top.
///
/// A commit that adds a snapshot puts the snapshot's LSN into a table property too, where it survives
/// the expiry of snapshots. It is refused, not rebased, when anyone else has moved the table from the
/// snapshot the new one was computed from. And its outcome is never misread: a connection that breaks
/// while Postgres moves the pointer makes the catalog report a failure although the commit stands, upon
/// which Iceberg would delete the files of a live snapshot, so after any failure the table itself is
/// asked.
///
/// A change of the columns is part of the same metadata: while a commit is computed, the table looks as
/// if it had the wanted columns already.
final class MirrorOperations implements TableOperations {
    /// Commits in doubt whose files are remembered; those of more are left to the next opening.
    private static final int DOUBTFUL_MAX = 100;

    private final TableOperations catalog;
    private final CommitFileIO files = new CommitFileIO();
    private @Nullable Long expected;
    private long committed;
    private long attempted;
    private List<Doubtful> doubtful = List.of();
    private @Nullable ShapeChange shape;
    private @Nullable Overlay overlay;

    /// The catalog's metadata, and the same with the wanted columns.
    private record Overlay(TableMetadata actual, TableMetadata shown) {}

    MirrorOperations(TableOperations catalog) {
        this.catalog = catalog;
    }

    /// A commit that may stand or not, and its files.
    private record Doubtful(long snapshotId, List<String> files) {}

    /// Begins a commit that is computed from a snapshot, null for none.
    void begin(@Nullable Long snapshotId, ShapeChange wanted) {
        expected = snapshotId;
        shape = wanted;
        overlay = null;
        attempted = 0;
        files.begin();
    }

    /// The commit succeeded or failed.
    void end() {
        shape = null;
        overlay = null;
    }

    /// Deletes what the commit wrote unless it may stand all the same.
    void undo(Exception failure) {
        if (!(failure instanceof CommitStateUnknownException)) {
            files.undo();
        } else if (doubtful.size() < DOUBTFUL_MAX) {
            doubtful = Stream.concat(doubtful.stream(), Stream.of(new Doubtful(attempted, files.created())))
                    .toList();
        }
    }

    /// Once a later commit stands, one that does not stand below it never will: its files go.
    private void endDoubts(TableMetadata now) {
        for (Doubtful each : doubtful) {
            if (each.snapshotId() != 0 && now.snapshot(each.snapshotId()) == null) {
                files.delete(each.files());
            }
        }
        doubtful = List.of();
    }

    /// The snapshot of the last commit that succeeded.
    long committed() {
        return committed;
    }

    @Override
    public TableMetadata current() {
        return shown(catalog.current());
    }

    @Override
    public TableMetadata refresh() {
        return shown(catalog.refresh());
    }

    @SuppressWarnings("ReferenceEquality") // Metadata is compared by identity throughout Iceberg.
    private TableMetadata shown(TableMetadata actual) {
        ShapeChange change = shape;
        if (change == null || actual == null) {
            return actual;
        }
        Overlay known = overlay;
        if (known == null || known.actual() != actual) {
            known = new Overlay(actual, change.apply(actual));
            overlay = known;
        }
        return known.shown();
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public void commit(@Nullable TableMetadata shown, TableMetadata metadata) {
        Overlay known = overlay;
        TableMetadata base = known != null && known.shown() == shown ? known.actual() : shown;
        Snapshot target = metadata.currentSnapshot();
        if (base == null || target == null || Objects.equals(target.snapshotId(), snapshotId(base))) {
            catalog.commit(base, metadata);
            return;
        }
        if (!Objects.equals(snapshotId(base), expected)) {
            throw new ValidationException(
                    "The table is at snapshot %s, not %s", String.valueOf(snapshotId(base)), String.valueOf(expected));
        }
        String lsn = target.summary().get(LakeTable.LSN);
        TableMetadata stamped = lsn == null
                ? metadata
                : TableMetadata.buildFrom(metadata)
                        .setProperties(Map.of(LakeTable.LSN, lsn))
                        .build();
        attempted = target.snapshotId();
        try {
            catalog.commit(base, stamped);
        } catch (RuntimeException failure) {
            if (!stands(target.snapshotId(), failure)) {
                throw failure;
            }
        }
        committed = target.snapshotId();
        endDoubts(stamped);
    }

    private boolean stands(long snapshotId, RuntimeException failure) {
        boolean stands;
        try {
            stands = catalog.refresh().snapshot(snapshotId) != null;
        } catch (RuntimeException unreachable) {
            failure.addSuppressed(unreachable);
            throw new CommitStateUnknownException(failure);
        }
        boolean inDoubt = failure instanceof UncheckedSQLException || failure instanceof UncheckedInterruptedException;
        if (!stands && inDoubt) {
            throw new CommitStateUnknownException(failure);
        }
        return stands;
    }

    private static @Nullable Long snapshotId(TableMetadata metadata) {
        Snapshot snapshot = metadata.currentSnapshot();
        return snapshot == null ? null : snapshot.snapshotId();
    }

    @Override
    public FileIO io() {
        return files;
    }

    @Override
    public EncryptionManager encryption() {
        return catalog.encryption();
    }

    @Override
    public String metadataFileLocation(String fileName) {
        return catalog.metadataFileLocation(fileName);
    }

    @Override
    public LocationProvider locationProvider() {
        return catalog.locationProvider();
    }

    @Override
    public long newSnapshotId() {
        return catalog.newSnapshotId();
    }
}
