package mooncake.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;

/// DuckDB connections for queries, and the queue that queries wait in for one: as many run at once
/// as there are connections.
final class ConnectionPool implements AutoCloseable {
    private static final long POLL_MILLIS = 20;

    private final DuckDb duckDb;
    private final Semaphore admission;
    private final Deque<Pooled> idle = new ArrayDeque<>();
    private boolean closed;

    /// A connection and the time zone it was last told.
    private record Pooled(DuckConnection connection, String timeZone) {}

    /// A connection in use; closing it gives it back.
    final class Lent implements AutoCloseable {
        private final DuckConnection connection;
        private final String timeZone;

        private Lent(DuckConnection connection, String timeZone) {
            this.connection = connection;
            this.timeZone = timeZone;
        }

        DuckConnection connection() {
            return connection;
        }

        @Override
        public void close() {
            connection.clearInterrupt();
            giveBack(new Pooled(connection, timeZone));
            admission.release();
        }
    }

    ConnectionPool(DuckDb duckDb, int connections) {
        this.duckDb = duckDb;
        this.admission = new Semaphore(connections, true);
    }

    /// Waits in line for a connection in `timeZone`.
    Lent take(String timeZone, ActiveRequest active) throws InterruptedException {
        while (!admission.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            Wait.of(0, active::isCancelled).checkCancelled();
        }
        boolean lent = false;
        try {
            Pooled pooled = idleOrNew();
            try {
                if (!pooled.timeZone().equals(timeZone)) {
                    pooled.connection().setTimeZone(timeZone);
                }
            } catch (RuntimeException e) {
                pooled.connection().close();
                throw e;
            }
            lent = true;
            return new Lent(pooled.connection(), timeZone);
        } finally {
            if (!lent) {
                admission.release();
            }
        }
    }

    private synchronized Pooled idleOrNew() {
        Pooled pooled = idle.pollFirst();
        return pooled == null ? new Pooled(duckDb.connect(), "UTC") : pooled;
    }

    private synchronized void giveBack(Pooled pooled) {
        if (closed) {
            pooled.connection().close();
        } else {
            idle.addFirst(pooled);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(pooled -> pooled.connection().close());
        idle.clear();
    }
}
