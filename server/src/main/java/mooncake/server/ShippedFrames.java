package mooncake.server;

import java.util.ArrayDeque;
import java.util.Deque;
import mooncake.query.frame.Request;

/// Rows on their way from a connection's reader to the query that they were shipped for. The reader waits while the
/// query is behind, and so does the backend.
final class ShippedFrames {
    /// Frames that wait; one more is being worked on.
    private static final int WAITING_MAX = 2;

    private final Deque<Request.Ship> waiting = new ArrayDeque<>();
    private boolean closed;

    /// From now on frames are dropped: nobody will read them.
    synchronized void close() {
        closed = true;
        waiting.clear();
        notifyAll();
    }

    synchronized void put(Request.Ship frame) throws InterruptedException {
        while (!closed && waiting.size() >= WAITING_MAX) {
            wait();
        }
        if (!closed) {
            waiting.add(frame);
            notifyAll();
        }
    }

    /// The next frame; throws when the backend went away.
    synchronized Request.Ship take(Wait wait) throws InterruptedException {
        while (!closed && waiting.isEmpty()) {
            wait();
        }
        Request.Ship frame = waiting.poll();
        if (frame == null) {
            wait.checkCancelled();
            throw new IllegalStateException("frames are read after their end");
        }
        notifyAll();
        return frame;
    }
}
