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
    private final Deque<DuckConnection> idle = new ArrayDeque<>();
    private boolean closed;

    /// A connection in use; closing it gives it back.
    final class Lent implements AutoCloseable {
        private final DuckConnection connection;
        private boolean spoilt;

        private Lent(DuckConnection connection) {
            this.connection = connection;
        }

        DuckConnection connection() {
            return connection;
        }

        /// Nobody else may use the connection.
        void spoil() {
            spoilt = true;
        }

        @Override
        public void close() {
            connection.clearInterrupt();
            if (spoilt) {
                connection.close();
            } else {
                giveBack(connection);
            }
            admission.release();
        }
    }

    ConnectionPool(DuckDb duckDb, int connections) {
        this.duckDb = duckDb;
        this.admission = new Semaphore(connections, true);
    }

    /// Waits in line for a connection.
    Lent take(ActiveRequest active) throws InterruptedException {
        while (!admission.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            Wait.of(0, active::isCancelled).checkCancelled();
        }
        boolean lent = false;
        try {
            Lent connection = new Lent(idleOrNew());
            lent = true;
            return connection;
        } finally {
            if (!lent) {
                admission.release();
            }
        }
    }

    private synchronized DuckConnection idleOrNew() {
        DuckConnection pooled = idle.pollFirst();
        return pooled == null ? duckDb.connect() : pooled;
    }

    private synchronized void giveBack(DuckConnection connection) {
        if (closed) {
            connection.close();
        } else {
            idle.addFirst(connection);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(DuckConnection::close);
        idle.clear();
    }
}
