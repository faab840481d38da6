package mooncake.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.Test;

class RandomQueriesTest {
    private static final int QUERIES = 300;

    @Test
    void mostQueriesRunOnPostgresAndTheSeedDecidesThem() throws SQLException {
        try (PostgresServer server = PostgresServer.preferred().plain().start();
                Connection connection = server.connect()) {
            List<Callable> callables = Callables.read(connection).all();
            RandomTables maker = new RandomTables(new Random(1), 10);
            List<RandomTables.Table> tables = maker.tables(5);
            for (String statement : maker.statements(tables)) {
                Sql.execute(connection, statement);
            }
            int failed = 0;
            Session session = new Session(server::connect, List.of("SET statement_timeout = '10s'"));
            for (int i = 0; i < QUERIES; i++) {
                String sql = new RandomQueries(new Random(i), tables, callables)
                        .next()
                        .sql();
                assertThat(new RandomQueries(new Random(i), tables, callables)
                                .next()
                                .sql())
                        .isEqualTo(sql);
                failed += session.run(sql) instanceof Outcome.Failed ? 1 : 0;
            }
            session.close();
            assertThat(failed).isLessThan(QUERIES / 5);
        }
    }

    @Test
    void aSmallerFragmentLacksOneThing() {
        Fragment inner = new Fragment.Typed("int4", "NULL::int4", List.of(new Fragment.Fixed("a")));
        Fragment sum = new Fragment.Typed(
                "int4", "NULL::int4", List.of(inner, new Fragment.Fixed(" + "), new Fragment.Fixed("b")));
        Fragment list = new Fragment.Several("SELECT ", ", ", "", 1, List.of(sum, new Fragment.Fixed("c")));
        assertThat(list.smaller().stream().map(Fragment::sql))
                .containsExactly(
                        "SELECT a + b", "SELECT c", "SELECT NULL::int4, c", "SELECT a, c", "SELECT NULL::int4 + b, c");
    }
}
