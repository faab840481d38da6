package mooncake.mirror;

import java.util.function.Consumer;
import mooncake.model.Counted;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.Holdings;
import mooncake.model.ReadView.FileView;
import org.jspecify.annotations.Nullable;

/// A data file of the table with its delete log. Its maker's hold is the table's, then that of the seal which dropped
/// it; views hold it through their [Holdings].
final class MirrorFile extends Counted implements Holdings.Held {
    private final DataFile file;
    private final Deletes.Editor deletes;
    private final Consumer<DataFile> unneeded;
    private volatile boolean dropped;
    private @Nullable FileView last;

    MirrorFile(DataFile file, Deletes deletes, Consumer<DataFile> unneeded) {
        this.file = file;
        this.deletes = deletes.edit();
        this.unneeded = unneeded;
    }

    DataFile file() {
        return file;
    }

    long liveRows() {
        return file.rows() - deletes.cardinality();
    }

    boolean delete(long position) {
        return deletes.delete(position);
    }

    boolean isDeleted(long position) {
        return deletes.isDeleted(position);
    }

    Deletes deletes() {
        return deletes.snapshot();
    }

    FileView view() {
        Deletes now = deletes.snapshot();
        FileView view = last;
        if (view == null || view.deletes() != now) {
            view = new FileView(file, now);
            last = view;
        }
        return view;
    }

    /// Lets go of a file that no table or seal needs any more; once no view does either, its owner is told.
    void drop() {
        dropped = true;
        release();
    }

    @Override
    protected void free() {
        if (dropped) {
            unneeded.accept(file);
        }
    }
}
