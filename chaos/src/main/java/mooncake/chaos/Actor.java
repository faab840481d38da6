package mooncake.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// One thread with one session, taken up again whenever the server comes back. Its turns stop while all tables are
/// compared.
abstract class Actor implements AutoCloseable {
    private static final Duration RECONNECT = Duration.ofMillis(100);

    /// No statement on a source may wait for a mirror; this is far above what the machine's load explains.
    private static final int STATEMENT_SECONDS = 60;

    final PostgresServer server;
    final Random random;
    private final Pause pause;
    private final Duration pace;
    private final Thread thread;
    private volatile boolean stopping;

    Actor(String name, PostgresServer server, Pause pause, long seed, Duration pace) {
        this.server = server;
        this.pause = pause;
        this.random = new Random(seed);
        this.pace = pace;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    final void start() {
        thread.start();
    }

    /// One piece of work in a session without an open transaction.
    abstract void turn(Connection connection) throws SQLException, Failure;

    private void run() {
        while (!stopping) {
            try (Connection connection = server.connect()) {
                Sql.execute(connection, "SET statement_timeout = '" + STATEMENT_SECONDS + "s'");
                Sql.execute(connection, "SET lock_timeout = '3s'");
                while (!stopping) {
                    park(Duration.ofNanos(random.nextLong(2 * pace.toNanos())));
                    turnBetweenPauses(connection);
                }
            } catch (SQLException e) {
                lost(e);
            } catch (IllegalStateException e) {
                if (!(e.getCause() instanceof SQLException cause)) {
                    throw e;
                }
                lost(cause);
            } catch (Failure e) {
                pause.fail(e);
                return;
            }
        }
    }

    private void turnBetweenPauses(Connection connection) throws SQLException, Failure {
        pause.enter();
        try {
            turn(connection);
        } finally {
            pause.leave();
        }
    }

    private void lost(SQLException e) {
        if (!stopping && !SqlStates.connectionLost(e)) {
            pause.fail(new Failure(thread.getName() + ": " + e.getSQLState() + " " + e.getMessage(), e));
            stopping = true;
        }
        park(RECONNECT);
    }

    private static void park(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
