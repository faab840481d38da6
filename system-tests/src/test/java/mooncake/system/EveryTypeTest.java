package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooncake.testing.Command;
import mooncake.testing.PostgresServer;
import mooncake.testing.TableDiff;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Values of all kinds of types come back from a mirror as the same type with the same text: by copy and by log, from
/// memory and from files, under any setting of the session.
class EveryTypeTest {
    private static final List<String> SETTINGS = List.of(
            "DateStyle = 'SQL, DMY'; SET IntervalStyle = sql_standard; SET TimeZone = 'America/St_Johns'",
            "DateStyle = 'German'; SET IntervalStyle = iso_8601; SET TimeZone = 'Asia/Kathmandu';"
                    + " SET bytea_output = escape; SET extra_float_digits = -5",
            "DateStyle = 'Postgres, MDY'; SET IntervalStyle = postgres_verbose; SET search_path = pg_catalog;"
                    + " SET lc_monetary = 'C'; SET client_encoding = 'UTF8'; SET xmloption = document");

    private static PostgresServer server;
    private static boolean contrib;

    @BeforeAll
    static void start() {
        server = MirrorTestServer.start();
        contrib = EveryTypes.setUp(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void numbers() {
        follow("numbers", TypeCases.numbers(server.major()));
    }

    @Test
    void times() {
        follow("times", TypeCases.times(server.major()));
    }

    @Test
    void shapes() {
        follow("shapes", TypeCases.shapes());
    }

    @Test
    void composed() {
        follow("composed", TypeCases.composed(contrib));
    }

    @Test
    void keysOfEveryKindFindTheirRows() {
        String[][] keys = {
            {"numeric", "i * 1.10 + i"},
            {"inet", "'10.0.0.0'::inet + i"},
            {"mood", "NULL"},
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
            if (key[1].equals("NULL")) {
                continue;
            }
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

    private static void follow(String table, List<TypeCases.Type> types) {
        EveryTypes.create(server, table, types);
        String mirror = table + "_c";
        server.execute("CALL mooncake.create_table('" + mirror + "', '" + table + "')");
        compare(table);
        compareTyped(table, types);
        server.execute(
                EveryTypes.insertAgain(table, types, 1_000),
                "UPDATE " + table + " SET id = id + 10000 WHERE id % 3 = 0",
                "UPDATE " + table + " SET n = n + 1 WHERE id % 4 = 0",
                "DELETE FROM " + table + " WHERE id % 5 = 1");
        compare(table);
        server.execute("CALL mooncake.create_snapshot('" + mirror + "')");
        compare(table);
        server.execute(
                EveryTypes.insertAgain(table, types, 20_000), "UPDATE " + table + " SET n = n + 1 WHERE id % 2 = 0");
        compare(table);
        server.killEngine();
        server.awaitEngineAnswers();
        compare(table);
        for (String settings : SETTINGS) {
            assertThat(printed(settings, mirror)).as(settings).isEqualTo(printed(settings, table));
        }
    }

    private static void compare(String table) {
        String mirror = table + "_c";
        assertThat(server.rows("EXPLAIN SELECT * FROM " + mirror).toString()).contains("whole query in DuckDB");
        MirrorTestServer.assertMirrors(server, "public." + table, "public." + mirror);
    }

    /// The types, and what the translator takes of every type.
    private static void compareTyped(String table, List<TypeCases.Type> types) {
        String mirror = table + "_c";
        String typed = IntStream.range(0, types.size())
                .mapToObj(i -> "v" + i + ", pg_typeof(v" + i + ")")
                .collect(Collectors.joining(", "));
        TableDiff.assertEqualRows(
                server::connect, "SELECT " + typed + " FROM " + table, "SELECT " + typed + " FROM " + mirror);
        List<String> counts = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            counts.add("count(v" + i + "), count(*) FILTER (WHERE v" + i + " IS NULL)");
        }
        String counted = "SELECT " + String.join(", ", counts) + " FROM ";
        assertThat(server.rows(counted + mirror)).isEqualTo(server.rows(counted + table));
    }

    /// All rows as psql prints them, which knows no dates but prints what the server sends.
    private static List<String> printed(String settings, String table) {
        Command done =
                server.psql("-At", "-c", "SET " + settings, "-c", "SELECT * FROM public." + table + " ORDER BY id");
        assertThat(done.exit()).as(done.err()).isZero();
        return done.out().lines().toList();
    }
}
