package mooncake.server;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// How long one request may wait, and whether its backend is still there.
///
/// @param deadline by `System.nanoTime`
record Wait(long deadline, int timeoutMillis, BooleanSupplier cancelled) {
    /// Waits without a user's limit end with the request, at the latest after this.
    private static final long UNLIMITED_DAYS = 365;

    static Wait of(int timeoutMillis, BooleanSupplier cancelled) {
        long nanos = timeoutMillis == 0
                ? TimeUnit.DAYS.toNanos(UNLIMITED_DAYS)
                : TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        return new Wait(System.nanoTime() + nanos, timeoutMillis, cancelled);
    }

    /// Throws when the backend went away.
    void checkCancelled() {
        if (cancelled.getAsBoolean()) {
            throw new MooncakeException(ErrorCode.QUERY_CANCELLED, "canceling statement: its backend went away");
        }
    }

    Pauses pauses() {
        return new Pauses(deadline);
    }

    boolean isOver() {
        return System.nanoTime() - deadline >= 0;
    }

    MooncakeException timeout(String what) {
        return new MooncakeException(
                ErrorCode.FRESHNESS_TIMEOUT,
                "gave up after " + timeoutMillis + " ms waiting for " + what,
                "Raise pg_mooncake.freshness_timeout, or look at mooncake.status() and the server log for what holds it up.",
                null);
    }
}
