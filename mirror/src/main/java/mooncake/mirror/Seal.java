package mooncake.mirror;

import java.util.ArrayList;
import java.util.List;
import mooncake.model.Check;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.ReadView.BatchView;
import mooncake.model.ReadView.FileView;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// The table at one moment, for the lake: the rows to write as one file, all other files with their
/// deleted rows, and the files the table no longer has. Nothing that happens to the table later
/// changes it.
///
/// Made by [MirrorTable#seal], it holds the memory of [#toWrite] until [MirrorTable#install]. Seals
/// are installed in the order in which they were made. [#files] and [#dropped] need the files of the
/// seals before this one and are therefore to be asked for only when those are installed.
public final class Seal {
    private final TableSchema schema;
    private final List<SealedBatch> batches;
    private final List<BatchView> toWrite;
    private final List<FileView> known;
    private final List<MirrorFile> droppedFiles;
    private List<Earlier> earlier;
    private volatile @Nullable Picture picture;
    private volatile @Nullable Outcome outcome;
    private boolean truncated;
    private boolean reported;

    Seal(
            TableSchema schema,
            List<SealedBatch> batches,
            List<FileView> known,
            List<MirrorFile> dropped,
            List<Earlier> earlier) {
        this.schema = schema;
        this.batches = List.copyOf(batches);
        this.toWrite = batches.stream().map(SealedBatch::view).toList();
        this.known = List.copyOf(known);
        this.droppedFiles = new ArrayList<>(dropped);
        this.earlier = List.copyOf(earlier);
        toWrite.forEach(view -> view.batch().retain());
    }

    /// The table's schema at that moment: that of the rows to write.
    public TableSchema schema() {
        return schema;
    }

    /// The rows for the new file, to be written in exactly this order without the deleted ones. Each
    /// batch has live rows; no batch means no file.
    public List<BatchView> toWrite() {
        return toWrite;
    }

    /// Rows that the new file must have.
    public long rowsToWrite() {
        return toWrite.stream()
                .mapToLong(view -> view.rows() - view.deletes().cardinality())
                .sum();
    }

    /// The files the table has beside the new one, each with all its deleted rows.
    public List<FileView> files() {
        return picture().files();
    }

    /// Files that the table had at the seal before this one, or that were written for that seal, and
    /// no longer has.
    public List<DataFile> dropped() {
        return picture().dropped();
    }

    /// A sealed batch: its container's number in the index's locations, and its state at the seal.
    record SealedBatch(int number, MemoryBatch batch, BatchView view) {}

    /// What this seal says about one that was not installed when it was made: its batches' deletes by
    /// then, or that a TRUNCATE came between.
    record Earlier(Seal seal, List<Deletes> deletes, boolean truncated) {}

    /// What the seal's batches became: parts of a file, or nothing when there was nothing to write.
    record Outcome(@Nullable MirrorFile file, List<FileSlice> slices) {}

    private record Picture(List<FileView> files, List<DataFile> dropped) {}

    List<SealedBatch> batches() {
        return batches;
    }

    boolean isTruncated() {
        return truncated;
    }

    /// A TRUNCATE took the rows away; the file that is still being written is dropped by the next seal.
    void truncate() {
        truncated = true;
    }

    /// Whether a later seal has taken it upon itself to drop this one's file.
    boolean isReported() {
        return reported;
    }

    void report() {
        reported = true;
    }

    Outcome become(@Nullable MirrorFile file) {
        List<FileSlice> slices = new ArrayList<>();
        if (file != null) {
            long base = 0;
            for (BatchView view : toWrite) {
                slices.add(new FileSlice(file, base, view.rows(), view.deletes()));
                base += view.rows() - view.deletes().cardinality();
            }
        }
        Outcome now = new Outcome(file, List.copyOf(slices));
        outcome = now;
        return now;
    }

    /// Lets go of the sealed memory and, because the lake has dropped them by now, of the dropped
    /// files.
    void finish() {
        picture();
        releaseBatches();
        droppedFiles.forEach(MirrorFile::drop);
        earlier.forEach(Seal::dropTruncated);
        earlier = List.of();
    }

    /// Lets go of everything without saying that files were dropped.
    void abandon() {
        releaseBatches();
        droppedFiles.forEach(MirrorFile::release);
    }

    private void releaseBatches() {
        toWrite.forEach(view -> view.batch().release());
    }

    private static void dropTruncated(Earlier before) {
        Outcome became = before.seal().outcome;
        if (before.truncated() && became != null && became.file() != null) {
            became.file().drop();
        }
    }

    private Picture picture() {
        Picture known = picture;
        if (known == null) {
            known = resolve();
            picture = known;
        }
        return known;
    }

    private Picture resolve() {
        List<FileView> files = new ArrayList<>(known);
        List<DataFile> dropped = new ArrayList<>();
        droppedFiles.forEach(file -> dropped.add(file.file()));
        for (Earlier before : earlier) {
            Outcome became = before.seal().outcome;
            Check.that(became != null, "the seal before this one is not installed yet");
            MirrorFile file = became == null ? null : became.file();
            if (became == null || file == null) {
                continue;
            }
            if (before.truncated()) {
                dropped.add(file.file());
            } else {
                files.add(new FileView(file.file(), moved(before, became.slices())));
            }
        }
        return new Picture(List.copyOf(files), List.copyOf(dropped));
    }

    /// The deletes that came after the earlier seal, as positions in its file.
    private static Deletes moved(Earlier before, List<FileSlice> slices) {
        Deletes.Editor positions = Deletes.NONE.edit();
        for (int i = 0; i < slices.size(); i++) {
            FileSlice slice = slices.get(i);
            Deletes atSeal = before.seal().toWrite.get(i).deletes();
            before.deletes().get(i).forEach(row -> {
                if (!atSeal.isDeleted(row)) {
                    positions.delete(slice.position((int) row));
                }
            });
        }
        return positions.snapshot();
    }
}
