package mooncake.model;

import java.util.List;

/// The batches and files that a run of consecutive views stands on, held together so that publishing a view costs one
/// count. Freeing it lets go of the batches and tells the files' owner.
public final class Holdings extends Counted {
    /// A data file that is removed from disk once no view needs it and the lake has dropped it.
    public interface Held {
        void retain();

        void release();
    }

    private final List<ColumnBatch> batches;
    private final List<? extends Held> files;

    public Holdings(List<ColumnBatch> batches, List<? extends Held> files) {
        this.batches = List.copyOf(batches);
        this.files = List.copyOf(files);
        this.batches.forEach(ColumnBatch::retain);
        this.files.forEach(Held::retain);
    }

    @Override
    protected void free() {
        batches.forEach(ColumnBatch::release);
        files.forEach(Held::release);
    }
}
