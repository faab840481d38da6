package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mooncake.testing.PostgresServer;
import org.junit.jupiter.api.Test;

/// Mirrors of many small files, of which conditions leave most out, give the rows of their sources.
class ManyFilesTest {
    private static final int ROWS = 3_000;

    private static final List<String> SHAPES = List.of(
            "SELECT * FROM %1$s a WHERE %2$s ORDER BY id",
            "SELECT count(*), min(at), max(day) FROM %1$s a WHERE %2$s",
            "SELECT a.id, b.id FROM %1$s a LEFT JOIN %1$s b ON b.id = a.id + 1 AND b.n < 30 WHERE a.id < 40 AND a.%2$s"
                    + " ORDER BY 1, 2",
            "SELECT a.id, b.id FROM %1$s b RIGHT JOIN %1$s a ON b.id = a.id * 2 WHERE b.%2$s ORDER BY 1, 2",
            "SELECT a.id, b.id FROM %1$s a FULL JOIN %1$s b ON b.id = a.id + 2000 WHERE a.%2$s ORDER BY 1, 2",
            "SELECT a.id, b.id FROM %1$s a JOIN %1$s b ON b.id = a.id AND b.%2$s ORDER BY 1, 2",
            "SELECT id FROM (SELECT * FROM %1$s) a JOIN %1$s b USING (id) WHERE b.%2$s ORDER BY 1",
            "SELECT id, EXISTS (SELECT FROM %1$s b WHERE b.id = a.id AND b.%2$s) FROM %1$s a ORDER BY 1 LIMIT 500",
            "SELECT count(*) FROM %1$s a WHERE NOT (%2$s)",
            "SELECT id FROM (SELECT * FROM %1$s ORDER BY id) a WHERE %2$s ORDER BY 1",
            "SELECT id FROM (SELECT * FROM %1$s ORDER BY id LIMIT 700) a WHERE %2$s ORDER BY 1",
            "SELECT id, r FROM (SELECT *, row_number() OVER (ORDER BY id) r FROM %1$s) a WHERE %2$s ORDER BY 1",
            "SELECT * FROM (SELECT DISTINCT ON (n) * FROM %1$s ORDER BY n, id) a WHERE %2$s ORDER BY id",
            "SELECT id, x FROM (SELECT b.*, c.n AS x FROM %1$s b LEFT JOIN %1$s c ON c.id = b.id + 1) a WHERE %2$s"
                    + " ORDER BY 1",
            "SELECT id FROM (SELECT * FROM %1$s UNION ALL SELECT b.* FROM %1$s b WHERE b.id < 70) a WHERE %2$s ORDER BY 1",
            "SELECT id FROM (SELECT * FROM %1$s EXCEPT SELECT b.* FROM %1$s b WHERE b.n = 3) a WHERE %2$s ORDER BY 1",
            "SELECT x, count(*) FROM (SELECT *, id %% 5 AS x FROM (SELECT * FROM %1$s) y) a WHERE %2$s GROUP BY 1 ORDER BY 1",
            "SELECT count(*) FROM %1$s a WHERE %2$s OR id = 5");

    @Test
    void conditionsOfAllKinds() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (PostgresServer server = PostgresServer.preferred()
                .set("pg_mooncake.flush_rows", "100")
                .set("pg_mooncake.merge_files", "off")
                .start()) {
            server.execute(
                    "CREATE EXTENSION ivy_mooncake CASCADE",
                    "CREATE TABLE source (id int PRIMARY KEY, n smallint, big bigint, day date, local timestamp, at timestamptz,"
                            + " amount numeric(20,3), name text COLLATE \"C\", code varchar(20), tag uuid)",
                    "INSERT INTO source SELECT i, i % 50, i * 1000000000::bigint, date '2023-01-01' + i / 5,"
                            + " timestamp '1969-06-01' + i * interval '9 hours', CASE WHEN i % 3 > 0 THEN"
                            + " timestamptz '2024-01-01 00:00+02' + i * interval '1 minute' END,"
                            + " i * 1.001 - 100, 'näme ' || lpad(i::text, 5, '0'), NULLIF('c' || i, 'c7'),"
                            + " (lpad(to_hex(i * 70000), 8, '0') || '-0000-0000-0000-000000000000')::uuid"
                            + " FROM generate_series(1, " + ROWS + ") i");
            server.awaitEngineAnswers();
            server.execute("CALL mooncake.create_table('mirror', 'source')", "CALL mooncake.create_snapshot('mirror')");
            assertThat(Integer.parseInt(
                            server.value("SELECT data_files FROM mooncake.status() WHERE \"table\" LIKE '%mirror'")))
                    .isGreaterThan(ROWS / 200);
            compare(server, random, 60);
            for (String condition : List.of(
                    "id BETWEEN 700 AND 720",
                    "amount BETWEEN 650.5 AND 680",
                    "name >= 'näme 00700' AND name < 'näme 00720'",
                    "tag IN ('02ebae40-0000-0000-0000-000000000000', '02ebae41-0000-0000-0000-000000000000')")) {
                leavesFilesOut(server, "SELECT sum(big) FROM mirror WHERE " + condition, 3);
                leavesFilesOut(
                        server, "SELECT sum(big) FROM (SELECT * FROM mirror WHERE n < 60) x WHERE " + condition, 3);
            }
            server.execute(
                    "DELETE FROM source WHERE id % 7 = 0",
                    "UPDATE source SET day = 'infinity', at = '-infinity' WHERE id % 100 = 1",
                    "UPDATE source SET amount = -1e16, name = 'Ω' || name, code = '' WHERE id % 100 = 4",
                    "UPDATE source SET amount = NULL, name = NULL, tag = NULL WHERE id % 100 = 5",
                    "UPDATE source SET id = -id, day = '0044-03-15 BC' WHERE id % 100 = 2",
                    "CALL mooncake.create_snapshot('mirror')",
                    "UPDATE source SET local = local + interval '1 year' WHERE id % 100 = 3",
                    "ALTER TABLE source ADD later int DEFAULT 7",
                    "ALTER TABLE source ALTER n TYPE bigint");
            compare(server, random, 60);
        }
    }

    /// EXPLAIN tells how much was read.
    private static void leavesFilesOut(PostgresServer server, String query, int read) {
        String plan = server.rows("EXPLAIN (ANALYZE) " + query).stream()
                .map(List::getFirst)
                .collect(Collectors.joining("\n"));
        assertThat(plan).containsPattern("Time in DuckDB: \\d+\\.\\d+ ms");
        int files = number(plan, "Files read");
        assertThat(files).isBetween(1, read);
        assertThat(number(plan, "Files left out")).isGreaterThan(ROWS / 200 - read);
        assertThat(number(plan, "Rows read")).isBetween(1, files * ROWS / 10);
    }

    private static int number(String plan, String name) {
        Matcher line = Pattern.compile(name + ": (\\d+)").matcher(plan);
        assertThat(line.find()).as(plan).isTrue();
        return Integer.parseInt(line.group(1));
    }

    private static void compare(PostgresServer server, Random random, int queries) {
        for (int i = 0; i < queries; i++) {
            String shape = SHAPES.get(random.nextInt(SHAPES.size()));
            String condition = condition(random);
            String onMirror = String.format(java.util.Locale.ROOT, shape, "mirror", condition);
            List<List<String>> expected = server.rows(String.format(java.util.Locale.ROOT, shape, "source", condition));
            assertThat(server.rows(onMirror)).as("%s", onMirror).isEqualTo(expected);
        }
    }

    private static String condition(Random random) {
        int id = random.nextInt(-50, ROWS + 50);
        String value = switch (random.nextInt(9)) {
            case 0 -> "id %s " + id;
            case 1 -> "n %s " + id % 60;
            case 2 -> "big %s " + id + "000000000";
            case 4 -> "amount %s " + id + ".001";
            case 5 -> "name %s 'näme 0" + id + "'";
            case 6 -> "code %s 'c" + id + "'";
            case 7 -> "tag %s '0" + (1_000_000 + Math.abs(id)) + "-0000-0000-0000-000000000000'";
            case 3 -> "day %s date '2023-01-01' + " + id / 5;
            default ->
                random.nextBoolean()
                        ? "at %s timestamptz '2024-01-01' + interval '" + id + " minutes'"
                        : "local %s timestamp '1969-06-01' + interval '" + id * 9 + " hours'";
        };
        List<String> forms = new ArrayList<>(List.of("=", "<", "<=", ">", ">=", "<>"));
        if (value.startsWith("id ")) {
            forms.add("IN (5, NULL, 17, ");
            forms.add("= ANY ('{1,2,3000}') AND a.id <> ");
        }
        String form = forms.get(random.nextInt(forms.size()));
        String sql = value.replace("%s", form);
        return form.startsWith("IN") ? sql + ")" : sql;
    }
}
