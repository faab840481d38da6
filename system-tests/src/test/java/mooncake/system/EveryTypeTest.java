package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooncake.testing.Command;
import mooncake.testing.TableDiff;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Values of all kinds of types come back from a mirror as the same type with the same text: by copy and by log, from
/// memory and from files, under any setting of the session.
class EveryTypeTest extends ServerFixture {
    private static final List<String> SETTINGS = List.of(
            "DateStyle = 'SQL, DMY'; SET IntervalStyle = sql_standard; SET TimeZone = 'America/St_Johns'",
            "DateStyle = 'German'; SET IntervalStyle = iso_8601; SET TimeZone = 'Asia/Kathmandu';"
                    + " SET bytea_output = escape; SET extra_float_digits = -5",
            "DateStyle = 'Postgres, MDY'; SET IntervalStyle = postgres_verbose; SET search_path = pg_catalog;"
                    + " SET lc_monetary = 'C'; SET client_encoding = 'UTF8'; SET xmloption = document");

    private static Map<String, List<TypeCases.Type>> tables = Map.of();

    @BeforeAll
    static void prepare() {
        boolean contrib = EveryTypes.setUp(server);
        tables = Map.of(
                "numbers", TypeCases.numbers(server.major()),
                "times", TypeCases.times(server.major()),
                "shapes", TypeCases.shapes(),
                "composed", TypeCases.composed(contrib));
    }

    @Test
    void everyTypeSurvives() {
        tables.forEach((table, types) -> {
            String mirror = table + "_c";
            EveryTypes.create(server, table, types);
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
                    EveryTypes.insertAgain(table, types, 20_000),
                    "UPDATE " + table + " SET n = n + 1 WHERE id % 2 = 0");
        });
        server.killEngine();
        server.awaitEngineAnswers();
        for (String table : tables.keySet()) {
            compare(table);
            for (String settings : SETTINGS) {
                assertThat(printed(settings, table + "_c")).as(settings).isEqualTo(printed(settings, table));
            }
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
