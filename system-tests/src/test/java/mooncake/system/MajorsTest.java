package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mooncake.testing.PostgresInstall;
import mooncake.testing.PostgresServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The README's session on every major version that this machine has; the others are named and skipped.
class MajorsTest {
    static IntStream majors() {
        return IntStream.of(15, 17, 18);
    }

    private static void require(int major) {
        String missing = !PostgresInstall.majors().contains(major)
                ? "no private PostgreSQL " + major
                : !PostgresInstall.of(major).hasExtensions() ? "no extensions in PostgreSQL " + major : "";
        if (!missing.isEmpty()) {
            System.out.println("MajorsTest skips " + major + ": " + missing);
        }
        Assumptions.assumeTrue(missing.isEmpty(), missing);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void everyType(int major) {
        require(major);
        try (PostgresServer server = PostgresServer.major(major).start()) {
            server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
            boolean contrib = EveryTypes.setUp(server);
            Map<String, List<TypeCases.Type>> tables = Map.of(
                    "numbers", TypeCases.numbers(major),
                    "times", TypeCases.times(major),
                    "shapes", TypeCases.shapes(),
                    "composed", TypeCases.composed(contrib));
            tables.forEach((table, types) -> {
                EveryTypes.create(server, table, types);
                server.execute(
                        "CALL mooncake.create_table('" + table + "_c', '" + table + "')",
                        EveryTypes.insertAgain(table, types, 1_000),
                        "CALL mooncake.create_snapshot('" + table + "_c')",
                        "UPDATE " + table + " SET n = n + 1 WHERE id % 2 = 0");
                MirrorTestServer.assertMirrors(server, table, table + "_c");
            });
        }
    }

    @ParameterizedTest
    @MethodSource("majors")
    void theFirstSession(int major) {
        require(major);
        try (PostgresServer server = PostgresServer.major(major).start()) {
            server.execute(
                    "CREATE EXTENSION ivy_mooncake CASCADE",
                    "CREATE TABLE r (id int PRIMARY KEY, v text, n numeric(12,2), at timestamptz DEFAULT now())",
                    "INSERT INTO r SELECT i, 'name ' || i, i * 1.25 FROM generate_series(1, 5000) i",
                    "CALL mooncake.create_table('c', 'r')");
            MirrorTestServer.assertMirrors(server, "r", "c");
            server.execute(
                    "INSERT INTO r SELECT i, NULL, -i FROM generate_series(5001, 5100) i",
                    "UPDATE r SET v = 'changed', id = id + 10000 WHERE id % 7 = 0",
                    "DELETE FROM r WHERE id % 11 = 0");
            MirrorTestServer.assertMirrors(server, "r", "c");
            server.execute("CALL mooncake.create_snapshot('c')", "DELETE FROM r WHERE id % 13 = 0");
            MirrorTestServer.assertMirrors(server, "r", "c");
            queries(server);
            Refusal.of(server, "DELETE FROM c").is("42809", "mirror \"c\" is read-only");
            Refusal.of(server, "CREATE INDEX ON c (id)").says("0A000", "mirror \"c\"");
            server.execute("DROP TABLE c");
            assertThat(server.value("SELECT count(*) FROM mooncake.list_tables()"))
                    .isEqualTo("0");
            server.execute("CALL mooncake.create_table('c', 'r')", "UPDATE r SET n = n + 1");
            MirrorTestServer.assertMirrors(server, "r", "c");
            server.execute("DROP EXTENSION ivy_mooncake CASCADE");
            MirrorTestServer.awaitValue(server, "SELECT count(*) FROM pg_replication_slots", "0");
            assertThat(server.value("SELECT to_regclass('c') IS NULL")).isEqualTo("t");
            assertThat(server.log()).doesNotContain("PANIC", "was terminated by signal");
        }
    }

    private static void queries(PostgresServer server) {
        String whole =
                "SELECT mod(id, 10), count(*), sum(n), avg(n), min(v) FROM %s GROUP BY 1 HAVING sum(n) > 0 ORDER BY 1";
        assertSame(server, whole, "Mooncake Query");
        String withHeap = "SELECT h.id, x.v FROM (VALUES (1), (2), (15000)) h(id) LEFT JOIN %s x ON x.id = h.id"
                + " JOIN pg_database d ON d.datname = current_database() ORDER BY 1";
        assertSame(server, withHeap, "Shipped: pg_database");
        assertThat(server.rows("SELECT count(*) FROM c JOIN r USING (id, n)"))
                .isEqualTo(server.rows("SELECT count(*) FROM r"));
    }

    private static void assertSame(PostgresServer server, String query, String node) {
        String onMirror = query.formatted("c");
        assertThat(server.rows(onMirror)).isEqualTo(server.rows(query.formatted("r")));
        List<List<String>> plan = server.rows("EXPLAIN (VERBOSE, COSTS OFF) " + onMirror);
        assertThat(plan.toString()).contains(node);
    }
}
