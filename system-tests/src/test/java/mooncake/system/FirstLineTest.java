package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import mooncake.testing.Await;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

/// The session that the README shows, statement by statement.
class FirstLineTest extends ServerFixture {
    @Test
    void everyCommitIsSeenAtOnceFromAnySession() {
        server.execute(
                "CREATE TABLE r (id int PRIMARY KEY, name text, amount numeric(12,2))",
                "INSERT INTO r SELECT i, 'name ' || i, i * 1.25 FROM generate_series(1, 1000) i",
                "CALL mooncake.create_table('c', 'r')");
        MirrorTestServer.assertMirrors(server, "r", "c");
        for (int i = 0; i < 50; i++) {
            server.execute(
                    "INSERT INTO r VALUES (" + (10_000 + i) + ", NULL, -0.01)",
                    "UPDATE r SET name = 'changed' || id, amount = amount + 1 WHERE id % 50 = " + i,
                    "DELETE FROM r WHERE id = " + (i + 1));
            assertThat(server.rows("SELECT count(*), sum(amount), min(name) FROM c"))
                    .isEqualTo(server.rows("SELECT count(*), sum(amount), min(name) FROM r"));
        }
        MirrorTestServer.assertMirrors(server, "r", "c");
    }

    @Test
    void keyChangesTruncateAndToastAreFollowed() {
        server.execute(
                "CREATE TABLE toasted (id int PRIMARY KEY, big text, n int)",
                "ALTER TABLE toasted ALTER big SET STORAGE EXTERNAL",
                "INSERT INTO toasted SELECT i, repeat(md5(i::text), 400), i FROM generate_series(1, 20) i",
                "CALL mooncake.create_table('toasted_c', 'toasted')",
                "UPDATE toasted SET n = n + 1",
                "INSERT INTO toasted SELECT i, repeat(md5(i::text), 400), i FROM generate_series(21, 40) i",
                "UPDATE toasted SET n = n + 1");
        MirrorTestServer.assertMirrors(server, "toasted", "toasted_c");
        server.execute("CALL mooncake.create_snapshot('toasted_c')", "UPDATE toasted SET n = n * 2 WHERE id > 15");
        MirrorTestServer.assertMirrors(server, "toasted", "toasted_c");
        server.execute("UPDATE toasted SET id = id + 100 WHERE id < 10", "UPDATE toasted SET id = -id");
        MirrorTestServer.assertMirrors(server, "toasted", "toasted_c");
        server.execute("BEGIN; INSERT INTO toasted VALUES (1000, 'x', 1); TRUNCATE toasted;"
                + " INSERT INTO toasted VALUES (7, 'after', 7); COMMIT");
        MirrorTestServer.assertMirrors(server, "toasted", "toasted_c");
        server.execute("CALL mooncake.create_snapshot('toasted_c')");
        MirrorTestServer.assertMirrors(server, "toasted", "toasted_c");
    }

    @Test
    void createTableIsTransactional() throws SQLException {
        server.execute("CREATE TABLE undone (id int PRIMARY KEY)");
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "CALL mooncake.create_table('undone_c', 'undone')");
            connection.rollback();
        }
        assertThat(server.value("SELECT count(*) FROM mooncake.tables WHERE source = 'undone'::regclass"))
                .isEqualTo("0");
        assertThat(server.value("SELECT to_regclass('undone_c') IS NULL")).isEqualTo("t");
        assertThat(server.value("SELECT count(*) FROM pg_publication_tables WHERE tablename = 'undone'"))
                .isEqualTo("0");
    }

    @Test
    void snapshotsAreListedWithTheirLsns() {
        server.execute(
                "CREATE TABLE snapped (id bigint PRIMARY KEY, v text)",
                "CALL mooncake.create_table('snapped_c', 'snapped')",
                "INSERT INTO snapped SELECT i, i::text FROM generate_series(1, 100) i");
        String before = server.value("SELECT pg_current_wal_lsn()");
        server.execute("CALL mooncake.create_snapshot('snapped_c')");
        List<String> row = server.rows("SELECT commit_lsn >= '" + before + "'::pg_lsn, flush_lsn >= '" + before
                        + "'::pg_lsn, iceberg_warehouse_location FROM mooncake.list_tables()"
                        + " WHERE \"table\" LIKE '%snapped_c'")
                .getFirst();
        assertThat(row.subList(0, 2)).containsExactly("t", "t");
        assertThat(Path.of(row.get(2)).resolve("metadata")).isDirectory();
    }

    @Test
    void droppingAMirrorRemovesItsFilesAndLeavesTheSource() {
        server.execute(
                "CREATE TABLE kept (a int NOT NULL, b int)",
                "CREATE UNIQUE INDEX kept_a ON kept (a)",
                "INSERT INTO kept VALUES (1, 2)",
                "CALL mooncake.create_table('dropped_c', 'kept')",
                "CALL mooncake.create_snapshot('dropped_c')");
        assertThat(server.value("SELECT relreplident FROM pg_class WHERE oid = 'kept'::regclass"))
                .isEqualTo("i");
        Path location = Path.of(server.value("SELECT iceberg_warehouse_location FROM mooncake.list_tables()"
                + " WHERE \"table\" LIKE '%dropped_c'"));
        assertThat(location).isDirectory();
        server.execute("DROP TABLE dropped_c");
        assertThat(server.value("SELECT relreplident FROM pg_class WHERE oid = 'kept'::regclass"))
                .isEqualTo("d");
        assertThat(server.value("SELECT count(*) FROM pg_publication_tables WHERE tablename = 'kept'"))
                .isEqualTo("0");
        assertThat(server.value("SELECT count(*) FROM kept")).isEqualTo("1");
        Await.until("files of dropped_c are gone", MirrorTestServer.LIMIT, () -> !Files.exists(location));
        server.execute("UPDATE kept SET b = 3", "CALL mooncake.create_table('dropped_c', 'kept')");
        MirrorTestServer.assertMirrors(server, "kept", "dropped_c");
    }

    @Test
    void theStatusNamesTheEngine() {
        assertThat(server.value("SELECT s->>'socket_listening' FROM mooncake.bgworker_status() s"))
                .isEqualTo("true");
        assertThat(server.value("SELECT s->>'engine_pid' FROM mooncake.bgworker_status() s"))
                .isEqualTo(Long.toString(server.enginePid()));
        assertThat(server.value("SELECT s->>'engine_version' FROM mooncake.bgworker_status() s"))
                .isEqualTo("0.1.0");
    }

    @Test
    void mirrorsAreReadOnly() {
        server.execute("CREATE TABLE ro (id int PRIMARY KEY)", "CALL mooncake.create_table('ro_c', 'ro')");
        for (String statement : List.of(
                "INSERT INTO ro_c VALUES (1)",
                "UPDATE ro_c SET id = 2",
                "DELETE FROM ro_c",
                "TRUNCATE ro_c",
                "ALTER TABLE ro_c ADD COLUMN x int",
                "CREATE INDEX ON ro_c (id)",
                "CREATE INDEX CONCURRENTLY ON ro_c (id)",
                "SELECT * FROM ro_c FOR UPDATE",
                "CREATE TABLE heir () INHERITS (ro_c)")) {
            assertThatThrownBy(() -> server.execute(statement)).as(statement).hasMessageContaining("ro_c");
        }
    }
}
