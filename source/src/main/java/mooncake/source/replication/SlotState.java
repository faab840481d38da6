package mooncake.source.replication;

import mooncake.model.Lsn;
import org.jspecify.annotations.Nullable;

/// A logical slot as the server sees it.
///
/// @param confirmed what the engine has confirmed: changes before it will not come again
/// @param restart the oldest log that the server keeps for it
/// @param activePid the process that reads it, null when none does
/// @param lost whether log that it needs is gone or it was invalidated, so that it can never be read again
/// @param walStatus `reserved`, `extended`, `unreserved` or `lost`; null before the slot was ever used
/// @param invalidation why the server invalidated it, as far as it tells
/// @param retainedBytes log that the server keeps for it; 0 for one that is lost
/// @param failover whether standbys keep a copy of it
public record SlotState(
        String name,
        String plugin,
        @Nullable String database,
        Lsn confirmed,
        Lsn restart,
        @Nullable Integer activePid,
        boolean lost,
        @Nullable String walStatus,
        @Nullable String invalidation,
        long retainedBytes,
        boolean failover) {}
