package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mooncake.testing.Await;
import mooncake.testing.Command;
import mooncake.testing.Sql;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Engines that die, statements that are cancelled, feeds that stand still, sources that change below a mirror.
class FaultTest extends ServerFixture {
    /// Runs for minutes in DuckDB unless it is stopped.
    private static final String LONG_QUERY = "SELECT sum(a.id * b.id % 7 + c.id % 3) FROM big_c a, big_c b, big_c c";

    /// Processors: a query takes more, even on a machine that others load, and an idle engine takes less.
    private static final double BUSY = 0.1;

    @BeforeAll
    static void prepare() {
        server.execute(
                "CREATE TABLE big (id bigint PRIMARY KEY)",
                "INSERT INTO big SELECT generate_series(1, 20000)",
                "CALL mooncake.create_table('big_c', 'big')");
        MirrorTestServer.assertMirrors(server, "big", "big_c");
    }

    private static void makeMirror(String name) {
        server.execute(
                "CREATE TABLE " + name + " (id int PRIMARY KEY, v text, n numeric(10,2))",
                "INSERT INTO " + name + " SELECT i, 'v' || i, i FROM generate_series(1, 500) i",
                "CALL mooncake.create_table('" + name + "_c', '" + name + "')");
        MirrorTestServer.assertMirrors(server, name, name + "_c");
    }

    private static String status(String column, String mirror) {
        return server.value("SELECT " + column + " FROM mooncake.status() WHERE \"table\" = 'public." + mirror + "'");
    }

    private static void awaitStatus(String column, String mirror, String expected) {
        Await.until(
                mirror + "'s " + column + " is " + expected,
                MirrorTestServer.LIMIT,
                () -> expected.equals(status(column, mirror)));
    }

    /// Runs the long query on a session of its own; the refusal that it ends with.
    private static CompletableFuture<Refusal> startLongQuery(Connection connection) throws SQLException {
        String pid = Sql.value(connection, "SELECT pg_backend_pid()");
        CompletableFuture<Refusal> ended = CompletableFuture.supplyAsync(
                () -> Refusal.of(connection, LONG_QUERY),
                task -> Thread.ofPlatform().start(task));
        Await.until(
                "the long query waits for the engine",
                MirrorTestServer.LIMIT,
                () -> ended.isDone() || (waitsForEngine(pid) && engineLoad() > BUSY));
        if (ended.isDone()) {
            throw new AssertionError("the long query ended with " + ended.join());
        }
        return ended;
    }

    private static boolean waitsForEngine(String pid) {
        return server.value("SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                        + " AND wait_event_type = 'Extension' AND pid = " + pid)
                .equals("1");
    }

    /// Processors that the engine kept busy during a moment.
    private static double engineLoad() throws InterruptedException {
        ProcessHandle engine = server.awaitEngine();
        long before = cpuNanos(engine);
        long start = System.nanoTime();
        Thread.sleep(400);
        return (double) (cpuNanos(engine) - before) / (System.nanoTime() - start);
    }

    private static long cpuNanos(ProcessHandle handle) {
        return handle.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    private static void awaitIdleEngine() {
        Await.until("the engine has stopped the query", MirrorTestServer.LIMIT, () -> engineLoad() < BUSY);
    }

    @Test
    void theEngineIsKilledInTheMiddleOfAQuery() throws Exception {
        try (Connection connection = server.connect()) {
            String backend = Sql.value(connection, "SELECT pg_backend_pid()");
            String started = server.value("SELECT pg_postmaster_start_time()");
            CompletableFuture<Refusal> query = startLongQuery(connection);
            server.killEngine();
            query.join()
                    .is("08006", "the mooncake engine ended in the middle of a request")
                    .hints("run the statement again");
            assertThat(Sql.value(connection, "SELECT pg_backend_pid()")).isEqualTo(backend);
            assertThat(Sql.value(connection, "SELECT count(*) FROM big")).isEqualTo("20000");
            server.awaitEngineAnswers();
            assertThat(Sql.value(connection, "SELECT sum(id) FROM big_c")).isEqualTo("200010000");
            assertThat(server.value("SELECT pg_postmaster_start_time()")).isEqualTo(started);
            assertThat(server.log()).doesNotContain("server process (PID", "reinitializing");
        }
        MirrorTestServer.assertMirrors(server, "big", "big_c");
    }

    @Test
    void cancellingReachesTheEngine() throws Exception {
        try (Connection connection = server.connect()) {
            String pid = Sql.value(connection, "SELECT pg_backend_pid()");
            CompletableFuture<Refusal> query = startLongQuery(connection);
            assertThat(server.value("SELECT pg_cancel_backend(" + pid + ")")).isEqualTo("t");
            query.join().is("57014", "canceling statement due to user request");
            awaitIdleEngine();
            assertThat(Sql.value(connection, "SELECT count(*) FROM big_c")).isEqualTo("20000");
        }
    }

    @Test
    void aTerminatedBackendsQueryEndsInTheEngine() throws Exception {
        try (Connection connection = server.connect()) {
            String pid = Sql.value(connection, "SELECT pg_backend_pid()");
            CompletableFuture<Refusal> query = startLongQuery(connection);
            assertThat(server.value("SELECT pg_terminate_backend(" + pid + ")")).isEqualTo("t");
            query.join().is("57P01", "terminating connection due to administrator command");
            awaitIdleEngine();
        }
    }

    @Test
    void statementTimeoutReachesTheEngine() throws Exception {
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET statement_timeout = '1s'");
            Refusal.of(connection, LONG_QUERY).is("57014", "canceling statement due to statement timeout");
            awaitIdleEngine();
            Refusal.of(connection, LONG_QUERY).is("57014", "canceling statement due to statement timeout");
            awaitIdleEngine();
            Sql.execute(connection, "RESET statement_timeout");
            assertThat(Sql.value(connection, "SELECT sum(id) FROM big_c")).isEqualTo("200010000");
        }
    }

    @Test
    void aFeedThatStandsStillTimesOut() throws Exception {
        makeMirror("still");
        String sender =
                server.value("SELECT active_pid FROM pg_replication_slots WHERE slot_name LIKE 'mooncake%' AND active");
        signal("STOP", sender);
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "INSERT INTO still VALUES (1000, 'new', 1)");
            Sql.execute(connection, "SET pg_mooncake.freshness_timeout = '300ms'");
            Refusal.of(connection, "SELECT count(*) FROM still_c")
                    .says("57014", "gave up after 300 ms waiting for")
                    .hints("Raise pg_mooncake.freshness_timeout");
            Refusal.of(connection, "SELECT * FROM still_c JOIN pg_database ON true")
                    .says("57014", "gave up after 300 ms waiting for");
            Sql.execute(connection, "SET pg_mooncake.freshness_timeout = 0");
            Sql.execute(connection, "SET statement_timeout = '300ms'");
            Refusal.of(connection, "SELECT count(*) FROM still_c")
                    .is("57014", "canceling statement due to statement timeout");
            Refusal.of(connection, "CALL mooncake.create_snapshot('still_c')")
                    .is("57014", "canceling statement due to statement timeout");
        } finally {
            signal("CONT", sender);
        }
        MirrorTestServer.assertMirrors(server, "still", "still_c");
    }

    private static void signal(String name, String pid) {
        Command.mustRun(Command.asServerUser(java.util.List.of("kill", "-" + name, pid)));
    }

    @Test
    void aValueThatItsNativeTypeCannotHold() {
        makeMirror("odd");
        makeMirror("even");
        server.execute("INSERT INTO odd VALUES (1000, 'x', 'NaN')", "INSERT INTO even VALUES (1000, 'x', 1)");
        MirrorTestServer.assertMirrors(server, "even", "even_c");
        MirrorTestServer.assertMirrors(server, "odd", "odd_c");
        server.execute("CALL mooncake.create_snapshot('odd_c')", "UPDATE odd SET n = 'NaN' WHERE id < 10");
        server.killEngine();
        server.awaitEngineAnswers();
        MirrorTestServer.assertMirrors(server, "odd", "odd_c");
        server.execute("DROP TABLE odd_c", "CALL mooncake.create_table('odd_c', 'odd')");
        MirrorTestServer.assertMirrors(server, "odd", "odd_c");
    }

    @Test
    void anAlteredSourceFailsAMirrorThatAsksForIt() {
        makeMirror("other");
        server.execute(
                "CREATE TABLE altered (id int PRIMARY KEY, v text)",
                "INSERT INTO altered SELECT i, 'v' || i FROM generate_series(1, 500) i",
                "CALL mooncake.create_table('altered_c', 'altered', NULL, '{\"on_ddl\": \"error\"}')");
        MirrorTestServer.assertMirrors(server, "altered", "altered_c");
        server.execute("ALTER TABLE altered ADD COLUMN added int DEFAULT 7", "INSERT INTO altered VALUES (1000)");
        awaitStatus("state", "altered_c", "failed");
        assertThatAlteredFails();
        server.execute("INSERT INTO other VALUES (1000, 'x', 1)", "UPDATE altered SET v = 'unseen'");
        MirrorTestServer.assertMirrors(server, "other", "other_c");

        server.killEngine();
        server.awaitEngineAnswers();
        MirrorTestServer.assertMirrors(server, "other", "other_c");
        awaitStatus("state", "altered_c", "failed");
        assertThatAlteredFails();

        server.execute("CALL mooncake.resync('altered_c')", "UPDATE altered SET added = 8 WHERE id < 10");
        MirrorTestServer.assertMirrors(server, "altered", "altered_c");
        MirrorTestServer.assertMirrors(server, "other", "other_c");
    }

    private static void assertThatAlteredFails() {
        for (String query : new String[] {
            "SELECT * FROM altered_c", "SELECT count(*) FROM altered_c", "SELECT * FROM altered_c, pg_database"
        }) {
            Refusal.of(server, query).says("55000", "mirror public.altered_c has failed: ", "altered");
        }
    }

    @Test
    void aSourceAlteredInTheTransactionOfItsMirror() throws SQLException {
        server.execute("CREATE TABLE hasty (id int PRIMARY KEY, v text)", "INSERT INTO hasty VALUES (1, 'one')");
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "CALL mooncake.create_table('hasty_c', 'hasty')");
            Sql.execute(connection, "ALTER TABLE hasty ADD COLUMN w int");
            Sql.execute(connection, "INSERT INTO hasty VALUES (2, 'two', 2)");
            connection.commit();
        }
        server.execute("INSERT INTO hasty VALUES (3, 'three', 3)");
        MirrorTestServer.assertMirrors(server, "hasty", "hasty_c");
    }

    @Test
    void aSourceRewrittenWithoutARowInTheLog() {
        makeMirror("rewritten");
        server.execute("ALTER TABLE rewritten ALTER v TYPE text USING v || '!'");
        MirrorTestServer.assertMirrors(server, "rewritten", "rewritten_c");
    }

    @Test
    void anotherReplicaIdentityOfTheSource() {
        server.execute(
                "CREATE TABLE identity (id int PRIMARY KEY, other int NOT NULL UNIQUE)",
                "INSERT INTO identity SELECT i, -i FROM generate_series(1, 100) i",
                "CALL mooncake.create_table('identity_c', 'identity')");
        MirrorTestServer.assertMirrors(server, "identity", "identity_c");
        server.execute("ALTER TABLE identity REPLICA IDENTITY FULL", "DELETE FROM identity WHERE id < 10");
        MirrorTestServer.assertMirrors(server, "identity", "identity_c");
        server.execute(
                "ALTER TABLE identity REPLICA IDENTITY USING INDEX identity_other_key",
                "DELETE FROM identity WHERE id < 20");
        MirrorTestServer.assertMirrors(server, "identity", "identity_c");
        server.execute("UPDATE identity SET id = -id", "UPDATE identity SET other = other - 1000 WHERE id > -30");
        MirrorTestServer.assertMirrors(server, "identity", "identity_c");
    }

    @Test
    void aDroppedSlotMakesTheMirrorsCopyAgain() {
        makeMirror("slotless");
        server.execute("CALL mooncake.create_snapshot('slotless_c')");
        String slot = server.value("SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'mooncake%'");
        String gone = "SELECT pg_drop_replication_slot('" + slot + "')";
        server.killEngine();
        Await.until("the slot is dropped", MirrorTestServer.LIMIT, () -> {
            server.value("SELECT count(pg_terminate_backend(active_pid)) FROM pg_replication_slots"
                    + " WHERE active_pid IS NOT NULL");
            server.execute(gone, "UPDATE slotless SET v = 'lost'");
            return true;
        });
        server.awaitEngineAnswers();
        MirrorTestServer.assertMirrors(server, "slotless", "slotless_c");
        server.execute("DELETE FROM slotless WHERE id < 10");
        MirrorTestServer.assertMirrors(server, "slotless", "slotless_c");
        MirrorTestServer.assertMirrors(server, "big", "big_c");
    }

    @Test
    void aSourceThatLostItsKey() {
        makeMirror("keyless");
        server.execute(
                "ALTER TABLE keyless DROP CONSTRAINT keyless_pkey",
                "UPDATE keyless SET v = 'no key' WHERE id < 10",
                "DELETE FROM keyless WHERE id > 490");
        MirrorTestServer.assertMirrors(server, "keyless", "keyless_c");
        server.execute("INSERT INTO keyless SELECT * FROM keyless WHERE id < 5");
        MirrorTestServer.assertMirrors(server, "keyless", "keyless_c");
        server.execute("DELETE FROM keyless WHERE id = 3");
        MirrorTestServer.assertMirrors(server, "keyless", "keyless_c");
        server.execute("CALL mooncake.create_table('again', 'keyless')");
        MirrorTestServer.assertMirrors(server, "keyless", "again");
    }

    @Test
    void postgresIsKilledUnderLoad() throws InterruptedException {
        makeMirror("loaded");
        AtomicInteger done = new AtomicInteger();
        AtomicReference<String> ended = new AtomicReference<>("");
        Thread load = Thread.ofPlatform().start(() -> {
            try (Connection connection = server.connect()) {
                for (int i = 1000; ; i++) {
                    Sql.execute(connection, "INSERT INTO loaded VALUES (" + i + ", 'x', 1)");
                    Sql.execute(connection, "DELETE FROM loaded WHERE id = " + (i - 500));
                    done.incrementAndGet();
                }
            } catch (SQLException e) {
                ended.set(e.getSQLState());
            }
        });
        Await.until("some load", MirrorTestServer.LIMIT, () -> done.get() > 100);
        server.kill();
        load.join();
        assertThat(ended.get()).matches("57P01|08...");
        server.start();
        server.awaitEngineAnswers();
        assertThat(Integer.parseInt(server.value("SELECT count(*) FROM loaded WHERE id >= 1000")))
                .isBetween(done.get(), done.get() + 1);
        MirrorTestServer.assertMirrors(server, "loaded", "loaded_c");
        server.execute("UPDATE loaded SET n = n + 1");
        MirrorTestServer.assertMirrors(server, "loaded", "loaded_c");
    }
}
