package mooncake.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Wakes one thread that looks after something: at once, after a while, or at its own pace.
final class Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition raised = lock.newCondition();
    private long dueNanos;
    private boolean isDue;

    void raise() {
        raiseAfter(0);
    }

    void raiseAfter(long millis) {
        lock.lock();
        try {
            long when = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            if (!isDue || when - dueNanos < 0) {
                dueNanos = when;
                isDue = true;
            }
            raised.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Returns when it was raised, at the latest after `millis`; what was raised is then done with.
    void await(long millis) throws InterruptedException {
        long latest = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lockInterruptibly();
        try {
            while (true) {
                long until = isDue && dueNanos - latest < 0 ? dueNanos : latest;
                long left = until - System.nanoTime();
                if (left <= 0) {
                    isDue = false;
                    return;
                }
                long unused = raised.awaitNanos(left);
                if (unused <= 0 && !isDue) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
