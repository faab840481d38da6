package mooncake.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
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

    /// Looks through the data folder at the start: files of ours that no snapshot reaches are leftovers of a
    /// crash and deleted, those that only old snapshots reach are handed to `retention`. Only before the first
    /// write: a file that is being written is not reached either.
    ///
    /// @param current files of the current snapshot
    static void takeStock(Table table, Path dataFolder, Set<String> current, FileRetention retention) {
        List<String> others = new ArrayList<>();
        for (FileInfo file : new LocalFileIO().listPrefix(dataFolder.toString())) {
            Path path = Path.of(file.location());
            if (FileNames.isOurs(path.getFileName().toString()) && !current.contains(file.location())) {
                others.add(file.location());
            }
        }
        Snapshot snapshot = table.currentSnapshot();
        Set<String> reached = others.isEmpty() ? Set.of() : reachable(table);
        int leftovers = 0;
        for (String path : others) {
            if (snapshot != null && reached.contains(path)) {
                retention.retired(path, snapshot.sequenceNumber());
            } else {
                table.io().deleteFile(path);
                leftovers++;
            }
        }
        if (leftovers > 0) {
            LOG.info("removed files of unfinished commits table={} files={}", table.name(), leftovers);
        }
    }

    private static Set<String> reachable(Table table) {
        Set<String> reached = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (Snapshot snapshot : table.snapshots()) {
            for (ManifestFile manifest : snapshot.allManifests(table.io())) {
                if (seen.add(manifest.path())) {
                    addFiles(table, manifest, reached);
                }
            }
        }
        return reached;
    }

    private static void addFiles(Table table, ManifestFile manifest, Set<String> reached) {
        if (manifest.content() == ManifestContent.DATA) {
            try (ManifestReader<DataFile> files = ManifestFiles.read(manifest, table.io(), table.specs())) {
                addPaths(files, reached);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            try (ManifestReader<DeleteFile> files =
                    ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
                addPaths(files, reached);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void addPaths(Iterable<? extends ContentFile<?>> files, Set<String> reached) {
        for (ContentFile<?> file : files) {
            reached.add(LocalFileIO.plain(file.location()));
        }
    }
}
