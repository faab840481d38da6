package mooncake.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import mooncake.testing.CommandLine;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

/// A short run with a seed of its own each time.
class ChaosTest {
    private static final Duration TIME = Duration.ofMinutes(1);

    @Test
    void mirrorsEqualTheirSourcesThroughFaults() {
        long seed = Long.getLong("mooncake.seed", System.nanoTime() & 0xFFFF_FFFFL);
        assertThat(Chaos.run(Options.of(TIME, seed), System.out))
                .as("seed %d", seed)
                .isTrue();
    }

    @Test
    void everyStatementOfTheWorkloadRuns() throws SQLException {
        try (PostgresServer server = PostgresServer.preferred().plain().start();
                Connection connection = server.connect()) {
            for (TableShape shape : TableShapes.of(Options.of(TIME, 1))) {
                for (String statement : shape.create()) {
                    Sql.execute(connection, statement);
                }
                Random random = new Random(7);
                for (int i = 0; i < 40; i++) {
                    Sql.execute(connection, shape.insert(shape.name(), random));
                    Sql.execute(connection, shape.update(shape.name(), random));
                    Sql.execute(connection, shape.rekey(shape.name(), random));
                    Sql.execute(connection, shape.delete(shape.name(), random));
                }
                assertThat(Sql.value(connection, "SELECT count(*) FROM " + shape.name()))
                        .as(shape.name())
                        .isNotEqualTo("0");
            }
        }
    }

    @Test
    void readsTheCommandLine() throws CommandLine.Wrong {
        Options options = Options.parse(
                "--minutes", "2.5", "--seed", "7", "--faults", "slot-drop,engine-kill", "--without", "ddl", "--long");
        assertThat(options.time()).isEqualTo(Duration.ofSeconds(150));
        assertThat(options.seed()).isEqualTo(7);
        assertThat(options.faults()).isEqualTo(Set.of(FaultKind.SLOT_DROP, FaultKind.ENGINE_KILL));
        assertThat(options.has(Feature.DDL)).isFalse();
        assertThat(options.down()).isGreaterThan(Duration.ofMinutes(1));
        assertThatThrownBy(() -> Options.parse("--minutes", "soon")).hasMessageContaining("--minutes");
        assertThatThrownBy(() -> Options.parse("--faults", "luck")).hasMessageContaining("there is no luck");
    }
}
