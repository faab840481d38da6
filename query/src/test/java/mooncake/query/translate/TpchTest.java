package mooncake.query.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import mooncake.testing.PostgresServer;
import mooncake.testing.TpchDatabase;
import mooncake.testing.TpchQuery;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// All queries of TPC-H are translated whole and give Postgres' rows, to the last digit and in the same order.
class TpchTest {
    private static final double SCALE = 0.01;

    @TempDir
    private static Path folder;

    private static Differential sides;

    @BeforeAll
    static void load() throws Exception {
        sides = new Differential(PostgresServer.preferred());
        TpchDatabase.load(sides.server()::connect, SCALE, _ -> {});
        for (String table : TpchDatabase.TABLES) {
            sides.mirrorByFile(table, folder);
        }
    }

    @AfterAll
    static void close() throws SQLException {
        sides.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22})
    void query(int number) throws SQLException {
        String query = TpchQuery.read(number).on(name -> name);
        if (sides.onPostgres(query) instanceof Differential.Outcome.Rows(var expected)
                && sides.onDuck(query) instanceof Differential.Outcome.Rows(var actual)) {
            assertThat(sides.difference(query, expected, actual, true)).isNull();
        } else {
            assertThat(sides.onDuck(query)).as("on DuckDB").isInstanceOf(Differential.Outcome.Rows.class);
            assertThat(sides.onPostgres(query)).as("on Postgres").isInstanceOf(Differential.Outcome.Rows.class);
        }
    }
}
