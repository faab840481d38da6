package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

/// The engine is killed at random moments under load: Postgres goes on, and nothing is lost or doubled.
class EngineCrashTest {
    private static final int KILLS = 20;

    @Test
    void mirrorsEqualTheirSourcesAfterEveryKill() throws Exception {
        long seed = Long.getLong("mooncake.seed", System.nanoTime());
        System.out.println("EngineCrashTest seed " + seed);
        Random random = new Random(seed);
        try (PostgresServer server = PostgresServer.preferred()
                .set("pg_mooncake.flush_interval", "200ms")
                .set("pg_mooncake.flush_rows", "2000")
                .start()) {
            server.execute(
                    "CREATE EXTENSION ivy_mooncake CASCADE",
                    "CREATE TABLE a (id bigint PRIMARY KEY, v text, n numeric(12,2))",
                    "CREATE TABLE b (k uuid PRIMARY KEY, id bigint, w text)",
                    "INSERT INTO a SELECT i, md5(i::text), i FROM generate_series(1, 20000) i",
                    "CALL mooncake.create_table('a_c', 'a')",
                    "CALL mooncake.create_table('b_c', 'b')");
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread load = Thread.ofPlatform().start(() -> load(server, new Random(seed + 1), stop, failure));
            long postmaster = server.postmaster().orElseThrow().pid();
            Set<Long> killed = new HashSet<>();
            while (killed.size() < KILLS) {
                ProcessHandle engine = server.awaitEngine();
                if (killed.size() % 2 == 0) {
                    server.awaitEngineAnswers();
                }
                awaitTransactions(server, random.nextInt(12_000));
                if (engine.destroyForcibly()) {
                    killed.add(engine.pid());
                }
                engine.onExit().join();
            }
            server.awaitEngineAnswers();
            stop.set(true);
            load.join();
            assertThat(failure.get()).isNull();
            MirrorTestServer.assertMirrors(server, "a", "a_c");
            MirrorTestServer.assertMirrors(server, "b", "b_c");
            assertThat(server.postmaster().orElseThrow().pid()).isEqualTo(postmaster);
        }
    }

    private static void awaitTransactions(PostgresServer server, int count) {
        long start = Long.parseLong(server.value("SELECT pg_current_wal_lsn() - '0/0'"));
        mooncake.testing.Await.until(
                "WAL of about " + count + " transactions",
                MirrorTestServer.LIMIT,
                () -> Long.parseLong(server.value("SELECT pg_current_wal_lsn() - '0/0'")) - start >= count * 1_000L);
    }

    private static void load(
            PostgresServer server, Random random, AtomicBoolean stop, AtomicReference<Throwable> failure) {
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                transaction(connection, random);
                if (random.nextInt(10) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                }
            }
        } catch (SQLException e) {
            failure.set(e);
        }
    }

    private static void transaction(Connection connection, Random random) throws SQLException {
        for (int i = random.nextInt(5); i >= 0; i--) {
            int from = random.nextInt(30_000);
            switch (random.nextInt(6)) {
                case 0 ->
                    Sql.execute(
                            connection,
                            "INSERT INTO a SELECT i, md5(i::text), i FROM generate_series(" + from + ", "
                                    + (from + random.nextInt(300)) + ") i ON CONFLICT (id) DO NOTHING");
                case 1 ->
                    Sql.execute(
                            connection,
                            "UPDATE a SET v = v || 'x', n = n + 1 WHERE id BETWEEN " + from + " AND "
                                    + (from + random.nextInt(200)));
                case 2 ->
                    Sql.execute(
                            connection,
                            "DELETE FROM a WHERE id BETWEEN " + from + " AND " + (from + random.nextInt(50)));
                case 3 ->
                    Sql.execute(
                            connection,
                            "UPDATE a SET id = id + 1000000 WHERE id = " + from
                                    + " AND NOT EXISTS (SELECT FROM a o WHERE o.id = " + (from + 1_000_000) + ")");
                case 4 ->
                    Sql.execute(
                            connection,
                            "INSERT INTO b SELECT gen_random_uuid(), i, repeat('w', " + random.nextInt(60)
                                    + ") FROM generate_series(1, " + (1 + random.nextInt(30)) + ") i");
                case 5 -> Sql.execute(connection, "DELETE FROM b WHERE id = " + random.nextInt(30));
                default -> throw new IllegalStateException();
            }
        }
    }
}
