package mooncake.query.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mooncake.testing.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The queries of `differential/*.sql` give the same rows or the same SQLSTATE on both sides. A query that begins with
/// `!` must be left to Postgres.
class DifferentialTest {
    private static Differential sides;

    @BeforeAll
    static void load() throws Exception {
        sides = new Differential(PostgresServer.preferred());
        QueryFiles.load(sides);
    }

    @AfterAll
    static void close() throws SQLException {
        sides.close();
    }

    static Stream<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        for (String file : List.of(
                "numbers.sql",
                "numbers2.sql",
                "texts.sql",
                "collations.sql",
                "texts2.sql",
                "moments.sql",
                "moments2.sql",
                "shapes.sql",
                "shapes2.sql",
                "shapes3.sql",
                "shapes4.sql",
                "shapes5.sql",
                "edges.sql",
                "windows.sql",
                "computed.sql",
                "arrays.sql",
                "documents.sql",
                "jsons.sql",
                "names.sql",
                "printed.sql",
                "reads.sql",
                "various.sql",
                "timetz.sql",
                "refused.sql")) {
            queries.addAll(QueryFiles.statements(file));
        }
        return queries.stream();
    }

    @Test
    void catalogAgreesWithTheAllowList() {
        Catalog.check(sides.server());
    }

    @Test
    void mostFunctionsOfTheCatalogAreKnown() throws IOException {
        assertThat(Catalog.coverage(sides.server())).isGreaterThan(0.95);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void sameAnswer(String query) throws SQLException {
        QueryFiles.check(sides, query);
    }
}
