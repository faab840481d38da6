package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import mooncake.testing.Await;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

/// What is lost comes back by itself: slots, files, values that a column's own form cannot hold. Meanwhile old rows
/// are there for whoever does not ask for the newest.
class ResyncTest extends ServerFixture {
    private static final String DROP_SLOT = """
            DO $$ BEGIN
              FOR i IN 1..1000 LOOP
                BEGIN
                  PERFORM pg_drop_replication_slot(slot_name) FROM pg_replication_slots;
                  RETURN;
                EXCEPTION WHEN object_in_use THEN
                  PERFORM pg_terminate_backend(active_pid) FROM pg_replication_slots;
                  PERFORM pg_sleep(0.01);
                END;
              END LOOP;
              RAISE 'the slot is always in use';
            END $$
            """;

    private static void make(String name) {
        server.execute(
                "CREATE TABLE " + name + " (id int PRIMARY KEY, v text, n numeric(8,2))",
                "INSERT INTO " + name + " SELECT i, 'v' || i, i FROM generate_series(1, 3000) i",
                "CALL mooncake.create_table('" + name + "_c', '" + name + "')");
        MirrorTestServer.assertMirrors(server, name, name + "_c");
        server.execute("CALL mooncake.create_snapshot('" + name + "_c')");
    }

    private static String state(String mirror) {
        return server.value("SELECT state FROM mooncake.status() WHERE \"table\" = 'public." + mirror + "'");
    }

    @Test
    void aSlotThatSomebodyDropsIsMadeAnew() {
        make("dropped");
        server.execute(DROP_SLOT, "DELETE FROM dropped WHERE id < 100", "UPDATE dropped SET v = 'new' WHERE id < 200");
        MirrorTestServer.assertMirrors(server, "dropped", "dropped_c");
        server.awaitLog("event=slot_lost", MirrorTestServer.LIMIT);
        server.execute("INSERT INTO dropped VALUES (-1, 'later', 1)");
        MirrorTestServer.assertMirrors(server, "dropped", "dropped_c");
    }

    @Test
    void aSlotThatLostItsLogWhileNoEngineRanIsMadeAnew() {
        make("behind");
        server.set("pg_mooncake.enable_bgworker", "off");
        server.set("max_slot_wal_keep_size", "1MB");
        server.restart();
        for (int i = 0; i < 4; i++) {
            server.execute("INSERT INTO behind VALUES (-1 - " + i + ", 'x', 1)", "SELECT pg_switch_wal()");
        }
        server.execute("CHECKPOINT");
        assertThat(server.value("SELECT wal_status FROM pg_replication_slots")).isEqualTo("lost");
        server.set("max_slot_wal_keep_size", "-1");
        server.set("pg_mooncake.enable_bgworker", "on");
        server.restart();
        server.awaitEngineAnswers();
        MirrorTestServer.assertMirrors(server, "behind", "behind_c");
        assertThat(server.value("SELECT wal_status FROM pg_replication_slots")).isEqualTo("reserved");
    }

    @Test
    void oldRowsAreThereWhileAMirrorIsCopiedAnew() throws SQLException {
        make("old");
        try (Connection writer = server.connect();
                Connection reader = server.connect()) {
            writer.setAutoCommit(false);
            // The copy waits for whoever was writing, so that it stays under way.
            Sql.execute(writer, "INSERT INTO old VALUES (-1, 'open', 1)");
            server.execute("CALL mooncake.resync('old_c')");
            Await.until(
                    "the copy is under way",
                    MirrorTestServer.LIMIT,
                    () -> state("old_c").equals("copying"));
            Sql.execute(reader, "SET pg_mooncake.freshness = 'eventual'");
            assertThat(Sql.value(reader, "SELECT count(*) FROM old_c")).isEqualTo("3000");
            server.killEngine();
            server.awaitEngineAnswers();
            Await.until(
                    "the old rows are found in their files",
                    MirrorTestServer.LIMIT,
                    () -> "3000".equals(Sql.value(reader, "SELECT count(*) FROM old_c")));
            Sql.execute(reader, "SET pg_mooncake.freshness = 'strict'");
            Sql.execute(reader, "SET pg_mooncake.freshness_timeout = '500ms'");
            Refusal.of(reader, "SELECT count(*) FROM old_c").says("57014", "the copy of mirror public.old_c");
            writer.commit();
        }
        MirrorTestServer.assertMirrors(server, "old", "old_c");
    }

    @Test
    void aMirrorWithALostFileIsCopiedAnew() throws IOException {
        make("lost");
        make("kept");
        for (String restart : List.of("no", "yes")) {
            server.execute("CALL mooncake.create_snapshot('lost_c')");
            Files.delete(largestFile("lost_c"));
            if (restart.equals("yes")) {
                server.killEngine();
                server.awaitEngineAnswers();
            } else {
                Refusal.of(server, "SELECT sum(length(v)) FROM lost_c").says("58P01", "data file is missing");
            }
            MirrorTestServer.assertMirrors(server, "lost", "lost_c");
            MirrorTestServer.assertMirrors(server, "kept", "kept_c");
        }
        assertThat(server.value("SELECT resync FROM mooncake.tables WHERE mirror = 'kept_c'::regclass"))
                .as("the others were left alone")
                .isEqualTo("0");
    }

    private static Path largestFile(String mirror) throws IOException {
        Path warehouse = server.dataDirectory().resolve("mooncake/pgsql_tmp_warehouse");
        try (Stream<Path> files = Files.walk(warehouse)) {
            return files.filter(path -> path.toString().contains("/" + mirror + "-")
                            && path.toString().endsWith(".parquet"))
                    .max(Comparator.comparingLong(path -> path.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    void aColumnIsKeptAsTextWhenAValueAsksForIt() {
        make("nan");
        server.execute("INSERT INTO nan VALUES (-1, 'x', 'NaN'), (-2, 'y', 1.50)");
        MirrorTestServer.assertMirrors(server, "nan", "nan_c");
        server.execute("ALTER TABLE nan ADD COLUMN more int DEFAULT 5", "UPDATE nan SET n = 'NaN' WHERE id = 7");
        MirrorTestServer.assertMirrors(server, "nan", "nan_c");
        assertThat(server.value("SELECT state FROM mooncake.status() WHERE \"table\" = 'public.nan_c'"))
                .isEqualTo("live");
        server.execute("CALL mooncake.create_snapshot('nan_c')", "UPDATE nan SET n = 2 WHERE id = 7");
        MirrorTestServer.assertMirrors(server, "nan", "nan_c");
    }

    @Test
    void anAlteredSourceIsFollowedThroughAKill() {
        make("altered");
        server.execute(
                "ALTER TABLE altered ADD COLUMN c int DEFAULT 3",
                "UPDATE altered SET c = 4 WHERE id % 2 = 0",
                "ALTER TABLE altered RENAME COLUMN v TO w",
                "ALTER TABLE altered ALTER COLUMN id TYPE bigint");
        server.killEngine();
        server.execute("INSERT INTO altered VALUES (10000000000, 'big', 1, 1)", "ALTER TABLE altered DROP COLUMN n");
        server.awaitEngineAnswers();
        MirrorTestServer.assertMirrors(server, "altered", "altered_c");
    }

    @Test
    void twoCopiesAreAskedForInOneTransaction() throws SQLException {
        make("twice");
        try (Connection writer = server.connect()) {
            writer.setAutoCommit(false);
            for (int round = 0; round < 5; round++) {
                Sql.execute(writer, "CALL mooncake.resync('twice_c')");
                Sql.execute(writer, "UPDATE twice SET v = v || '!' WHERE id % 7 = " + round);
                Sql.execute(writer, "CALL mooncake.resync('twice_c')");
                writer.commit();
            }
        }
        MirrorTestServer.assertMirrors(server, "twice", "twice_c");
        server.execute("CALL mooncake.create_snapshot('twice_c')");
        assertThat(state("twice_c")).isEqualTo("live");
    }

    /// Jobs of a mirror end while the log is amid the transaction that has it copied anew.
    @Test
    void jobsEndBetweenTheRequestOfACopyAndItsCommit() throws SQLException {
        make("amid");
        make("beside");
        try (Connection writer = server.connect();
                Connection other = server.connect()) {
            writer.setAutoCommit(false);
            for (int round = 0; round < 4; round++) {
                Sql.execute(other, "UPDATE amid SET v = 'round " + round + "' WHERE id % 3 = 0");
                Sql.execute(writer, "CALL mooncake.resync('amid_c')");
                Sql.execute(writer, "UPDATE beside SET n = n + 1");
                Thread snapshot = Thread.ofVirtual().start(() -> snapshotOrRefusal("amid_c"));
                writer.commit();
                try {
                    snapshot.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
        MirrorTestServer.assertMirrors(server, "amid", "amid_c");
        MirrorTestServer.assertMirrors(server, "beside", "beside_c");
        server.execute("CALL mooncake.create_snapshot('amid_c')");
        assertThat(state("amid_c")).isEqualTo("live");
    }

    /// A mirror that is replaced just now may say that it is not followed any more.
    private static void snapshotOrRefusal(String mirror) {
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "CALL mooncake.create_snapshot('" + mirror + "')");
        } catch (SQLException e) {
            assertThat(e.getMessage()).contains("mirror");
        }
    }
}
