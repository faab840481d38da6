package mooncake.chaos;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// Stops all actors between two of their transactions, and carries the first thing that went wrong in one of them.
final class Pause {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();

    /// Work with nobody writing.
    @FunctionalInterface
    interface Work<T> {
        T run() throws Exception;
    }

    void enter() {
        lock.readLock().lock();
    }

    void leave() {
        lock.readLock().unlock();
    }

    <T> T whilePaused(Work<T> work) throws Exception {
        lock.writeLock().lock();
        try {
            return work.run();
        } finally {
            lock.writeLock().unlock();
        }
    }

    void fail(Failure found) {
        failure.compareAndSet(null, found);
    }

    void check() throws Failure {
        Failure found = failure.get();
        if (found != null) {
            throw new Failure(String.valueOf(found.getMessage()), found);
        }
    }
}
