package mooncake.server;

import java.util.concurrent.TimeUnit;

/// How long to wait before asking again: short at first, twice as long each time up to a limit, and
/// not beyond a deadline. One thread.
final class Pauses {
    /// Seldom enough to cost nothing, often enough that nobody notices the last one.
    static final long LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long FIRST_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final long deadline;
    private long next = FIRST_NANOS;

    /// @param deadline by `System.nanoTime`
    Pauses(long deadline) {
        this.deadline = deadline;
    }

    /// Nanoseconds, not positive once the deadline has passed.
    long next() {
        long pause = Math.min(next, deadline - System.nanoTime());
        next = Math.min(2 * next, LAST_NANOS);
        return pause;
    }
}
