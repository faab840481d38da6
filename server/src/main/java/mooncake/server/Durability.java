package mooncake.server;

import mooncake.model.Lsn;
import org.jspecify.annotations.Nullable;

/// What of one mirror is in Iceberg and what is not. Written under the session's lock, except where
/// noted.
final class Durability {
    private volatile Lsn committed = Lsn.NONE;

    /// Where the first Iceberg commit stands that was begun: it may be durable before anyone knows.
    private Lsn firstBegun = Lsn.NONE;

    private boolean pending;
    private long oldestChangeNanos;
    private volatile boolean failureRecorded;

    /// Any thread: the LSN of the last Iceberg commit, `NONE` before the first.
    Lsn committed() {
        return committed;
    }

    /// Any thread.
    void committed(Lsn lsn) {
        committed = lsn;
    }

    void changed() {
        if (!pending) {
            pending = true;
            oldestChangeNanos = System.nanoTime();
        }
    }

    /// Whether the table holds anything that no Iceberg commit holds.
    boolean pending() {
        return pending;
    }

    long ageNanos() {
        return pending ? System.nanoTime() - oldestChangeNanos : 0;
    }

    /// A flush captured the table's whole state: what changes from now on is new.
    void sealed() {
        pending = false;
    }

    /// An Iceberg commit at `lsn` is under way.
    void commitBegins(Lsn lsn) {
        if (firstBegun.isNone()) {
            firstBegun = lsn;
        }
    }

    /// Any thread. The registry holds the failure durably: no later engine takes the files for
    /// complete.
    void recordFailure() {
        failureRecorded = true;
    }

    boolean failureRecorded() {
        return failureRecorded;
    }

    /// The earliest commit that the next engine may find, or null when it will surely find none and
    /// copy.
    @Nullable
    Lsn restartsFrom() {
        Lsn earliest = committed.isNone() ? firstBegun : committed;
        return earliest.isNone() ? null : earliest;
    }
}
