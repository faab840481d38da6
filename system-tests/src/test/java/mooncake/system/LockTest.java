package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import mooncake.testing.Await;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

/// Nobody who works on the source waits for a mirror.
class LockTest extends ServerFixture {
    /// A mirror made while others write: they go on, and what they had written before is in it.
    @Test
    void writersGoOnWhileAMirrorIsMade() throws Exception {
        server.execute(
                "CREATE TABLE busy (id int PRIMARY KEY, v text)",
                "INSERT INTO busy SELECT i, 'v' || i FROM generate_series(1, 100000) i");
        AtomicBoolean stop = new AtomicBoolean();
        Set<String> locks = new TreeSet<>();
        try (Connection writer = server.connect()) {
            writer.setAutoCommit(false);
            Sql.execute(writer, "SET lock_timeout = '10s'");
            Sql.execute(writer, "INSERT INTO busy VALUES (-1, 'open before')");
            CompletableFuture<Void> watch = CompletableFuture.runAsync(
                    () -> {
                        while (!stop.get()) {
                            server.rows("SELECT DISTINCT mode FROM pg_locks WHERE relation = 'busy'::regclass"
                                            + " AND pid <> " + pid(writer))
                                    .forEach(row -> locks.add(row.getFirst()));
                        }
                    },
                    Thread.ofPlatform()::start);
            CompletableFuture<Void> made = CompletableFuture.runAsync(
                    () -> server.execute("CALL mooncake.create_table('busy_c', 'busy')"), Thread.ofPlatform()::start);
            for (int i = 0; i < 200; i++) {
                Sql.execute(writer, "UPDATE busy SET v = v || '.' WHERE id = " + (1 + i));
                if (i % 10 == 9) {
                    writer.commit();
                }
            }
            made.join();
            Sql.execute(writer, "DELETE FROM busy WHERE id > 99990");
            writer.commit();
            MirrorTestServer.assertMirrors(server, "busy", "busy_c");
            stop.set(true);
            watch.join();
        }
        assertThat(locks).isSubsetOf("AccessShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock");
    }

    private static int pid(Connection connection) {
        try {
            return connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// An autovacuum that takes long makes way.
    @Test
    void autovacuumMakesWay() {
        server.execute(
                "CREATE TABLE crowded (id int PRIMARY KEY, v text) WITH (autovacuum_vacuum_threshold = 0,"
                        + " autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 100,"
                        + " autovacuum_vacuum_cost_limit = 1)",
                "INSERT INTO crowded SELECT i, repeat('v', 500) FROM generate_series(1, 20000) i",
                "UPDATE crowded SET v = v || '.'",
                "ALTER SYSTEM SET autovacuum_naptime = '1s'",
                "ALTER SYSTEM SET autovacuum = on",
                "SELECT pg_reload_conf()");
        try {
            awaitVacuum();
            server.execute("CALL mooncake.create_table('crowded_c', 'crowded')");
            MirrorTestServer.assertMirrors(server, "crowded", "crowded_c");
            awaitVacuum();
            server.execute("DROP TABLE crowded_c");
        } finally {
            server.execute(
                    "ALTER SYSTEM RESET autovacuum",
                    "ALTER SYSTEM RESET autovacuum_naptime",
                    "SELECT pg_reload_conf()",
                    "DROP TABLE crowded");
        }
    }

    private static void awaitVacuum() {
        Await.until(
                "autovacuum works on the table",
                Duration.ofSeconds(60),
                () -> server.value("SELECT count(*) FROM pg_stat_progress_vacuum WHERE relid = 'crowded'::regclass")
                        .equals("1"));
    }

    /// Dropping a mirror under a writer's nose waits for nobody for long, or says that it could not.
    @Test
    void aMirrorIsDroppedWhileATransactionIsOpen() throws SQLException {
        server.execute(
                "CREATE TABLE held (id int PRIMARY KEY, v text)",
                "INSERT INTO held SELECT i, 'v' FROM generate_series(1, 100) i",
                "CALL mooncake.create_table('held_c', 'held')");
        MirrorTestServer.assertMirrors(server, "held", "held_c");
        try (Connection writer = server.connect()) {
            writer.setAutoCommit(false);
            Sql.execute(writer, "UPDATE held SET v = 'open'");
            server.execute("DROP TABLE held_c");
            Sql.execute(writer, "UPDATE held SET v = 'still open'");
            writer.commit();
        }
        assertThat(server.value("SELECT count(*) FROM pg_publication_tables WHERE tablename = 'held'"))
                .isEqualTo("0");
    }
}
