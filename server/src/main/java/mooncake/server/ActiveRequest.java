package mooncake.server;

import java.util.ArrayList;
import java.util.List;

/// A request that is being answered, and what stops it when its backend goes away.
final class ActiveRequest {
    private final List<Runnable> stops = new ArrayList<>();
    private boolean cancelled;

    /// Runs `stop` on cancellation, at once when that has already happened.
    void onCancel(Runnable stop) {
        synchronized (this) {
            if (!cancelled) {
                stops.add(stop);
                return;
            }
        }
        stop.run();
    }

    void forget(Runnable stop) {
        synchronized (this) {
            stops.remove(stop);
        }
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    void cancel() {
        List<Runnable> pending;
        synchronized (this) {
            cancelled = true;
            pending = List.copyOf(stops);
            stops.clear();
        }
        pending.forEach(Runnable::run);
    }
}
