package mooncake.benchmarks.line;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import mooncake.testing.Sql;
import org.jspecify.annotations.Nullable;

/// A load of one-row transactions on a mirrored table at a steady rate, from a few sessions.
final class SmallTransactions implements AutoCloseable {
    private static final int SESSIONS = 4;
    private static final int ROWS = 10_000;
    static final String TABLE = "small_transactions";

    private final double perSecond;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong committed = new AtomicLong();
    private volatile boolean stopping;
    private volatile @Nullable Exception failure;

    private SmallTransactions(double perSecond) {
        this.perSecond = perSecond;
    }

    static void createTable(Supplier<Connection> connections) throws SQLException {
        try (Connection connection = connections.get()) {
            Sql.execute(
                    connection,
                    "CREATE TABLE " + TABLE + " (id integer PRIMARY KEY, touched bigint NOT NULL, note text NOT NULL)");
            Sql.execute(
                    connection,
                    "INSERT INTO " + TABLE + " SELECT i, 0, 'a small row ' || i FROM generate_series(1, " + ROWS
                            + ") i");
        }
    }

    static SmallTransactions start(Supplier<Connection> connections, double perSecond) {
        SmallTransactions load = new SmallTransactions(perSecond);
        for (int session = 0; session < SESSIONS; session++) {
            int first = session;
            load.threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("small-transactions-" + session)
                    .start(() -> load.run(connections, first)));
        }
        return load;
    }

    long committed() {
        Exception broken = failure;
        if (broken != null) {
            throw new IllegalStateException("the load failed: " + broken.getMessage(), broken);
        }
        return committed.get();
    }

    private void run(Supplier<Connection> connections, int session) {
        try (Connection connection = connections.get();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE " + TABLE + " SET touched = touched + 1 WHERE id = ?")) {
            long start = System.nanoTime();
            for (long turn = 1; !stopping; turn++) {
                update.setInt(1, 1 + (int) ((turn * SESSIONS + session) % ROWS));
                update.executeUpdate();
                committed.incrementAndGet();
                long wait = start + (long) (turn * SESSIONS / perSecond * 1e9) - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                }
            }
        } catch (SQLException | RuntimeException e) {
            if (!stopping) {
                failure = e;
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
