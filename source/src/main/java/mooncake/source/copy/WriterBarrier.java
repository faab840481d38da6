package mooncake.source.copy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.SqlErrors;

/// Waits until every transaction that was writing to a table has ended. Takes no lock, so nobody ever waits for it.
public final class WriterBarrier {
    private static final long PAUSE_MILLIS_MIN = 2;
    private static final long PAUSE_MILLIS_MAX = 200;

    private static final String WRITERS = "SELECT virtualtransaction, pid FROM pg_catalog.pg_locks"
            + " WHERE locktype = 'relation' AND granted AND relation = ?"
            + " AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"
            + " AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"
            + " AND pid IS DISTINCT FROM pg_catalog.pg_backend_pid()";

    private WriterBarrier() {}

    /// Waits for the transactions that hold a writer's lock on the table now, prepared ones included; those that come
    /// later are not waited for. [ErrorCode#POSTGRES_FAILED] naming them when they outlast `timeout`.
    public static void await(Connection connection, int relation, Duration timeout) {
        long start = System.nanoTime();
        List<Writer> waitedFor = writers(connection, relation);
        long pause = PAUSE_MILLIS_MIN;
        while (!waitedFor.isEmpty()) {
            if (System.nanoTime() - start >= timeout.toNanos()) {
                throw new MooncakeException(
                        ErrorCode.POSTGRES_FAILED,
                        "transactions that write to table " + relation + " have not ended within " + timeout.toSeconds()
                                + " s: " + waitedFor,
                        "End these transactions; the copy of the table starts after them.",
                        null);
            }
            pause(pause);
            pause = Math.min(2 * pause, PAUSE_MILLIS_MAX);
            waitedFor.retainAll(writers(connection, relation));
        }
    }

    private static List<Writer> writers(Connection connection, int relation) {
        try (PreparedStatement statement = connection.prepareStatement(WRITERS)) {
            // An oid is unsigned and pgjdbc has no type for it.
            statement.setLong(1, Integer.toUnsignedLong(relation));
            List<Writer> writers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Writer writer = new Writer(String.valueOf(rows.getString(1)), rows.getInt(2));
                    if (!writers.contains(writer)) {
                        writers.add(writer);
                    }
                }
            }
            return writers;
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot read the locks of table " + relation, e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MooncakeException(ErrorCode.ENGINE_STOPPING, "interrupted while waiting for writers", e);
        }
    }

    /// A transaction; its virtual id is never used again while the server runs.
    private record Writer(String virtualTransaction, int pid) {
        @Override
        public String toString() {
            return pid == 0 ? "prepared transaction" : "pid " + pid;
        }
    }
}
