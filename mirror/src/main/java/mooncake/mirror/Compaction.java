package mooncake.mirror;

import java.util.ArrayList;
import java.util.List;
import mooncake.model.Deletes;
import mooncake.model.ReadView.FileView;
import mooncake.model.TableSchema;

/// Files of a table to be merged into one, with the rows that were deleted when it began. The lake
/// writes the live rows of [#files], in this order, as one new file; meanwhile the table goes on, and
/// what it deletes later is deleted from the new file when it is installed.
///
/// Made by [MirrorTable#beginCompaction] and ended by [MirrorTable#installCompaction] or
/// [MirrorTable#abandonCompaction]. The files are held until then, also when a TRUNCATE has cancelled
/// it.
public final class Compaction {
    private final TableSchema schema;
    private final List<Source> sources = new ArrayList<>();
    private final long rows;
    private boolean ended;

    Compaction(TableSchema schema, List<MirrorFile> files) {
        this.schema = schema;
        long count = 0;
        for (MirrorFile file : files) {
            file.retain();
            sources.add(new Source(file, file.view(), count));
            count += file.liveRows();
        }
        this.rows = count;
    }

    /// The table's schema when it began, and the shape to write the new file in. The file stays good
    /// when the table evolves meanwhile, like any file of an older shape.
    public TableSchema schema() {
        return schema;
    }

    public List<FileView> files() {
        return sources.stream().map(Source::view).toList();
    }

    /// Rows that the new file must have.
    public long rows() {
        return rows;
    }

    List<Source> sources() {
        return sources;
    }

    /// Lets go of the files.
    void release() {
        if (!ended) {
            ended = true;
            sources.forEach(source -> source.file().release());
        }
    }

    /// A file to merge as it was when the compaction began, and where its rows begin in the new file.
    record Source(MirrorFile file, FileView view, long base) {
        /// The whole file as a part of the merged one.
        FileSlice movedTo(MirrorFile merged) {
            return new FileSlice(merged, base, (int) view.file().rows(), view.deletes());
        }

        /// Carries over what was deleted since the beginning.
        void deleteLater(FileSlice moved) {
            Deletes before = view.deletes();
            file.deletes().forEach(position -> {
                if (!before.isDeleted(position)) {
                    moved.delete((int) position);
                }
            });
        }
    }
}
