package mooncake.server;

import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile Snapshot current = new Snapshot(Lsn.NONE, ViewSet.EMPTY);

    /// How many wait for which LSN; under the lock.
    private final NavigableMap<Lsn, Integer> targets = new TreeMap<>();

    /// Calls of [#wake]; under the lock.
    private long calls;

    /// The first of the targets, null when nobody waits: what is published before it wakes nobody.
    private volatile @Nullable Lsn nearest;

    Lsn lsn() {
        return current.lsn();
    }

    /// What was published last, without a hold on its views.
    Snapshot current() {
        return current;
    }

    /// Publishes new views at `lsn`, taking over the caller's hold of `views`. One writer at a
    /// time.
    void publish(Lsn lsn, ViewSet views) {
        Snapshot before = current;
        current = new Snapshot(lsn, views);
        if (before.views() != ViewSet.EMPTY && before.views() != views) {
            before.views().release();
        }
        Lsn awaited = nearest;
        if (awaited != null && lsn.reaches(awaited)) {
            lock.lock();
            try {
                moved.signalAll();
            } finally {
                lock.unlock();
            }
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
            calls++;
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

    /// Whether anyone waits for a publication.
    boolean isAwaited() {
        return nearest != null;
    }

    /// Waits until what is published has reached `target`, [#wake] is called or the time is over.
    ///
    /// @param begun run once the publisher can know of it, by [#isAwaited]
    void awaitLsn(Lsn target, long nanos, Runnable begun) throws InterruptedException {
        await(target, nanos, begun, now -> now.lsn().reaches(target));
    }

    /// Waits until something else than `seen` is published, [#wake] is called or the time is over.
    ///
    /// @param begun run once the publisher can know of it, by [#isAwaited]
    void awaitOther(Snapshot seen, long nanos, Runnable begun) throws InterruptedException {
        await(Lsn.NONE, nanos, begun, now -> !now.equals(seen));
    }

    private void await(Lsn target, long nanos, Runnable begun, Predicate<Snapshot> over) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            targets.merge(target, 1, Integer::sum);
            nearest = targets.firstKey();
            begun.run();
            long before = calls;
            long left = nanos;
            while (left > 0 && before == calls && !over.test(current)) {
                left = moved.awaitNanos(left);
            }
        } finally {
            targets.computeIfPresent(target, (_, count) -> count == 1 ? null : count - 1);
            nearest = targets.isEmpty() ? null : targets.firstKey();
            lock.unlock();
        }
    }
}
