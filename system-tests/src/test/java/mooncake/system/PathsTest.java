package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import mooncake.system.PathSchemas.Outcome;
import mooncake.testing.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The queries of `paths.sql` give the heap's columns, rows and errors on mirrors, whichever path each of them takes.
class PathsTest {
    private static final Pattern ORDERED =
            Pattern.compile(".*\\bORDER BY [^()]*(\\([^()]*\\)[^()]*)*;", Pattern.DOTALL);

    private static PostgresServer server;
    private static Connection heap;
    private static Connection mirror;
    private static Connection scans;
    private static int whole;

    record Query(String name, String sql) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() throws SQLException {
        server = PathSchemas.start();
        heap = PathSchemas.connect(server, PathSchemas.HEAP);
        mirror = PathSchemas.connect(server, PathSchemas.MIRROR);
        scans = PathSchemas.connect(server, PathSchemas.SCANS);
    }

    @AfterAll
    static void stop() throws SQLException {
        System.out.println("PathsTest: " + whole + " of " + queries().size() + " queries ran whole in DuckDB");
        heap.close();
        mirror.close();
        scans.close();
        server.close();
    }

    static List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (String part : PathSchemas.resource("paths.sql").split("(?m)^-- ", -1)) {
            if (!part.isBlank()) {
                int end = part.indexOf('\n');
                queries.add(new Query(
                        part.substring(0, end), part.substring(end + 1).strip()));
            }
        }
        return queries;
    }

    @ParameterizedTest
    @MethodSource("queries")
    void mirrorsAnswerAsHeapTables(Query query) throws SQLException {
        Outcome expected = PathSchemas.run(heap, query.sql());
        Outcome pushed = PathSchemas.run(mirror, query.sql());
        Outcome scanned = PathSchemas.run(scans, query.sql());
        boolean ordered = ORDERED.matcher(query.sql()).matches();
        assertThat(ordered ? pushed : pushed.sorted()).as("mirror").isEqualTo(ordered ? expected : expected.sorted());
        assertThat(ordered ? scanned : scanned.sorted())
                .as("by scans")
                .isEqualTo(ordered ? expected : expected.sorted());
        if (!expected.columns().equals(List.of("error"))) {
            assertThat(PathSchemas.explain(scans, query.sql())).doesNotContain("whole query in DuckDB");
            whole += PathSchemas.explain(mirror, query.sql()).contains("whole query in DuckDB") ? 1 : 0;
        }
    }
}
