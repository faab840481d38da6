package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import mooncake.testing.Await;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Log that the server keeps for a slot: not for idle mirrors, and not without end for others.
class RetainedWalTest {
    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.preferred()
                .set("pg_mooncake.max_retained_wal", "1MB")
                .set("pg_mooncake.retained_wal_policy", "resync")
                .start();
        server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
        server.awaitEngine();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void idleMirrorsAndIdleDatabasesKeepNoLog() throws SQLException {
        server.execute("CREATE DATABASE idle");
        try (Connection idle = server.connect("idle", "postgres")) {
            Sql.execute(idle, "CREATE EXTENSION ivy_mooncake CASCADE");
            Sql.execute(idle, "CREATE TABLE i (id int PRIMARY KEY)");
            Sql.execute(idle, "INSERT INTO i VALUES (1)");
            Sql.execute(idle, "CALL mooncake.create_table('i_c', 'i')");
            assertThat(Sql.value(idle, "SELECT count(*) FROM i_c")).isEqualTo("1");
        }
        server.execute(
                "CREATE TABLE still (id int PRIMARY KEY)",
                "INSERT INTO still VALUES (1)",
                "CALL mooncake.create_table('still_c', 'still')",
                "CREATE TABLE unmirrored AS SELECT repeat('x', 100) FROM generate_series(1, 1000)");
        assertThat(server.value("SELECT count(*) FROM still_c")).isEqualTo("1");
        String now = server.value("SELECT pg_current_wal_insert_lsn()");
        for (String database : List.of("idle", "postgres")) {
            String passed = "SELECT confirmed_flush_lsn >= '" + now + "' FROM pg_replication_slots WHERE database = '"
                    + database + "'";
            Await.until(
                    "the slot of " + database + " passes " + now,
                    MirrorTestServer.LIMIT,
                    () -> "t".equals(server.value(passed)));
        }
    }

    @Test
    void aSlotThatKeepsTooMuchIsMadeAnew() throws SQLException {
        server.execute("CREATE TABLE g (id int PRIMARY KEY, v text)", "CALL mooncake.create_table('g_c', 'g')");
        MirrorTestServer.assertMirrors(server, "g", "g_c");
        try (Connection open = server.connect()) {
            open.setAutoCommit(false);
            Sql.execute(open, "INSERT INTO g VALUES (-1, 'open')");
            server.execute("INSERT INTO g SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, 20000) i");
            server.awaitLog("event=retained_wal_resync", MirrorTestServer.LIMIT);
            open.commit();
        }
        MirrorTestServer.assertMirrors(server, "g", "g_c");
    }
}
