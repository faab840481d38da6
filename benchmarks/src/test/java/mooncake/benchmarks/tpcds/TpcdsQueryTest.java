package mooncake.benchmarks.tpcds;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

class TpcdsQueryTest {
    @Test
    void postgresPlansEveryQuery() throws SQLException {
        try (PostgresServer server = PostgresServer.preferred().plain().start();
                Connection connection = server.connect()) {
            TpcdsDatabase.load(server::connect, 0.01, step -> {});
            assertThat(TpcdsQuery.all()).hasSize(103);
            for (TpcdsQuery query : TpcdsQuery.all()) {
                assertThat(Sql.rows(connection, "EXPLAIN " + query.in("public")))
                        .as(query.name())
                        .isNotEmpty();
            }
        }
    }
}
