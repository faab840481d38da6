package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import mooncake.testing.Await;
import mooncake.testing.Command;
import mooncake.testing.PostgresServer;
import mooncake.testing.TableDiff;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the slot keeps of the log, and what happens when it keeps too little.
class WalTest {
    private static final String SLOT = " FROM pg_replication_slots WHERE slot_name LIKE 'mooncake%'";

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.preferred()
                .set("max_slot_wal_keep_size", "48MB")
                .set("max_wal_size", "64MB")
                .set("min_wal_size", "32MB")
                .set("wal_sender_timeout", "0")
                .start();
        server.execute(
                "CREATE EXTENSION ivy_mooncake CASCADE",
                "CREATE TABLE quiet (id int PRIMARY KEY, v text)",
                "INSERT INTO quiet SELECT i, 'v' || i FROM generate_series(1, 1000) i",
                "CREATE TABLE noise (v text)");
        server.awaitEngineAnswers();
        server.execute("CALL mooncake.create_table('quiet_c', 'quiet')");
        MirrorTestServer.assertMirrors(server, "quiet", "quiet_c");
        server.execute("CALL mooncake.create_snapshot('quiet_c')");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void noise(int megabytes) {
        server.execute("INSERT INTO noise SELECT repeat(md5(i::text), 32) FROM generate_series(1, " + megabytes
                + " * 1000) i");
        server.execute("TRUNCATE noise", "CHECKPOINT");
    }

    private static boolean slotFollows(String lsn) {
        return server.value("SELECT confirmed_flush_lsn >= '" + lsn + "' AND restart_lsn >= '" + lsn
                        + "'::pg_lsn - 16777216" + SLOT)
                .equals("t");
    }

    @Test
    void idleMirrorsDoNotHoldBackTheLog() {
        for (int i = 0; i < 3; i++) {
            noise(8);
            String lsn = server.value("SELECT pg_current_wal_lsn()");
            Await.until("the slot follows a log without changes of mirrors", MirrorTestServer.LIMIT, () -> {
                server.value("SELECT pg_switch_wal()"); // also lets the server log its running transactions
                return slotFollows(lsn);
            });
        }
        MirrorTestServer.assertMirrors(server, "quiet", "quiet_c");
    }

    @Test
    void aSlotThatWasInvalidatedIsReplacedAndTheMirrorCopiedAgain() {
        String engine = Long.toString(server.enginePid());
        signal("STOP", engine);
        try {
            server.execute("UPDATE quiet SET v = 'lost' WHERE id < 100");
            Await.until("the slot is lost", MirrorTestServer.LIMIT, () -> {
                noise(32);
                return server.value("SELECT wal_status" + SLOT).equals("lost");
            });
            server.execute("DELETE FROM quiet WHERE id > 900");
        } finally {
            signal("CONT", engine);
        }
        Await.until(
                "the mirror is copied again",
                MirrorTestServer.LIMIT,
                () -> TableDiff.compare(server::connect, "TABLE quiet", "TABLE quiet_c")
                        .equal());
        server.execute("UPDATE quiet SET v = 'found' WHERE id < 10");
        MirrorTestServer.assertMirrors(server, "quiet", "quiet_c");
        assertThat(server.value("SELECT wal_status" + SLOT)).isIn("reserved", "extended");
    }

    private static void signal(String name, String pid) {
        Command.mustRun(Command.asServerUser(java.util.List.of("kill", "-" + name, pid)));
    }
}
