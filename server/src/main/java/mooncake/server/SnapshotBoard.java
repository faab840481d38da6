package mooncake.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import mooncake.model.Lsn;
import org.jspecify.annotations.Nullable;

/// Where the writer of a database publishes its state and readers wait for an LSN and pin it.
///
/// Publication is one volatile write of an immutable [Snapshot]; the lock only serves waiting.
/// Claim: whoever reads a snapshot sees every byte that its views count, because the writer filled
/// them before the write.
final class SnapshotBoard {
    /// A database at one commit LSN.
    record Snapshot(Lsn lsn, ViewSet views) {}

    /// Asks the log's sender to tell how far it is, so that a wait on a quiet database ends at
    /// once.
    interface Nudge {
        void requestProgress();
    }

    private static final long NUDGE_FIRST_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long NUDGE_LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile Snapshot current = new Snapshot(Lsn.NONE, ViewSet.EMPTY);
    private final AtomicInteger waiters = new AtomicInteger();

    Lsn lsn() {
        return current.lsn();
    }

    /// Publishes new views at `lsn`, taking over the caller's hold of `views`. One writer at a
    /// time.
    void publish(Lsn lsn, ViewSet views) {
        Snapshot before = current;
        current = new Snapshot(lsn, views);
        if (before.views() != ViewSet.EMPTY && before.views() != views) {
            before.views().release();
        }
        if (waiters.get() > 0) {
            wake();
        }
    }

    /// The log held nothing more for these mirrors up to `lsn`. One writer at a time.
    void advance(Lsn lsn) {
        Snapshot now = current;
        if (!now.lsn().reaches(lsn)) {
            publish(lsn, now.views());
        }
    }

    /// The views of the writer's last publication; only for the writer.
    ViewSet published() {
        return current.views();
    }

    /// Wakes all waiting readers so that they look at mirrors' states again.
    void wake() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Pins the newest snapshot if it has reached `target`, else null. The caller releases its
    /// views.
    @Nullable
    Snapshot tryPin(Lsn target) {
        while (true) {
            Snapshot now = current;
            if (!now.lsn().reaches(target)) {
                return null;
            }
            if (now.views() == ViewSet.EMPTY || now.views().tryRetain()) {
                return now;
            }
        }
    }

    static void unpin(Snapshot snapshot) {
        if (snapshot.views() != ViewSet.EMPTY) {
            snapshot.views().release();
        }
    }

    /// Waits until something was published or `deadline` (by `System.nanoTime`) passed; nudges the
    /// sender meanwhile.
    void awaitMove(Lsn seen, Nudge nudge, long deadline) throws InterruptedException {
        long pause = NUDGE_FIRST_NANOS;
        lock.lockInterruptibly();
        waiters.incrementAndGet();
        try {
            while (current.lsn().equals(seen)) {
                nudge.requestProgress();
                long left = deadline - System.nanoTime();
                if (left <= 0 || moved.awaitNanos(Math.min(left, pause)) > 0) {
                    return;
                }
                pause = Math.min(pause * 2, NUDGE_LAST_NANOS);
                if (pause == NUDGE_LAST_NANOS) {
                    return;
                }
            }
        } finally {
            waiters.decrementAndGet();
            lock.unlock();
        }
    }
}
