package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// All mirrors of a query show one LSN, a transaction in REPEATABLE READ stays at it, and no acknowledged commit is
/// missed.
class ConsistencyTest {
    private static final int ACCOUNTS = 50;
    private static final int WRITERS = 3;
    private static final Duration LOAD = Duration.ofSeconds(10);
    private static final int COMMITS = 150;
    private static final String SUMS = "(SELECT sum(amount) FROM left_c) + (SELECT sum(amount) FROM right_c)";

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.preferred()
                .set("pg_mooncake.flush_interval", "500ms")
                .set("pg_mooncake.flush_rows", "2000")
                .start();
        server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
        for (String side : List.of("left", "right")) {
            server.execute(
                    "CREATE TABLE " + side + "_r (id int PRIMARY KEY, amount bigint)",
                    "INSERT INTO " + side + "_r SELECT i, 1000 FROM generate_series(1, " + ACCOUNTS + ") i",
                    "CALL mooncake.create_table('" + side + "_c', '" + side + "_r')");
        }
        server.execute(
                "CREATE TABLE one (x int)",
                "INSERT INTO one VALUES (1)",
                "CREATE TABLE ticks (id int PRIMARY KEY, n bigint)",
                "CALL mooncake.create_table('ticks_c', 'ticks')",
                "CREATE TABLE ticks2 (id int PRIMARY KEY, n bigint)",
                "CALL mooncake.create_table('ticks2_c', 'ticks2')");
        // A transaction's snapshot can be older than the moment from which a new mirror is readable.
        server.rows("SELECT 1 FROM left_c, right_c, ticks_c, ticks2_c");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void twoMirrorsInOneQueryShowOneLsn() throws Exception {
        long seed = Long.getLong("mooncake.seed", System.nanoTime());
        System.out.println("ConsistencyTest seed " + seed);
        String total = Integer.toString(2 * ACCOUNTS * 1000);
        AtomicBoolean stop = new AtomicBoolean();
        long end = System.nanoTime() + LOAD.toNanos();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(seed + i);
                writers.add(threads.submit(() -> move(random, stop)));
            }
            List<Future<Integer>> readers = List.of(
                    threads.submit(() -> readSums("SELECT " + SUMS, total, end)),
                    threads.submit(() -> readSums("SELECT " + SUMS + " FROM one", total, end)),
                    threads.submit(() -> readSums(
                            "SELECT sum(amount) FROM (SELECT amount FROM left_c UNION ALL"
                                    + " SELECT amount FROM right_c) a",
                            total,
                            end)),
                    threads.submit(() -> repeatReads(total, end)));
            List<Integer> reads = new ArrayList<>();
            try {
                for (Future<Integer> reader : readers) {
                    reads.add(reader.get());
                }
            } finally {
                stop.set(true);
            }
            int moves = 0;
            for (Future<Integer> writer : writers) {
                moves += writer.get();
            }
            System.out.println("ConsistencyTest: " + moves + " moves, reads " + reads);
            assertThat(moves).isGreaterThan(100);
            assertThat(reads).allMatch(count -> count > 2);
        }
        MirrorTestServer.assertMirrors(server, "left_r", "left_c");
        MirrorTestServer.assertMirrors(server, "right_r", "right_c");
    }

    private static int move(Random random, AtomicBoolean stop) throws SQLException {
        int moves = 0;
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            for (; !stop.get(); moves++) {
                int amount = random.nextInt(100);
                boolean there = random.nextBoolean();
                int account = 1 + random.nextInt(ACCOUNTS);
                // Every writer takes the left table's row first, so that none waits for the other in a circle.
                Sql.execute(connection, change("left_r", account, there ? -amount : amount));
                Sql.execute(connection, change("right_r", account, there ? amount : -amount));
                if (random.nextInt(20) == 0) {
                    Sql.execute(connection, "DELETE FROM right_r WHERE id = " + account);
                    connection.rollback();
                } else {
                    connection.commit();
                }
            }
        }
        return moves;
    }

    private static String change(String table, int account, int amount) {
        return "UPDATE " + table + " SET amount = amount + " + amount + " WHERE id = " + account;
    }

    private static int readSums(String query, String total, long end) throws SQLException {
        int reads = 0;
        try (Connection connection = server.connect()) {
            for (; System.nanoTime() < end; reads++) {
                assertThat(Sql.value(connection, query)).as(query).isEqualTo(total);
            }
        }
        return reads;
    }

    private static int repeatReads(String total, long end) throws SQLException {
        int reads = 0;
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            for (; System.nanoTime() < end; reads++) {
                List<List<String>> first = Sql.rows(connection, "SELECT id, amount FROM left_c ORDER BY id");
                assertThat(Sql.value(connection, "SELECT " + SUMS)).isEqualTo(total);
                assertThat(Sql.value(connection, "SELECT " + SUMS + " FROM one"))
                        .isEqualTo(total);
                assertThat(Sql.rows(connection, "SELECT l.id, l.amount FROM left_c l, one ORDER BY l.id"))
                        .isEqualTo(first);
                assertThat(Sql.rows(connection, "SELECT id, amount FROM left_c ORDER BY id"))
                        .isEqualTo(first);
                connection.commit();
            }
        }
        return reads;
    }

    @Test
    void everyAcknowledgedCommitIsSeenByOthers() throws ExecutionException, InterruptedException {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Integer>> pairs = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int id = i;
                pairs.add(threads.submit(() -> commitAndSee(id, id % 2 == 0 ? "on" : "off")));
            }
            for (Future<Integer> pair : pairs) {
                assertThat(pair.get()).isEqualTo(COMMITS);
            }
        }
    }

    private static int commitAndSee(int id, String synchronous) throws SQLException {
        int seen = 0;
        try (Connection writer = server.connect();
                Connection reader = server.connect()) {
            Sql.execute(writer, "SET synchronous_commit = " + synchronous);
            Sql.execute(writer, "INSERT INTO ticks VALUES (" + id + ", -1)");
            for (int n = 0; n < COMMITS; n++) {
                Sql.execute(writer, "UPDATE ticks SET n = " + n + " WHERE id = " + id);
                String query = "SELECT n FROM ticks_c" + (n % 3 == 0 ? ", one" : "") + " WHERE id = " + id;
                assertThat(Sql.value(reader, query))
                        .as("synchronous_commit %s", synchronous)
                        .isEqualTo("" + n);
                seen++;
            }
        }
        return seen;
    }

    /// A transaction's first query decides its snapshot, also for a mirror that the first query does not name.
    @Test
    void aTransactionsSnapshotHoldsForAllMirrors() throws SQLException {
        server.execute("INSERT INTO ticks VALUES (100, 1)", "INSERT INTO ticks2 VALUES (100, 1)");
        try (Connection reader = server.connect()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            assertThat(Sql.value(reader, "SELECT n FROM ticks_c WHERE id = 100"))
                    .isEqualTo("1");
            server.execute("UPDATE ticks2 SET n = 2 WHERE id = 100", "UPDATE ticks SET n = 2 WHERE id = 100");
            assertThat(Sql.value(reader, "SELECT n FROM ticks2_c WHERE id = 100"))
                    .isEqualTo("1");
            assertThat(Sql.value(reader, "SELECT n FROM ticks2_c, one WHERE id = 100"))
                    .isEqualTo("1");
            reader.commit();
            assertThat(Sql.value(reader, "SELECT n FROM ticks2_c WHERE id = 100"))
                    .isEqualTo("2");
            reader.commit();
        }
    }

    /// A cursor goes on with what it saw when it was opened.
    @Test
    void openCursorsKeepTheirSnapshot() throws SQLException {
        server.execute("INSERT INTO ticks2 SELECT i, 0 FROM generate_series(1001, 21000) i");
        try (Connection reader = server.connect()) {
            reader.setAutoCommit(false);
            Sql.execute(reader, "DECLARE whole CURSOR FOR SELECT n FROM ticks2_c WHERE id > 1000");
            Sql.execute(reader, "DECLARE scan CURSOR FOR SELECT n FROM ticks2_c, one WHERE id > 1000");
            assertThat(Sql.rows(reader, "FETCH 10 FROM whole")).hasSize(10);
            server.execute("UPDATE ticks2 SET n = 7 WHERE id > 1000", "CALL mooncake.create_snapshot('ticks2_c')");
            server.execute("DELETE FROM ticks2 WHERE id > 1500");
            for (String cursor : List.of("whole", "scan")) {
                List<List<String>> rows = Sql.rows(reader, "FETCH ALL FROM " + cursor);
                assertThat(rows)
                        .as(cursor)
                        .hasSize(cursor.equals("whole") ? 19_990 : 20_000)
                        .containsOnly(List.of("0"));
            }
            assertThat(Sql.value(reader, "SELECT sum(n) FROM ticks2_c WHERE id > 1000"))
                    .isEqualTo("3500");
            reader.commit();
        }
    }
}
