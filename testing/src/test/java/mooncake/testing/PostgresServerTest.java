package mooncake.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresServerTest {
    static List<Integer> majors() {
        return Files.isDirectory(Checkout.root().resolve("build/postgres")) ? PostgresInstall.majors() : List.of(0);
    }

    @BeforeEach
    void needsPrivateTrees() {
        assumeTrue(!majors().equals(List.of(0)) && !majors().isEmpty(), "no private Postgres: run ./mooncake test");
    }

    @ParameterizedTest
    @MethodSource("majors")
    void runsFromItsPrivateTree(int major) {
        try (PostgresServer server = PostgresServer.major(major).plain().start()) {
            assertThat(server.value("SHOW server_version_num")).startsWith(Integer.toString(major));
            assertThat(server.value("SELECT setting FROM pg_config WHERE name = 'PKGLIBDIR'"))
                    .startsWith(Checkout.postgresHome().toString());
            assertThat(server.value("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'"))
                    .startsWith(Checkout.postgresHome().toString());
            assertThat(server.psql("-t", "-c", "SELECT 6 * 7").out().strip()).isEqualTo("42");
        }
    }

    @Test
    void keepsDataOverRestartAndKill() {
        PostgresServer server = PostgresServer.preferred().plain().start();
        try (server) {
            server.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
            server.restart();
            assertThat(server.value("SELECT count(*) FROM kept")).isEqualTo("1000");
            server.execute("INSERT INTO kept VALUES (1001)");

            server.kill();
            assertThat(server.isRunning()).isFalse();
            server.start();

            assertThat(server.value("SELECT count(*) FROM kept")).isEqualTo("1001");
            server.awaitLog("database system was not properly shut down", Duration.ofSeconds(5));
            server.set("work_mem", "77MB");
            server.reload();
            Await.until(
                    "the setting is read", Duration.ofSeconds(5), () -> "77MB".equals(server.value("SHOW work_mem")));
        }
        assertThat(server.isRunning()).isFalse();
        assertThat(server.dataDirectory()).doesNotExist();
    }

    @Test
    void loadsTpchAndComparesTables() {
        try (PostgresServer server = PostgresServer.preferred().plain().start()) {
            TpchDatabase.load(server::connect, 0.01, _ -> {});
            assertThat(server.value("SELECT count(*) FROM lineitem")).isEqualTo("60175");
            for (TpchQuery query : TpchQuery.all()) {
                assertThat(server.rows(query.on(name -> name)))
                        .as("Q%d", query.number())
                        .isNotNull();
            }
            assertThat(server.rows(TpchQuery.read(1).on(name -> name))).hasSize(4);

            server.execute("CREATE TABLE twin AS TABLE orders");
            TableDiff.assertMirrors(server::connect, "orders", "twin");
            server.execute(
                    "UPDATE twin SET comment = 'other' WHERE orderkey = 7",
                    "INSERT INTO twin SELECT * FROM twin WHERE orderkey = 1");
            TableDiff diff = TableDiff.compare(server::connect, "TABLE orders", "TABLE twin");
            assertThat(diff.equal()).isFalse();
            assertThat(diff.rightRows()).isEqualTo(diff.leftRows() + 1);
            assertThat(diff.differences()).hasSize(3).anyMatch(line -> line.startsWith("only right x1 [1,"));
        }
    }
}
