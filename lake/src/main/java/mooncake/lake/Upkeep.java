package mooncake.lake;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Expiry of snapshots and removal of files that a crash left behind.
///
/// @param age snapshots younger than this stay, because foreign readers may be on them
/// @param snapshotsMax more than this many never stay, however young: every commit rewrites the list of them
/// @param commitsBetween commits from one expiry to the next
record Upkeep(Duration age, int snapshotsMax, int commitsBetween) {
    static final Upkeep STANDARD = new Upkeep(Duration.ofHours(1), 500, 50);

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /// Expires old snapshots and lets go of the files that only they reached.
    void expire(Table table, FileRetention retention) {
        List<Snapshot> snapshots = byAge(table);
        long floor = System.currentTimeMillis() - age.toMillis();
        if (snapshots.size() > snapshotsMax) {
            floor = Math.max(
                    floor, snapshots.get(snapshots.size() - snapshotsMax).timestampMillis());
        }
        if (snapshots.size() < 2 || snapshots.getFirst().timestampMillis() >= floor) {
            return;
        }
        table.expireSnapshots()
                .expireOlderThan(floor)
                .retainLast(1)
                .cleanupLevel(ExpireSnapshots.CleanupLevel.METADATA_ONLY)
                .planWith(DirectExecutor.INSTANCE)
                .executeDeleteWith(DirectExecutor.INSTANCE)
                .commit();
        byAge(table).stream().mapToLong(Snapshot::sequenceNumber).min().ifPresent(retention::expired);
    }

    private static List<Snapshot> byAge(Table table) {
        List<Snapshot> snapshots = new ArrayList<>();
        table.snapshots().forEach(snapshots::add);
        snapshots.sort(Comparator.comparingLong(Snapshot::timestampMillis));
        return snapshots;
    }

    /// Looks through the data folder at the start, for files of ours that the current snapshot does not
    /// have: leftovers of a crash, and files that only older snapshots have. They are deleted when the
    /// older ones have expired, at once if there are none: no older snapshot is read, however many there
    /// are, and no clock is trusted to tell one kind from the other. Only before the first write: a file
    /// that is being written is in no snapshot either.
    ///
    /// @param current files of the current snapshot
    static void takeStock(Table table, Path dataFolder, Set<String> current, FileRetention retention) {
        Snapshot snapshot = table.currentSnapshot();
        boolean alone = byAge(table).size() < 2;
        int leftovers = 0;
        for (FileInfo file : new LocalFileIO().listPrefix(dataFolder.toString())) {
            Path path = Path.of(file.location());
            if (!FileNames.isOurs(path.getFileName().toString()) || current.contains(file.location())) {
                continue;
            }
            if (snapshot == null || alone) {
                table.io().deleteFile(file.location());
                leftovers++;
            } else {
                retention.retired(file.location(), snapshot.sequenceNumber());
            }
        }
        if (leftovers > 0) {
            LOG.info("removed files of unfinished commits table={} files={}", table.name(), leftovers);
        }
    }
}
