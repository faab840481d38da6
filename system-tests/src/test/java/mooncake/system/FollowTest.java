package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import mooncake.testing.Await;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Mirrors follow what others do to their sources at the same time, and nobody on the source waits for a mirror.
class FollowTest {
    private static final Duration SHORT = Duration.ofSeconds(5);

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server =
                PostgresServer.preferred().set("max_prepared_transactions", "5").start();
        server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
        server.awaitEngine();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Duration timed(String... statements) {
        long start = System.nanoTime();
        server.execute(statements);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void aWriterThatStaysHoldsUpNoMirrorByKey() throws SQLException {
        server.execute("CREATE TABLE w (id int PRIMARY KEY)", "INSERT INTO w VALUES (1)");
        try (Connection writer = server.connect()) {
            writer.setAutoCommit(false);
            Sql.execute(writer, "INSERT INTO w VALUES (2)");
            assertThat(timed("CALL mooncake.create_table('w_c', 'w')", "INSERT INTO w VALUES (3)"))
                    .isLessThan(SHORT);
            writer.commit();
        }
        MirrorTestServer.assertMirrors(server, "w", "w_c");
    }

    @Test
    void aMirrorWithoutKeyWaitsForWritersWhichNeverWaitForItLong() throws SQLException {
        server.execute("CREATE TABLE f (id int)", "INSERT INTO f VALUES (1)");
        try (Connection writer = server.connect();
                Connection creator = server.connect()) {
            writer.setAutoCommit(false);
            Sql.execute(writer, "INSERT INTO f VALUES (2)");
            Thread other = Thread.ofPlatform()
                    .start(() -> Refusal.of(server, "CALL mooncake.create_table('f_c', 'f')")
                            .says("55P03", "could not lock table public.f to set its replica identity"));
            Await.until(
                    "the lock is asked for",
                    MirrorTestServer.LIMIT,
                    () -> server.value("SELECT count(*) FROM pg_locks WHERE relation = 'f'::regclass AND NOT granted")
                            .equals("1"));
            while (other.isAlive()) {
                assertThat(timed("INSERT INTO f VALUES (3)")).isLessThan(SHORT);
            }
            writer.commit();
            Sql.execute(creator, "CALL mooncake.create_table('f_c', 'f')");
        }
        MirrorTestServer.assertMirrors(server, "f", "f_c");
        server.execute("UPDATE f SET id = id + 1", "DELETE FROM f WHERE id = 2");
        MirrorTestServer.assertMirrors(server, "f", "f_c");
    }

    @Test
    void aMirrorThatIsReadCatchesUpLater() throws SQLException {
        server.execute(
                "CREATE TABLE b (id int PRIMARY KEY)",
                "INSERT INTO b VALUES (1)",
                "CALL mooncake.create_table('b_c', 'b')");
        MirrorTestServer.assertMirrors(server, "b", "b_c");
        try (Connection reader = server.connect()) {
            reader.setAutoCommit(false);
            assertThat(Sql.value(reader, "SELECT count(*) FROM b_c")).isEqualTo("1");
            assertThat(timed("ALTER TABLE b ADD COLUMN v text DEFAULT 'x'", "INSERT INTO b VALUES (2, 'y')"))
                    .isLessThan(SHORT);
            assertThat(server.value("SELECT error FROM mooncake.tables WHERE mirror = 'b_c'::regclass"))
                    .isEqualTo("MC0046: mirror public.b_c is being read");
            reader.commit();
        }
        MirrorTestServer.awaitValue(
                server, "SELECT error IS NULL FROM mooncake.tables WHERE mirror = 'b_c'::regclass", "t");
        MirrorTestServer.assertMirrors(server, "b", "b_c");
    }

    @Test
    void whatATransactionAltersItCannotReadYet() throws SQLException {
        server.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t VALUES (1, 'x')",
                "CALL mooncake.create_table('t_c', 't')");
        MirrorTestServer.assertMirrors(server, "t", "t_c");
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "SAVEPOINT s");
            Sql.execute(connection, "ALTER TABLE t DROP COLUMN v, ADD COLUMN w int DEFAULT 3");
            Refusal.of(connection, "SELECT * FROM t_c")
                    .is("55000", "mirror \"t_c\" was altered in this transaction and can be read after its commit");
            Sql.execute(connection, "ROLLBACK TO s");
            assertThat(Sql.rows(connection, "SELECT * FROM t_c")).isEqualTo(List.of(List.of("1", "x")));
            Sql.execute(connection, "ALTER TABLE t ADD COLUMN k int");
            Sql.execute(connection, "UPDATE t SET k = 5");
            Sql.execute(connection, "PREPARE TRANSACTION 'alter'");
        }
        server.execute("COMMIT PREPARED 'alter'");
        MirrorTestServer.assertMirrors(server, "t", "t_c");
    }

    @Test
    void labelsAndRowTypesThatChangeAreCopiedAgain() {
        server.execute(
                "CREATE TYPE mood AS ENUM ('good', 'bad')",
                "CREATE TYPE pair AS (a int, m mood)",
                "CREATE TABLE e (id int PRIMARY KEY, m mood, a mood[], p pair)",
                "INSERT INTO e VALUES (1, 'good', '{good,bad}', '(1,good)')",
                "CALL mooncake.create_table('e_c', 'e')");
        MirrorTestServer.assertMirrors(server, "e", "e_c");
        server.execute("ALTER TYPE mood RENAME VALUE 'good' TO 'great'");
        MirrorTestServer.assertMirrors(server, "e", "e_c");
        server.execute(
                "ALTER TYPE pair ADD ATTRIBUTE z int",
                "ALTER TYPE mood ADD VALUE 'new'",
                "INSERT INTO e VALUES (2, 'new', '{new}', '(2,new,3)')");
        MirrorTestServer.assertMirrors(server, "e", "e_c");
        server.execute("DROP TYPE pair CASCADE");
        MirrorTestServer.assertMirrors(server, "e", "e_c");
    }
}
