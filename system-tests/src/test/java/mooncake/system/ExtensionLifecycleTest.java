package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

/// Creating and dropping the extension, restarts and kills of Postgres.
class ExtensionLifecycleTest {
    @Test
    void dropExtensionUndoesEverything() throws Exception {
        try (PostgresServer server = MirrorTestServer.start()) {
            server.execute(
                    "CREATE TABLE r (id int NOT NULL, v text)",
                    "CREATE UNIQUE INDEX r_id ON r (id)",
                    "INSERT INTO r VALUES (1, 'one')",
                    "CALL mooncake.create_table('c', 'r')");
            MirrorTestServer.assertMirrors(server, "r", "c");
            try (var connection = server.connect()) {
                connection.setAutoCommit(false);
                Sql.execute(connection, "DROP EXTENSION ivy_mooncake CASCADE");
                connection.rollback();
            }
            server.execute("UPDATE r SET v = 'two'");
            MirrorTestServer.assertMirrors(server, "r", "c");
            server.execute("DROP EXTENSION ivy_mooncake CASCADE");
            MirrorTestServer.awaitValue(server, "SELECT count(*) FROM pg_replication_slots", "0");
            assertThat(server.value("SELECT count(*) FROM pg_publication")).isEqualTo("0");
            assertThat(server.value("SELECT relreplident FROM pg_class WHERE oid = 'r'::regclass"))
                    .isEqualTo("d");
            assertThat(server.value("SELECT to_regclass('c') IS NULL")).isEqualTo("t");
            server.execute(
                    "UPDATE r SET v = 'three'",
                    "CREATE EXTENSION ivy_mooncake CASCADE",
                    "CALL mooncake.create_table('c', 'r')");
            MirrorTestServer.assertMirrors(server, "r", "c");
        }
    }

    @Test
    void theNameOfTheSeedProductBringsTheExtension() {
        try (PostgresServer server = PostgresServer.preferred().start()) {
            server.execute(
                    "CREATE EXTENSION pg_mooncake CASCADE",
                    "CREATE TABLE r (id int PRIMARY KEY)",
                    "CALL mooncake.create_table('c', 'r')",
                    "INSERT INTO r VALUES (1)");
            MirrorTestServer.assertMirrors(server, "r", "c");
        }
    }

    @Test
    void mirrorsSurviveRestartsAndKillsOfPostgres() {
        try (PostgresServer server = PostgresServer.preferred().durable().start()) {
            server.execute(
                    "CREATE EXTENSION ivy_mooncake CASCADE",
                    "CREATE TABLE r (id int PRIMARY KEY, v text)",
                    "INSERT INTO r SELECT i, md5(i::text) FROM generate_series(1, 5000) i",
                    "CALL mooncake.create_table('c', 'r')",
                    "DELETE FROM r WHERE id % 10 = 0");
            MirrorTestServer.assertMirrors(server, "r", "c");
            server.restart();
            server.awaitEngineAnswers();
            MirrorTestServer.assertMirrors(server, "r", "c");
            server.execute(
                    "CALL mooncake.create_snapshot('c')",
                    "UPDATE r SET v = 'u' WHERE id < 100",
                    "INSERT INTO r VALUES (6000, 'last')");
            server.kill();
            server.start();
            server.awaitEngineAnswers();
            MirrorTestServer.assertMirrors(server, "r", "c");
            server.execute("DELETE FROM r WHERE id < 50");
            server.stopImmediately();
            server.start();
            server.awaitEngineAnswers();
            MirrorTestServer.assertMirrors(server, "r", "c");
        }
    }
}
