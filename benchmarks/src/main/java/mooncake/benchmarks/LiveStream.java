package mooncake.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import mooncake.testing.Sql;
import org.jspecify.annotations.Nullable;

/// A thread that keeps changing `orders` and `lineitem`: new orders with their items, updates, deletes of older ones,
/// each in a transaction of its own, at a steady rate. The random choices are the same in every run.
public final class LiveStream implements AutoCloseable {
    private static final long SEED = 7;
    private static final int LIVE_ORDERS_MAX = 2_000;
    private static final long FIRST_KEY = 1L << 40;

    private static final String NEW_ORDER = "INSERT INTO orders (orderkey, custkey, orderstatus, totalprice, orderdate,"
            + " orderpriority, clerk, shippriority, comment) SELECT ?, (SELECT min(custkey) FROM customer), 'O', ?,"
            + " current_date, '3-MEDIUM', 'Clerk#000000001', 0, 'live'";
    private static final String NEW_ITEMS = "INSERT INTO lineitem SELECT ?, partkey, suppkey, row_number() OVER (), ?,"
            + " supplycost * ?, 0.05, 0.02, 'N', 'O', current_date, current_date + 7, current_date + 9,"
            + " 'DELIVER IN PERSON', 'AIR', 'live' FROM partsupp WHERE partkey = ?";
    private static final String UPDATE_ORDER =
            "UPDATE orders SET totalprice = totalprice + ?, orderstatus = 'P' WHERE orderkey = ?";
    private static final String UPDATE_ITEM =
            "UPDATE lineitem SET quantity = quantity + 1, discount = ? WHERE orderkey = ?";
    private static final String DELETE_ITEMS = "DELETE FROM lineitem WHERE orderkey = ?";
    private static final String DELETE_ORDER = "DELETE FROM orders WHERE orderkey = ?";

    private final Supplier<Connection> connections;
    private final double transactionsPerSecond;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Thread thread;
    private final Random random = new Random(SEED);
    private final Deque<Long> liveOrders = new ArrayDeque<>();
    private final long generatedOrders;
    private final long parts;
    private long nextKey = FIRST_KEY;
    private volatile boolean stopping;
    private final AtomicLong transactions = new AtomicLong();
    private volatile @Nullable Exception failure;

    private LiveStream(
            Supplier<Connection> connections, double transactionsPerSecond, long generatedOrders, long parts) {
        this.connections = connections;
        this.transactionsPerSecond = transactionsPerSecond;
        this.generatedOrders = generatedOrders;
        this.parts = parts;
        this.thread = Thread.ofPlatform().name("live-stream").daemon().unstarted(this::run);
    }

    public static LiveStream start(Supplier<Connection> connections, double transactionsPerSecond) throws SQLException {
        try (Connection connection = connections.get()) {
            long orders = Long.parseLong(Sql.value(connection, "SELECT max(orderkey) FROM orders"));
            long parts = Long.parseLong(Sql.value(connection, "SELECT max(partkey) FROM part"));
            LiveStream stream = new LiveStream(connections, transactionsPerSecond, orders, parts);
            stream.thread.start();
            return stream;
        }
    }

    /// Transactions committed so far.
    public long transactions() {
        return transactions.get();
    }

    /// Work to do while no transaction of the stream is open.
    @FunctionalInterface
    public interface Quiet<T> {
        T run() throws SQLException;
    }

    /// Does something while the stream stands still between two transactions.
    public <T> T whilePaused(Quiet<T> work) throws SQLException {
        turn.lock();
        try {
            failIfBroken();
            return work.run();
        } finally {
            turn.unlock();
        }
    }

    public void failIfBroken() {
        Exception broken = failure;
        if (broken != null) {
            throw new IllegalStateException("the live stream failed: " + broken.getMessage(), broken);
        }
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (Connection connection = connections.get()) {
            connection.setAutoCommit(false);
            long start = System.nanoTime();
            long turns = 0;
            while (!stopping) {
                turn.lock();
                try {
                    change(connection);
                    connection.commit();
                    transactions.incrementAndGet();
                } finally {
                    turn.unlock();
                }
                turns++;
                long due = start + (long) (turns / transactionsPerSecond * 1e9);
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                } else if (wait < -1_000_000_000L) {
                    start -= wait; // after a pause or on a slow machine: no burst to make up for it
                }
            }
        } catch (SQLException | RuntimeException e) {
            if (!stopping) {
                failure = e;
            }
        }
    }

    private void change(Connection connection) throws SQLException {
        int choice = random.nextInt(10);
        if (choice < 5 || liveOrders.isEmpty()) {
            long key = nextKey++;
            execute(connection, NEW_ORDER, key, random.nextInt(100_000) / 100.0);
            execute(
                    connection,
                    NEW_ITEMS,
                    key,
                    1 + random.nextInt(50),
                    1 + random.nextInt(9),
                    1 + random.nextLong(parts));
            liveOrders.add(key);
        } else if (choice < 7) {
            long key = random.nextBoolean() ? liveOrders.peekLast() : 1 + random.nextLong(generatedOrders);
            execute(connection, UPDATE_ORDER, random.nextInt(1_000) / 100.0, key);
        } else if (choice < 9) {
            execute(connection, UPDATE_ITEM, random.nextInt(10) / 100.0, 1 + random.nextLong(generatedOrders));
        } else {
            delete(connection, 1 + random.nextLong(generatedOrders));
        }
        if (liveOrders.size() > LIVE_ORDERS_MAX) {
            delete(connection, liveOrders.removeFirst());
        }
    }

    private static void delete(Connection connection, long key) throws SQLException {
        execute(connection, DELETE_ITEMS, key);
        execute(connection, DELETE_ORDER, key);
    }

    private static void execute(Connection connection, String sql, Number... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                switch (values[i]) {
                    case Long whole -> statement.setLong(i + 1, whole);
                    case Integer small -> statement.setInt(i + 1, small);
                    case Number other ->
                        statement.setObject(i + 1, new java.math.BigDecimal(other.toString()), Types.NUMERIC);
                }
            }
            statement.executeUpdate();
        }
    }
}
