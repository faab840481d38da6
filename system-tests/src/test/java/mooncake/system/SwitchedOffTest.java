package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

/// Servers that are not set up for mirrors say what is missing and how to get it.
class SwitchedOffTest {
    @Test
    void aServerWithoutThePreloadedLibrary() {
        try (PostgresServer server = PostgresServer.preferred().plain().start()) {
            Refusal.of(server, "CREATE EXTENSION ivy_mooncake CASCADE")
                    .is("55000", "ivy_mooncake must be loaded through shared_preload_libraries")
                    .hints("Set shared_preload_libraries = 'ivy_mooncake' and wal_level = logical");
        }
    }

    @Test
    void walLevelThenSlotsThenTheEngine() throws SQLException {
        try (PostgresServer server = PostgresServer.preferred()
                .set("wal_level", "replica")
                .set("max_replication_slots", "1")
                .start()) {
            server.execute("CREATE EXTENSION ivy_mooncake CASCADE", "CREATE TABLE r (id int PRIMARY KEY)");
            Refusal.of(server, "CALL mooncake.create_table('c', 'r')")
                    .is("55000", "mirrors need wal_level \"logical\"")
                    .hints("Set wal_level = logical and restart the server.");
            assertThat(server.value("SELECT to_regclass('c') IS NULL")).isEqualTo("t");

            server.set("wal_level", "logical");
            server.restart();
            server.execute("CALL mooncake.create_table('c', 'r')", "INSERT INTO r VALUES (1)");
            MirrorTestServer.assertMirrors(server, "r", "c");
            server.execute("CREATE DATABASE second");
            try (Connection second = server.connect("second", "postgres")) {
                Sql.execute(second, "CREATE EXTENSION ivy_mooncake CASCADE");
                Sql.execute(second, "CREATE TABLE r (id int PRIMARY KEY)");
                Refusal.of(second, "CALL mooncake.create_table('c', 'r')")
                        .is("53400", "all replication slots are in use")
                        .hints("increase max_replication_slots");
                assertThat(Sql.value(second, "SELECT to_regclass('c') IS NULL")).isEqualTo("t");
            }
            server.execute("INSERT INTO r VALUES (2)");
            MirrorTestServer.assertMirrors(server, "r", "c");

            server.set("pg_mooncake.enable_bgworker", "off");
            server.restart();
            assertThatNothingRuns(server);
            server.execute("INSERT INTO r VALUES (3)");
            server.set("pg_mooncake.enable_bgworker", "on");
            server.restart();
            MirrorTestServer.assertMirrors(server, "r", "c");
        }
    }

    private static void assertThatNothingRuns(PostgresServer server) {
        Refusal.of(server, "CALL mooncake.create_table('d', 'r')")
                .is("55000", "mirrors need the engine, which is switched off")
                .hints("Set pg_mooncake.enable_bgworker = on and restart the server.");
        for (String query :
                new String[] {"SELECT * FROM c", "SELECT count(*) FROM c, r", "CALL mooncake.create_snapshot('c')"}) {
            Refusal.of(server, query)
                    .is("57P03", "the mooncake engine is not running")
                    .hints("pg_mooncake.enable_bgworker is off");
        }
        assertThat(server.value("SELECT mooncake.bgworker_status() ->> 'guc_enabled'"))
                .isEqualTo("false");
        assertThat(server.value("SELECT mooncake.bgworker_status() ->> 'socket_listening'"))
                .isEqualTo("false");
        assertThat(server.value("SELECT state FROM mooncake.status() WHERE \"table\" LIKE '%c'"))
                .isEqualTo("engine not running");
        assertThat(server.engine()).isEmpty();
    }
}
