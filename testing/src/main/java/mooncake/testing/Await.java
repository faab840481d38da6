package mooncake.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waiting for a condition with a deadline and a name; the condition is looked at every few milliseconds.
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration PAUSE_MAX = Duration.ofMillis(200);

    private Await() {}

    /// What is waited for; an exception counts as "not yet" and is shown when time runs out.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    public static void until(String what, Duration limit, Condition condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        long pause = PAUSE.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (condition.holds()) {
                    return;
                }
                last = null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            } catch (Exception e) {
                last = e;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what, last);
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, PAUSE_MAX.toNanos());
        }
    }
}
