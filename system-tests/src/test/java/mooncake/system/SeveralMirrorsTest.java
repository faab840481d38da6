package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import mooncake.testing.Sql;
import mooncake.testing.TableDiff;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/// More than one mirror of a source, mirrors that hold less than their source, mirrors in several databases.
class SeveralMirrorsTest extends ServerFixture {
    private static void restartEngine() {
        server.killEngine();
        server.awaitEngineAnswers();
    }

    @Test
    void threeOfOneSourceAndOneIsDropped() {
        server.execute(
                "CREATE TABLE shared (id int PRIMARY KEY, v text)",
                "INSERT INTO shared SELECT i, 'v' || i FROM generate_series(1, 300) i",
                "CALL mooncake.create_table('shared_1', 'shared')",
                "UPDATE shared SET v = 'first' WHERE id < 20",
                "CALL mooncake.create_table('shared_2', 'shared')",
                "DELETE FROM shared WHERE id < 10",
                "CALL mooncake.create_table('shared_3', 'shared')",
                "CALL mooncake.create_snapshot('shared_1')",
                "UPDATE shared SET id = id + 1000 WHERE id % 3 = 0");
        for (String mirror : List.of("shared_1", "shared_2", "shared_3")) {
            MirrorTestServer.assertMirrors(server, "shared", mirror);
        }
        assertThat(server.value("SELECT count(*) FROM shared_1 a JOIN shared_2 b USING (id, v) JOIN shared_3 c"
                        + " USING (id, v)"))
                .isEqualTo("291");
        server.execute("DROP TABLE shared_2", "INSERT INTO shared VALUES (5000, 'after')");
        restartEngine();
        server.execute("ALTER TABLE shared ADD COLUMN x int DEFAULT 3", "UPDATE shared SET x = 4 WHERE id > 1000");
        MirrorTestServer.assertMirrors(server, "shared", "shared_1");
        MirrorTestServer.assertMirrors(server, "shared", "shared_3");
    }

    @Test
    void aListOfColumns() {
        server.execute(
                "CREATE TABLE listed (secret text, id int PRIMARY KEY, a int, b text, c date)",
                "INSERT INTO listed SELECT 's' || i, i, i, 'b' || i, '2026-01-01' FROM generate_series(1, 100) i",
                "CALL mooncake.create_table('listed_c', 'listed', table_config => '{\"columns\": [\"id\", \"b\", \"a\"]}')",
                "UPDATE listed SET secret = 'changed', a = a + 1 WHERE id < 50",
                "UPDATE listed SET secret = 'only this' WHERE id > 90",
                "DELETE FROM listed WHERE id = 7");
        String columns = "SELECT id, a, b FROM ";
        TableDiff.assertEqualRows(server::connect, columns + "listed", columns + "listed_c");
        assertThat(server.value(
                        "SELECT count(*) FROM pg_attribute WHERE attrelid = 'listed_c'::regclass AND attnum > 0"))
                .isEqualTo("3");
        server.execute(
                "CALL mooncake.create_snapshot('listed_c')",
                "ALTER TABLE listed DROP COLUMN c, ADD COLUMN d int DEFAULT 8",
                "ALTER TABLE listed DROP COLUMN secret",
                "UPDATE listed SET b = 'later' WHERE id < 20");
        TableDiff.assertEqualRows(server::connect, columns + "listed", columns + "listed_c");
        restartEngine();
        TableDiff.assertEqualRows(server::connect, columns + "listed", columns + "listed_c");
    }

    @Test
    void rowsThatPassAFilter() {
        server.execute(
                "CREATE TABLE filtered (id int PRIMARY KEY, region text, v int)",
                "INSERT INTO filtered SELECT i, CASE i % 3 WHEN 0 THEN 'eu' WHEN 1 THEN 'us' END, i"
                        + " FROM generate_series(1, 300) i",
                "CALL mooncake.create_table('filtered_c', 'filtered', table_config =>"
                        + " '{\"filter\": \"region = ''eu'' AND v > 20\"}')",
                "UPDATE filtered SET region = 'eu' WHERE id % 30 = 1",
                "UPDATE filtered SET region = NULL WHERE id % 30 = 3",
                "UPDATE filtered SET v = 1 WHERE id = 60",
                "UPDATE filtered SET id = id + 1000 WHERE id % 9 = 0",
                "DELETE FROM filtered WHERE id % 7 = 0",
                "INSERT INTO filtered VALUES (5001, 'eu', 99), (5002, 'us', 99), (5003, 'eu', 3)");
        String passing = "SELECT * FROM filtered WHERE region = 'eu' AND v > 20";
        TableDiff.assertEqualRows(server::connect, passing, "SELECT * FROM filtered_c");
        server.execute("CALL mooncake.create_snapshot('filtered_c')", "UPDATE filtered SET v = v + 15");
        TableDiff.assertEqualRows(server::connect, passing, "SELECT * FROM filtered_c");
        restartEngine();
        server.execute("UPDATE filtered SET region = 'eu' WHERE region = 'us'");
        TableDiff.assertEqualRows(server::connect, passing, "SELECT * FROM filtered_c");
    }

    @Test
    void appendOnly() {
        server.execute(
                "CREATE TABLE events (at timestamptz DEFAULT now(), what text)",
                "INSERT INTO events (what) SELECT 'before' FROM generate_series(1, 100)",
                "CALL mooncake.create_table('events_c', 'events', table_config => '{\"append_only\": true}')",
                "INSERT INTO events (what) SELECT 'after' FROM generate_series(1, 100)");
        MirrorTestServer.assertMirrors(server, "events", "events_c");
        assertThat(server.value("SELECT relreplident FROM pg_class WHERE oid = 'events'::regclass"))
                .isNotEqualTo("n");
        restartEngine();
        server.execute("TRUNCATE events", "INSERT INTO events (what) VALUES ('new')");
        MirrorTestServer.assertMirrors(server, "events", "events_c");
        server.execute("DELETE FROM events");
        MirrorTestServer.awaitValue(
                server, "SELECT state FROM mooncake.status() WHERE \"table\" = 'public.events_c'", "failed");
    }

    @Test
    void unknownWordsInAConfigurationAreErrors() {
        server.execute("CREATE TABLE configured (id int PRIMARY KEY)");
        for (String config : List.of(
                "{\"colums\": [\"id\"]}",
                "{\"columns\": [\"nothing\"]}",
                "{\"columns\": []}",
                "{\"append_only\": 1}",
                "{\"on_ddl\": \"panic\"}",
                "{\"filter\": \"no_such_column = 1\"}",
                "[1]")) {
            String call = "CALL mooncake.create_table('configured_c', 'configured', table_config => '"
                    + config.replace("'", "''") + "')";
            assertThatThrownBy(() -> server.execute(call)).as(config).hasRootCauseInstanceOf(PSQLException.class);
            assertThat(server.value("SELECT to_regclass('configured_c') IS NULL"))
                    .isEqualTo("t");
        }
    }

    @Test
    void mirrorsInTwoDatabases() throws SQLException {
        server.execute("CREATE DATABASE second");
        try (Connection second = server.connect("second", "postgres")) {
            Sql.execute(second, "CREATE EXTENSION ivy_mooncake CASCADE");
            Sql.execute(second, "CREATE TABLE same_name (id int PRIMARY KEY, v text)");
            server.execute("CREATE TABLE same_name (id int PRIMARY KEY, v text)");
            Sql.execute(second, "CALL mooncake.create_table('same_name_c', 'same_name')");
            server.execute("CALL mooncake.create_table('same_name_c', 'same_name')");
            for (int i = 0; i < 20; i++) {
                Sql.execute(second, "INSERT INTO same_name VALUES (" + i + ", 'second')");
                server.execute("INSERT INTO same_name VALUES (" + (100 + i) + ", 'first')");
            }
            assertThat(Sql.value(second, "SELECT sum(id) FROM same_name_c WHERE v = 'second'"))
                    .isEqualTo("190");
            MirrorTestServer.assertMirrors(server, "same_name", "same_name_c");
            restartEngine();
            Sql.execute(second, "UPDATE same_name SET id = -id WHERE id > 0");
            assertThat(Sql.value(second, "SELECT sum(id) FROM same_name_c WHERE v = 'second'"))
                    .isEqualTo("-190");
            assertThat(server.value("SELECT count(DISTINCT slot_name) FROM pg_replication_slots WHERE slot_name LIKE"
                            + " 'mooncake%'"))
                    .isEqualTo("2");
            Sql.execute(second, "DROP EXTENSION ivy_mooncake CASCADE");
        }
        MirrorTestServer.awaitValue(
                server, "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'mooncake%'", "1");
        MirrorTestServer.awaitValue(server, "SELECT count(*) FROM pg_stat_activity WHERE datname = 'second'", "0");
        server.execute("DROP DATABASE second", "UPDATE same_name SET v = 'alone'");
        MirrorTestServer.assertMirrors(server, "same_name", "same_name_c");
    }

    /// The engine compares text byte by byte.
    @Test
    void aFilterByANondeterministicCollationIsRefused() {
        server.execute(
                "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE TABLE spelled (id int PRIMARY KEY, v text COLLATE loose, w text)");
        List<String> filters =
                List.of("v = ''a''", "w IN (''a'', ''b'') OR NOT v <> ''x''", "w = ''a'' COLLATE public.loose");
        for (String filter : filters) {
            Refusal.of(
                            server,
                            "CALL mooncake.create_table('spelled_c', 'spelled', NULL, '{\"filter\": \"" + filter
                                    + "\"}')")
                    .says("22023", "nondeterministic collation");
        }
    }
}
