package mooncake.server;

import java.util.List;
import mooncake.lake.LakeTable;
import mooncake.model.DataFile;

/// What a mirror leaves to the one that takes its place when it is copied anew: its Iceberg table,
/// which readers of files see unchanged until the new copy is committed in one step.
///
/// @param shape the mirror as the table's rows know it
/// @param lease held by every published view that stands on the files
/// @param files what the mirror had on disk
record Inheritance(LakeTable table, Registration shape, Lease lease, List<DataFile> files) {
    Inheritance {
        files = List.copyOf(files);
    }

    /// The table will be used again: only the files go, once no view and no snapshot needs them.
    /// What is left to pass on.
    Inheritance keep() {
        lease.onFree(() -> files.forEach(table::unneeded));
        lease.release();
        return new Inheritance(table, shape, new Lease(), List.of());
    }

    /// The table is of no use any more: `remove` runs when no view needs it.
    void leave(Runnable remove) {
        lease.onFree(remove);
        lease.release();
    }
}
