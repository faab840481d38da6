package mooncake.source.replication;

import mooncake.model.Lsn;
import org.jspecify.annotations.Nullable;

/// A logical slot as the server sees it.
///
/// @param confirmed what the engine has confirmed: changes before it will not come again
/// @param restart the oldest log that the server keeps for it
/// @param activePid the process that reads it, null when none does
/// @param lost whether log that it needs is gone, so that it can never be read again
public record SlotState(
        String name,
        String plugin,
        @Nullable String database,
        Lsn confirmed,
        Lsn restart,
        @Nullable Integer activePid,
        boolean lost) {}
