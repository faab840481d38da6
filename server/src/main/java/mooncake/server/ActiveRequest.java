package mooncake.server;

import java.util.ArrayList;
import java.util.List;

/// A request that is being answered, and what stops it when its backend goes away.
final class ActiveRequest {
    private final List<Runnable> stops = new ArrayList<>();
    private final ShippedFrames shipped = new ShippedFrames();
    private boolean cancelled;

    ActiveRequest() {
        onCancel(shipped::close);
    }

    /// Rows that the backend ships for this request.
    ShippedFrames shipped() {
        return shipped;
    }

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

    /// After this `stop` neither runs nor begins to: what it stops may serve another request.
    synchronized void forget(Runnable stop) {
        stops.remove(stop);
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    synchronized void cancel() {
        cancelled = true;
        stops.forEach(Runnable::run);
        stops.clear();
    }
}
