package mooncake.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import mooncake.testing.Await;
import mooncake.testing.Checkout;
import mooncake.testing.PostgresInstall;
import mooncake.testing.PostgresServer;
import mooncake.testing.TpchDatabase;
import mooncake.testing.TpchQuery;
import org.junit.jupiter.api.Test;

class LiveStreamTest {
    @Test
    void changesTheTablesAndStandsStillWhilePaused() throws SQLException {
        assumeTrue(
                Files.isDirectory(Checkout.root().resolve("build/postgres"))
                        && !PostgresInstall.majors().isEmpty(),
                "no private Postgres: run ./mooncake test");
        try (PostgresServer server = PostgresServer.preferred().plain().start()) {
            TpchDatabase.load(server::connect, 0.01, _ -> {});
            for (String table : TpchDatabase.TABLES) {
                server.execute("CREATE VIEW " + Mirrors.name(table) + " AS TABLE " + table);
            }
            try (LiveStream stream = LiveStream.start(server::connect, 500)) {
                Await.until("50 transactions", Duration.ofSeconds(20), () -> {
                    stream.failIfBroken();
                    return stream.transactions() >= 50;
                });
                QueryRace race = stream.whilePaused(() -> {
                    long before = stream.transactions();
                    QueryRace done;
                    try (Connection connection = server.connect()) {
                        done = QueryRace.run(connection, TpchQuery.read(1), 2);
                    }
                    assertThat(stream.transactions()).isEqualTo(before);
                    return done;
                });
                assertThat(race.equal()).isTrue();
                assertThat(race.whole()).isFalse();
            }
            assertThat(server.value("SELECT count(*) > 0 FROM orders WHERE comment = 'live'"))
                    .isEqualTo("t");
            assertThat(server.value("SELECT count(*) > 0 FROM lineitem WHERE comment = 'live'"))
                    .isEqualTo("t");
        }
    }
}
