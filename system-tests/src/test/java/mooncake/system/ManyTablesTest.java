package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import mooncake.testing.Await;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

/// Many mirrored tables in one database: 300 within the tests, a thousand with `-Dmooncake.tables=1000`.
class ManyTablesTest {
    private static final int TABLES = Integer.getInteger("mooncake.tables", 300);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Test
    void allOfThemAreFollowedAndComeBackAfterAKill() throws SQLException {
        try (PostgresServer server = PostgresServer.preferred()
                .set("max_locks_per_transaction", "256")
                .start()) {
            server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
            server.awaitEngineAnswers();
            try (Connection connection = server.connect()) {
                for (int i = 0; i < TABLES; i++) {
                    Sql.execute(connection, "CREATE TABLE t" + i + " (id int PRIMARY KEY, v text)");
                    Sql.execute(connection, "INSERT INTO t" + i + " VALUES (1, 'one'), (2, 'two')");
                    Sql.execute(connection, "CALL mooncake.create_table('c" + i + "', 't" + i + "')");
                }
                awaitLive(server);
                for (int i = 0; i < TABLES; i += 7) {
                    Sql.execute(connection, "UPDATE t" + i + " SET v = 'changed' WHERE id = 2");
                }
                Sql.execute(connection, "SET pg_mooncake.freshness_timeout = '5min'");
                check(connection);
                server.killEngine();
                server.awaitEngineAnswers();
                for (int i = 3; i < TABLES; i += 11) {
                    Sql.execute(connection, "DELETE FROM t" + i + " WHERE id = 1");
                }
                awaitLive(server);
                check(connection);
            }
        }
    }

    private static void awaitLive(PostgresServer server) {
        Await.until(
                TABLES + " mirrors are live",
                LIMIT,
                () -> server.value("SELECT count(*) FROM mooncake.status() WHERE state = 'live'")
                        .equals(Integer.toString(TABLES)));
    }

    private static void check(Connection connection) throws SQLException {
        for (int i = 0; i < TABLES; i += i % 7 == 0 ? 3 : 4) {
            assertThat(Sql.rows(connection, "SELECT * FROM c" + i + " ORDER BY id"))
                    .as("c%d", i)
                    .isEqualTo(Sql.rows(connection, "SELECT * FROM t" + i + " ORDER BY id"));
        }
    }
}
