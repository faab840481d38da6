package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Transactions of every kind, on a server that sends them while they are in progress as soon as they exceed 64 kB.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TransactionTest {
    private static final String COLUMNS = " (id int PRIMARY KEY, v text, n int)";

    private static PostgresServer server;
    private static MirrorPairs pairs;

    @BeforeAll
    static void start() {
        server = PostgresServer.preferred()
                .set("logical_decoding_work_mem", "64kB")
                .set("max_prepared_transactions", "10")
                .start();
        server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
        pairs = new MirrorPairs(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void make(String name) {
        pairs.make(name, "CREATE TABLE " + name + COLUMNS);
    }

    private static String insert(String name, int from, int to) {
        return "INSERT INTO " + name + " SELECT i, md5(i::text), i FROM generate_series(" + from + ", " + to + ") i; ";
    }

    @Test
    @Order(1)
    void savepointsInsideLargeTransactions() {
        make("saved");
        pairs.change(
                "saved",
                "BEGIN; " + insert("saved", 1, 3000) + "SAVEPOINT a; " + insert("saved", 3001, 6000)
                        + "SAVEPOINT b; UPDATE saved SET n = -n; ROLLBACK TO b; DELETE FROM saved WHERE id % 2 = 0; "
                        + "RELEASE a; SAVEPOINT c; " + insert("saved", 6001, 9000) + "ROLLBACK TO c; "
                        + insert("saved", 9001, 9100) + "COMMIT");
        pairs.change(
                "saved",
                "BEGIN; SAVEPOINT a; " + insert("saved", 20_001, 23_000) + "SAVEPOINT b; "
                        + insert("saved", 23_001, 26_000)
                        + "RELEASE b; ROLLBACK TO a; UPDATE saved SET n = 5 WHERE id < 100; COMMIT");
        assertThat(server.value("SELECT max(id) FROM saved_c")).isEqualTo("9100");
    }

    @Test
    @Order(1)
    void exceptionBlocks() {
        make("excepted");
        pairs.change("excepted", """
                DO $$ BEGIN
                  FOR i IN 1..300 LOOP
                    BEGIN
                      INSERT INTO excepted SELECT i * 100 + j, repeat('x', 50), i FROM generate_series(0, 20) j;
                      IF i % 3 = 0 THEN RAISE division_by_zero; END IF;
                      UPDATE excepted SET n = -i WHERE id = i * 100;
                    EXCEPTION WHEN division_by_zero THEN
                      INSERT INTO excepted VALUES (-i, 'caught', i);
                    END;
                  END LOOP;
                END $$""");
        assertThat(server.value("SELECT count(*) FROM excepted_c WHERE v = 'caught'"))
                .isEqualTo("100");
        pairs.snapshot("excepted");
    }

    @Test
    @Order(1)
    void abortedOnes() throws SQLException {
        make("aborted");
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, insert("aborted", 1, 20_000));
            Sql.execute(connection, "UPDATE aborted SET n = 0");
            pairs.check("aborted");
            connection.rollback();
            Sql.execute(connection, insert("aborted", 1, 5_000));
            connection.commit();
        }
        pairs.check("aborted");
        pairs.change(
                "aborted",
                "BEGIN; DELETE FROM aborted; TRUNCATE aborted; ROLLBACK",
                "DELETE FROM aborted WHERE id < 9");
    }

    @Test
    @Order(1)
    void aBackendThatDiesInALargeOne() throws SQLException {
        make("died");
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            String pid = Sql.value(connection, "SELECT pg_backend_pid()");
            Sql.execute(connection, insert("died", 1, 10_000));
            pairs.change("died", insert("died", 100_001, 100_010));
            assertThat(server.value("SELECT pg_terminate_backend(" + pid + ")")).isEqualTo("t");
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isIn("57P01", "08006", "08003");
        }
        pairs.check("died");
        assertThat(server.value("SELECT count(*) FROM died_c")).isEqualTo("10");
    }

    @Test
    @Order(1)
    void preparedOnes() {
        make("prepared");
        server.execute("INSERT INTO prepared VALUES (99999, 'in a file', 0)");
        pairs.snapshot("prepared"); // a mirror that has no commit yet would wait for them to be copied again
        server.execute("BEGIN; " + insert("prepared", 1, 3000) + "PREPARE TRANSACTION 'kept'");
        pairs.change("prepared", insert("prepared", 10_001, 10_002));
        server.execute("BEGIN; " + insert("prepared", 20_001, 20_500) + "PREPARE TRANSACTION 'undone'");
        pairs.check("prepared");
        server.killEngine();
        server.awaitEngineAnswers();
        pairs.change("prepared", "UPDATE prepared SET n = 1 WHERE id > 10000", "COMMIT PREPARED 'kept'");
        pairs.change("prepared", "ROLLBACK PREPARED 'undone'", "UPDATE prepared SET n = n + 1");
        assertThat(server.value("SELECT count(*) FROM prepared_c")).isEqualTo("3003");
    }

    @Test
    @Order(1)
    void severalLargeOnesAmongHundredsOfSmallOnes() throws SQLException {
        make("mixed");
        make("mixed2");
        List<Connection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                Connection connection = server.connect();
                open.add(connection);
                connection.setAutoCommit(false);
            }
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < open.size(); i++) {
                    int from = 100_000 * (i + 1) + round * 1_000;
                    Sql.execute(open.get(i), insert(i == 1 ? "mixed2" : "mixed", from, from + 800));
                }
                small("mixed", round * 100);
            }
            pairs.check("mixed");
            open.get(0).commit();
            open.get(1).rollback();
            small("mixed2", 0);
            pairs.check("mixed2");
            open.get(2).commit();
        } finally {
            for (Connection connection : open) {
                connection.close();
            }
        }
        pairs.check("mixed");
        assertThat(server.value("SELECT count(*) FROM mixed_c")).isEqualTo(Integer.toString(2 * 5 * 801 + 5 * 100));
    }

    private static void small(String table, int from) throws SQLException {
        try (Connection connection = server.connect()) {
            for (int i = 0; i < 100; i++) {
                Sql.execute(connection, "INSERT INTO " + table + " VALUES (" + (from + i) + ", 'small', 0)");
            }
        }
    }

    @Test
    @Order(1)
    void threeHundredThousandRowsAtOnce() {
        make("large");
        server.execute("BEGIN; " + insert("large", 1, 300_000) + "UPDATE large SET n = -n WHERE id % 10 = 0; "
                + "DELETE FROM large WHERE id % 7 = 0; COMMIT");
        pairs.check("large");
        server.execute("UPDATE large SET v = v || 'x' WHERE id % 2 = 0");
        pairs.snapshot("large");
    }

    @Test
    @Order(1)
    void anEngineThatDiesWhileOneIsInProgress() throws SQLException {
        make("halfway");
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, insert("halfway", 1, 10_000));
            pairs.change("halfway", insert("halfway", 50_001, 50_100));
            server.killEngine();
            Sql.execute(connection, insert("halfway", 10_001, 12_000));
            server.awaitEngineAnswers();
            pairs.change("halfway", "UPDATE halfway SET n = 0");
            Sql.execute(connection, "UPDATE halfway SET n = 1");
            connection.commit();
        }
        pairs.check("halfway");
        assertThat(server.value("SELECT count(*) FROM halfway_c WHERE n = 1")).isEqualTo("12100");
    }

    @Test
    @Order(2)
    void allOfThemAfterRestarts() {
        pairs.checkAllThroughRestarts();
    }
}
