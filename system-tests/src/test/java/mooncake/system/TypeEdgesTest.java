package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Keys of all kinds of types, random values, values that their column's layout cannot hold, and what runs in DuckDB.
class TypeEdgesTest extends ServerFixture {
    @BeforeAll
    static void prepare() {
        EveryTypes.setUp(server);
    }

    @Test
    void keysOfEveryKindFindTheirRows() {
        String[][] keys = {
            {"numeric", "i * 1.10 + i"},
            {"inet", "'10.0.0.0'::inet + i"},
            {"interval", "i * '1 hour 1 day'::interval"},
            {"text[]", "ARRAY[i::text, 'x']"},
            {"pair", "ROW(i, 'x', ARRAY[i])::pair"},
            {"counted", "i"},
            {"int4range", "int4range(i, i + 5)"},
            {"oid", "i::oid"},
            {"money", "i::money"},
            {"timetz", "'00:00+00'::timetz + i * '1 s'::interval"},
            {"varbit", "i::bit(12)::varbit"},
            {"xid8", "i::text::xid8"},
            {"name", "('n' || i)::name"},
            {"priced", "ROW(i, i::money)::priced"}
        };
        for (String[] key : keys) {
            String table = "key_" + key[0].replaceAll("\\W", "_");
            server.execute(
                    "CREATE TABLE " + table + " (k " + key[0] + " PRIMARY KEY, n int)",
                    "INSERT INTO " + table + " SELECT " + key[1] + ", i FROM generate_series(1, 100) i",
                    "CALL mooncake.create_table('" + table + "_c', '" + table + "')",
                    "INSERT INTO " + table + " SELECT " + key[1] + ", i FROM generate_series(101, 200) i",
                    "UPDATE " + table + " SET n = -n WHERE n % 3 = 0",
                    "DELETE FROM " + table + " WHERE n % 7 = 0",
                    "CALL mooncake.create_snapshot('" + table + "_c')",
                    "UPDATE " + table + " SET n = n + 1000 WHERE n % 5 = 0",
                    "DELETE FROM " + table + " WHERE n % 11 = 0");
            MirrorTestServer.assertMirrors(server, table, table + "_c");
        }
    }

    @Test
    void domainsAndNumericsAreComputedWith() {
        server.execute(
                "CREATE TABLE computed (id int PRIMARY KEY, c counted, p price, n numeric, m moment, a anynumber)",
                "INSERT INTO computed SELECT i, i, i * 1.25, i * 1.5, '2024-01-01'::timestamptz + i * '1 h'::interval,"
                        + " i FROM generate_series(1, 100) i",
                "CALL mooncake.create_table('computed_c', 'computed')");
        for (String query : List.of(
                "SELECT sum(c), sum(p), sum(n), max(m), sum(a) FROM %s",
                "SELECT c + 1, p * 2, n / 3, a + 1 FROM %s WHERE c > 50 AND p < 100 AND n > 80 AND a < 75",
                "SELECT count(*), c %% 3 FROM %s GROUP BY 2 ORDER BY 2")) {
            assertThat(server.rows(query.formatted("computed_c")))
                    .as(query)
                    .isEqualTo(server.rows(query.formatted("computed")));
            assertThat(server.rows("EXPLAIN " + query.formatted("computed_c")).toString())
                    .as(query)
                    .contains("whole query in DuckDB");
        }
    }

    @Test
    void valuesThatFitNoLayoutAreKeptAsText() {
        server.execute(
                "CREATE TABLE odd (id int PRIMARY KEY, n numeric(10,2), t timestamp, z timestamptz, p price)",
                "INSERT INTO odd SELECT i, i, now(), now(), i FROM generate_series(1, 10) i",
                "INSERT INTO odd VALUES (11, 'NaN', NULL, NULL, NULL)",
                "CALL mooncake.create_table('odd_c', 'odd')");
        MirrorTestServer.assertMirrors(server, "odd", "odd_c");
        server.execute("INSERT INTO odd VALUES (12, 1, '294276-12-31 23:59:59.999999', '294276-12-31 12:00+00', 5)");
        MirrorTestServer.assertMirrors(server, "odd", "odd_c");
        server.execute("INSERT INTO odd VALUES (13, 1, '4713-01-01 BC', '0044-03-15 10:00+00 BC', 'NaN')");
        MirrorTestServer.assertMirrors(server, "odd", "odd_c");
        server.execute("CALL mooncake.create_snapshot('odd_c')", "UPDATE odd SET n = n + 1 WHERE id > 10");
        server.killEngine();
        server.awaitEngineAnswers();
        MirrorTestServer.assertMirrors(server, "odd", "odd_c");
        assertThat(server.rows("SELECT count(*), max(n), sum(n) FILTER (WHERE id < 11) FROM odd_c"))
                .isEqualTo(server.rows("SELECT count(*), max(n), sum(n) FILTER (WHERE id < 11) FROM odd"));
    }

    @Test
    void randomValuesSurvive() {
        long seed = System.nanoTime();
        server.execute(
                "CREATE TABLE randoms (id int PRIMARY KEY, t text[], u text[][], p pair, n numeric, i interval,"
                        + " z timestamptz[], r textrange, b varbit, f float8[], g float4[], a inet, j jsonb[],"
                        + " v tsvector, q pair[])",
                "CALL mooncake.create_table('randoms_c', 'randoms')");
        RandomValues random = new RandomValues(seed);
        for (int batch = 0; batch < 4; batch++) {
            List<String> rows = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                rows.add(random.row(100 * batch + i));
            }
            server.execute("INSERT INTO randoms VALUES " + String.join(", ", rows));
            try {
                MirrorTestServer.assertMirrors(server, "randoms", "randoms_c");
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
            server.execute(
                    batch % 2 == 0
                            ? "CALL mooncake.create_snapshot('randoms_c')"
                            : "DELETE FROM randoms WHERE id % 7 = 0");
        }
        MirrorTestServer.assertMirrors(server, "randoms", "randoms_c");
    }
}
