package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mooncake.testing.Sql;
import mooncake.testing.TpchDatabase;
import mooncake.testing.TpchQuery;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The 22 queries of TPC-H run whole in DuckDB with Postgres' exact answers, also with changes in memory and deletes.
class TpchTest extends ServerFixture {
    @BeforeAll
    static void prepare() {
        TpchDatabase.load(server::connect, 0.01, message -> {});
        for (String table : TpchDatabase.TABLES) {
            server.execute("CALL mooncake.create_table('" + table + "_c', '" + table + "')");
        }
        server.execute(
                "UPDATE lineitem SET quantity = quantity + 1 WHERE orderkey % 97 = 0",
                "DELETE FROM lineitem WHERE orderkey % 101 = 0",
                "UPDATE orders SET totalprice = totalprice * 1.01 WHERE orderkey % 89 = 0");
    }

    static List<TpchQuery> queries() {
        return TpchQuery.all();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void answersAreThoseOfTheHeap(TpchQuery query) throws Exception {
        String mirror = query.on(table -> table + "_c");
        try (var connection = server.connect()) {
            List<List<String>> expected = Sql.rows(connection, query.on(table -> table));
            assertThat(Sql.rows(connection, mirror)).isEqualTo(expected);
            assertThat(Sql.rows(connection, "EXPLAIN (VERBOSE, COSTS OFF) " + mirror)
                            .toString())
                    .as("runs whole in DuckDB")
                    .contains("Mooncake Query")
                    .doesNotContain("Not pushed");
        }
    }
}
