package mooncake.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.SqlErrors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a remote server how far its log is, over one connection that is kept. Any thread.
final class RemoteClock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RemoteClock.class);

    /// The end of the last record. Between two pages the position to insert at lies behind the header of the next,
    /// which nobody has written or flushed yet.
    private static final String NOW = """
            SELECT CASE WHEN i - f IN (24, 40) AND (f - '0/0')::numeric % 8192 = 0
                             AND (i - f = 24 OR (f - '0/0')::numeric % s.setting::numeric = 0) THEN f ELSE i END
              FROM pg_catalog.pg_current_wal_insert_lsn() i, pg_catalog.pg_current_wal_flush_lsn() f,
                   pg_catalog.pg_settings s
             WHERE s.name = 'wal_segment_size'
            """;

    private final Endpoint endpoint;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection connection;
    private boolean closed;

    RemoteClock(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /// Every commit that anyone was told of lies before it.
    Lsn now() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new MooncakeException(ErrorCode.ENGINE_STOPPING, "the remote source is not followed any more");
            }
            Connection open = connection;
            if (open == null) {
                open = endpoint.connect();
                connection = open;
            }
            return ask(open);
        } catch (SQLException e) {
            drop();
            throw SqlErrors.failed("cannot ask the remote source how far it is", e);
        } finally {
            lock.unlock();
        }
    }

    private static Lsn ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NOW)) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }

    private void drop() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                log.debug("event=close_failed endpoint=\"{}\" reason=\"{}\"", endpoint, e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            drop();
        } finally {
            lock.unlock();
        }
    }
}
