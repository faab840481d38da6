package mooncake.lake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mooncake.model.Deletes;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.ContentFileUtil;
import org.jspecify.annotations.Nullable;

/// The files and deleted rows of one snapshot.
///
/// @param snapshotId null before the first commit
/// @param files data files by path, in the order they were committed in and by name within a commit
/// @param foreign delete files of others that are no deletion vector; a mirror never writes any
record CommittedState(@Nullable Long snapshotId, Map<String, Entry> files, List<DeleteFile> foreign) {
    /// A data file with its one deletion vector, if any, and what that says.
    record Entry(org.apache.iceberg.DataFile file, @Nullable DeleteFile vector, Deletes deletes) {}

    static final CommittedState EMPTY = new CommittedState(null, Map.of(), List.of());

    /// All files that hold rows or deletes.
    Set<String> paths() {
        Set<String> paths = new HashSet<>();
        for (Entry entry : files.values()) {
            paths.add(LocalFileIO.plain(entry.file().location()));
            if (entry.vector() != null) {
                paths.add(LocalFileIO.plain(entry.vector().location()));
            }
        }
        foreign.forEach(delete -> paths.add(LocalFileIO.plain(delete.location())));
        return paths;
    }

    static CommittedState read(Table table, long snapshotId) throws IOException {
        List<FileScanTask> tasks = new ArrayList<>();
        try (CloseableIterable<FileScanTask> planned = table.newScan()
                .useSnapshot(snapshotId)
                .planWith(DirectExecutor.INSTANCE)
                .planFiles()) {
            planned.forEach(tasks::add);
        }
        tasks.sort(Comparator.comparingLong((FileScanTask task) -> sequence(task.file()))
                .thenComparing(task -> task.file().location()));
        Map<String, Entry> files = new LinkedHashMap<>();
        Map<String, DeleteFile> foreign = new LinkedHashMap<>();
        for (FileScanTask task : tasks) {
            DeleteFile vector = null;
            for (DeleteFile delete : task.deletes()) {
                if (ContentFileUtil.isDV(delete)) {
                    vector = delete;
                } else {
                    foreign.put(delete.location(), delete);
                }
            }
            Deletes deletes = vector == null ? Deletes.NONE : DeletionVectors.read(table.io(), vector);
            files.put(task.file().location(), new Entry(task.file(), vector, deletes));
        }
        return new CommittedState(snapshotId, files, List.copyOf(foreign.values()));
    }

    private static long sequence(ContentFile<?> file) {
        Long sequence = file.dataSequenceNumber();
        return sequence == null ? 0 : sequence;
    }
}
