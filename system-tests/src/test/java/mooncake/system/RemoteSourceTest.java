package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import mooncake.testing.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Mirrors of tables that are somewhere else: in another database of the cluster, named by a URI as any other server.
class RemoteSourceTest extends ServerFixture {
    private static Connection far;

    @BeforeAll
    static void prepare() {
        server.execute("CREATE DATABASE far");
        far = server.connect("far", "postgres");
    }

    @AfterAll
    static void closeFar() throws SQLException {
        far.close();
    }

    private static String uri() {
        return "host=" + server.socketDirectory() + " port=" + server.port() + " dbname=far user=postgres";
    }

    private static void mirror(String mirror, String source, String config) {
        server.execute("CALL mooncake.create_table('" + mirror + "', '" + source + "', '" + uri() + "'"
                + (config.isEmpty() ? "" : ", '" + config + "'") + ")");
    }

    /// Compares the mirror here, read strictly, with the table there.
    private static void assertFollows(String source, String mirror) {
        assertThat(server.rows("SELECT * FROM " + mirror + " ORDER BY 1, 2"))
                .isEqualTo(farRows("SELECT * FROM " + source + " ORDER BY 1, 2"));
    }

    private static void far(String... statements) {
        try {
            for (String statement : statements) {
                Sql.execute(far, statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<List<String>> farRows(String query) {
        try {
            return Sql.rows(far, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String farValue(String query) {
        return farRows(query).getFirst().getFirst();
    }

    @Test
    void everyCommitThereIsSeenAtOnceHere() {
        far(
                "CREATE TABLE orders (id int PRIMARY KEY, name text, amount numeric(12,2), at timestamptz)",
                "INSERT INTO orders SELECT i, 'name ' || i, i * 1.25, now() FROM generate_series(1, 2000) i");
        mirror("orders_here", "orders", "");
        assertFollows("orders", "orders_here");
        for (int i = 0; i < 20; i++) {
            far(
                    "INSERT INTO orders VALUES (" + (10_000 + i) + ", NULL, -0.01, NULL)",
                    "UPDATE orders SET name = 'changed' || id WHERE id % 20 = " + i,
                    "DELETE FROM orders WHERE id = " + (i + 1));
            assertThat(server.rows("SELECT count(*), sum(amount), min(name) FROM orders_here"))
                    .isEqualTo(farRows("SELECT count(*), sum(amount), min(name) FROM orders"));
        }
        // Together with a mirror of this database in one query.
        server.execute(
                "CREATE TABLE near (id int PRIMARY KEY)",
                "INSERT INTO near VALUES (100), (10003)",
                "CALL mooncake.create_table('near_mirror', 'near')");
        assertThat(server.value("SELECT count(*) FROM orders_here JOIN near_mirror USING (id)"))
                .isEqualTo("2");
        server.execute("CALL mooncake.create_snapshot('orders_here')");
        far("UPDATE orders SET amount = amount + 1", "TRUNCATE orders", "INSERT INTO orders VALUES (1)");
        assertFollows("orders", "orders_here");
    }

    @Test
    void anEngineThatDiesGoesOnWhereItWas() {
        far(
                "CREATE TABLE kept (id int PRIMARY KEY, n int)",
                "INSERT INTO kept SELECT i, i FROM generate_series(1, 500) i");
        mirror("kept_here", "kept", "");
        assertFollows("kept", "kept_here");
        server.execute("CALL mooncake.create_snapshot('kept_here')");
        far("UPDATE kept SET n = -n WHERE id < 100");
        server.killEngine();
        far("DELETE FROM kept WHERE id > 400");
        server.awaitEngine();
        assertFollows("kept", "kept_here");
    }

    @Test
    void changesOfItsColumnsAreTakenOver() {
        far(
                "CREATE TABLE shaped (id int PRIMARY KEY, gone int, renamed text)",
                "INSERT INTO shaped VALUES (1, 1, 'a'), (2, 2, 'b')");
        mirror("shaped_here", "shaped", "");
        assertFollows("shaped", "shaped_here");
        far(
                "ALTER TABLE shaped DROP gone, ADD added int NOT NULL DEFAULT 7",
                "ALTER TABLE shaped RENAME renamed TO name",
                "INSERT INTO shaped VALUES (3, 'c', 8)");
        MirrorTestServer.awaitValue(
                server,
                "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid ="
                        + " 'shaped_here'::regclass AND attnum > 0 AND NOT attisdropped",
                "id,name,added");
        assertFollows("shaped", "shaped_here");
        far("UPDATE shaped SET added = added + id");
        assertFollows("shaped", "shaped_here");
    }

    @Test
    void partitionsColumnsAndRowsAsConfigured() {
        far(
                "CREATE TABLE parts (a int, b text, c int) PARTITION BY LIST (a)",
                "CREATE TABLE parts1 PARTITION OF parts FOR VALUES IN (1)",
                "CREATE TABLE parts2 PARTITION OF parts DEFAULT",
                "INSERT INTO parts SELECT i % 3, 'b' || i, i FROM generate_series(1, 300) i",
                "CREATE TABLE chosen (id int PRIMARY KEY, secret text, n int)",
                "INSERT INTO chosen SELECT i, 'hidden', i FROM generate_series(1, 100) i");
        mirror("parts_here", "parts", "");
        mirror("chosen_here", "chosen", "{\"columns\": [\"id\", \"n\"], \"filter\": \"n > 50\"}");
        assertFollows("parts", "parts_here");
        far(
                "UPDATE parts SET a = 1 WHERE c % 2 = 0",
                "DELETE FROM parts WHERE c < 10", "UPDATE chosen SET n = n + 5, secret = 'x'");
        assertFollows("parts", "parts_here");
        assertFollows("(SELECT id, n FROM chosen WHERE n > 50) x", "chosen_here");
    }

    @Test
    void whatWasMadeThereGoesWithTheLastMirror() {
        server.execute("CREATE DATABASE other");
        try (Connection other = server.connect("other", "postgres")) {
            Sql.execute(other, "CREATE TABLE keyless (a int)");
            Sql.execute(other, "INSERT INTO keyless VALUES (1), (1), (2)");
            server.execute("CALL mooncake.create_table('keyless_here', 'keyless', '"
                    + uri().replace("dbname=far", "dbname=other") + "')");
            MirrorTestServer.awaitValue(server, "SELECT count(*) FROM keyless_here", "3");
            Sql.execute(other, "DELETE FROM keyless WHERE a = 2");
            MirrorTestServer.awaitValue(server, "SELECT sum(a) FROM keyless_here", "2");
            assertThat(Sql.value(other, "SELECT relreplident FROM pg_class WHERE relname = 'keyless'"))
                    .isEqualTo("f");

            server.execute("DROP TABLE keyless_here");
            MirrorTestServer.awaitValue(
                    server, "SELECT count(*) FROM pg_replication_slots WHERE database = 'other'", "0");
            mooncake.testing.Await.until("the publication to go", MirrorTestServer.LIMIT, () -> isGone(other));
            assertThat(Sql.value(other, "SELECT relreplident FROM pg_class WHERE relname = 'keyless'"))
                    .isEqualTo("d");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isGone(Connection other) {
        try {
            return Sql.value(other, "SELECT count(*) FROM pg_publication").equals("0");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whileTheOtherDatabaseIsAwayOldRowsCanBeRead() throws SQLException {
        server.execute("CREATE DATABASE away");
        try (Connection away = server.connect("away", "postgres")) {
            Sql.execute(away, "CREATE TABLE t (id int PRIMARY KEY, n int)");
            Sql.execute(away, "INSERT INTO t SELECT i, i FROM generate_series(1, 100) i");
        }
        server.execute(
                "CALL mooncake.create_table('away_here', 't', '" + uri().replace("dbname=far", "dbname=away") + "')");
        assertThat(server.value("SELECT sum(n) FROM away_here")).isEqualTo("5050");
        String stream = "SELECT state FROM mooncake.status() WHERE \"table\" IS NULL AND iceberg_warehouse_location IN"
                + " (SELECT slot_name FROM pg_replication_slots WHERE database = 'away')";
        assertThat(server.value(stream)).isEqualTo("streaming");
        server.execute(
                "ALTER DATABASE away ALLOW_CONNECTIONS false",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'away'");
        MirrorTestServer.awaitValue(server, stream, "not connected");
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET pg_mooncake.freshness_timeout = '1s'");
            assertThatThrownBy(() -> Sql.value(connection, "SELECT sum(n) FROM away_here"))
                    .hasMessageContaining("gave up after");
            Sql.execute(connection, "SET pg_mooncake.freshness = 'eventual'");
            assertThat(Sql.value(connection, "SELECT sum(n) FROM away_here")).isEqualTo("5050");
        }
        server.execute("ALTER DATABASE away ALLOW_CONNECTIONS true");
        try (Connection away = server.connect("away", "postgres")) {
            Sql.execute(away, "UPDATE t SET n = n + 1");
        }
        assertThat(server.value("SELECT sum(n) FROM away_here")).isEqualTo("5150");
        server.execute("DROP TABLE away_here");
        MirrorTestServer.awaitValue(server, "SELECT count(*) FROM pg_replication_slots WHERE database = 'away'", "0");
    }

    @Test
    void badSourcesAreRefusedWithoutATrace() {
        assertThatThrownBy(
                        () -> server.execute("CALL mooncake.create_table('bad', 't', '" + uri() + " password=secret')"))
                .hasMessageContaining("password")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> mirror("bad", "no_such_table", "")).hasMessageContaining("no table");
        assertThatThrownBy(() -> server.execute("CALL mooncake.create_table('bad', 't', 'host="
                        + server.socketDirectory() + " port=" + server.port() + " dbname=nowhere user=postgres')"))
                .hasMessageContaining("nowhere");
        assertThat(server.value("SELECT count(*) FROM mooncake.tables WHERE mirror::text = 'bad'"))
                .isEqualTo("0");
        assertThat(farValue("SELECT count(*) FROM pg_publication WHERE pubname = 'mooncake'"))
                .isEqualTo("0");
    }
}
