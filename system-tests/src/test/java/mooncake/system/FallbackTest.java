package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import mooncake.system.PathSchemas.Outcome;
import mooncake.testing.Sql;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Queries of which the engine finds only while they run that it cannot compute them as Postgres does: Postgres does.
///
/// Patterns with names of characters, here those of the last rows, are such values.
class FallbackTest extends ServerFixture {
    private static final String LEFT = "Ran in Postgres: Names of characters in patterns are not translated.";

    @BeforeAll
    static void prepare() {
        server.execute(
                "CREATE SCHEMA heap",
                "CREATE SCHEMA mirror",
                "CREATE SCHEMA plain",
                "CREATE TABLE heap.items (id int PRIMARY KEY, t text, p text, n numeric, at timestamp)",
                "INSERT INTO heap.items SELECT i, 'text ' || i, CASE WHEN i % 3 = 0 THEN '[0-9]+$' ELSE '1' || i % 10"
                        + " END, i * 1.5, '2020-01-01'::timestamp + i * interval '1 hour' FROM generate_series(1, 20000) i",
                "INSERT INTO heap.items VALUES (20001, 'a b', '[[.space.]]', 1), (20002, 'ab', '[[.space.]]', 2)",
                "CALL mooncake.create_table('mirror.items', 'heap.items')",
                "CREATE TABLE plain.near (k int PRIMARY KEY, note text)",
                "INSERT INTO plain.near SELECT i, 'near ' || i FROM generate_series(0, 29) i",
                "CREATE TABLE plain.far (k int, made timestamp)",
                "INSERT INTO plain.far SELECT i, '294270-01-01'::timestamp + i * interval '1 day' FROM"
                        + " generate_series(1, 5) i",
                "CREATE FUNCTION plain.even(x int) RETURNS boolean LANGUAGE plpgsql STABLE"
                        + " AS 'BEGIN RETURN x % 2 = 0; END'",
                "CREATE FUNCTION plain.matching(lowest int) RETURNS SETOF int LANGUAGE sql STABLE SET search_path ="
                        + " mirror AS 'SELECT id FROM items WHERE t ~ p AND id >= lowest'",
                "ANALYZE");
    }

    private static void assertSame(String query, String... plan) throws SQLException {
        try (Connection heap = PathSchemas.connect(server, "heap");
                Connection mirror = PathSchemas.connect(server, "mirror")) {
            Outcome expected = PathSchemas.run(heap, query);
            assertThat(expected.columns()).as("%s", expected).isNotEqualTo(List.of("error"));
            Outcome actual = PathSchemas.run(mirror, query);
            assertThat(query.contains("ORDER BY") ? actual : actual.sorted())
                    .isEqualTo(query.contains("ORDER BY") ? expected : expected.sorted());
            assertThat(analyzed(mirror, query)).contains(plan);
        }
    }

    private static String analyzed(Connection connection, String query) throws SQLException {
        StringBuilder plan = new StringBuilder();
        for (List<String> line : Sql.rows(connection, "EXPLAIN (ANALYZE, VERBOSE, COSTS OFF) " + query)) {
            plan.append(line.getFirst()).append('\n');
        }
        return plan.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*), sum(n) FROM items WHERE t ~ p",
                "SELECT id, t ~ p FROM items",
                "SELECT id FROM items WHERE t ~ p ORDER BY n DESC, id",
                "SELECT id, n FROM items WHERE regexp_count(t, p) > 0 ORDER BY t COLLATE \"C\" LIMIT 50",
                "SELECT t FROM items UNION ALL SELECT regexp_substr(t, p) FROM items",
                "SELECT id % 7, array_agg(regexp_replace(t, p, 'x') ORDER BY id) FROM items GROUP BY 1",
                "SELECT i.id, n.note FROM items i JOIN near n ON n.k = i.id % 100 WHERE i.t ~ i.p",
                "WITH w AS (SELECT id, t ~ p AS m FROM items) SELECT a.id FROM w a JOIN w b USING (id, m)",
                "SELECT (SELECT count(*) FROM items WHERE t ~ p), count(*) FROM items",
                "SELECT DISTINCT ON (t ~ p) t ~ p, id FROM items ORDER BY 1, 2",
                "SELECT id, rank() OVER (PARTITION BY t ~ p ORDER BY id) FROM items",
            })
    void wholeQueries(String query) throws SQLException {
        assertSame(query, "Path: whole query in DuckDB", LEFT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT even(id), id FROM items WHERE t ~ p AND id > 19000",
                "SELECT even(count(*)::int) FROM items WHERE t ~ p",
                "SELECT even(id % 2), s FROM items, (SELECT count(*) s FROM items WHERE t ~ p) x WHERE id < 9",
                "SELECT n.k, (SELECT count(*) FROM items i WHERE i.t ~ i.p AND even(i.id + n.k)) FROM near n WHERE n.k < 3",
                "SELECT even(k), note FROM near WHERE k + 6660 < (SELECT count(*) FROM items WHERE t ~ p)",
                "SELECT count(*) FROM items WHERE even(id) AND t ~ p AND id > (SELECT min(k) + 19000 FROM near WHERE even(k + 1))",
                "SELECT n.note, i.id FROM near n LEFT JOIN (items i JOIN items j USING (id)) ON even(n.k) AND i.id = n.k AND i.t ~ j.p",
                "SELECT k, even(k), x.t FROM near, LATERAL (SELECT t FROM items WHERE t ~ p ORDER BY id DESC LIMIT 2) x",
            })
    void parts(String query) throws SQLException {
        assertSame(query, LEFT);
    }

    /// Conditions that DuckDB is sure to evaluate are evaluated there also then.
    @Test
    void scansKeepTheirConditions() throws SQLException {
        for (String query : List.of(
                "SELECT id, t ~ p FROM items WHERE id > 19000 AND t ~ p",
                "SELECT even(1), s FROM (SELECT sum(n) s FROM items WHERE id > 19000 AND t ~ p) x")) {
            assertSame(query, LEFT, "Path: filtered scan of mirror items");
        }
        assertSame("SELECT even(id), id FROM items WHERE id > 19000 AND t ~ p", LEFT, "Path: scan of mirror items");
    }

    @Test
    void shippedMomentsBeyondDuckDb() throws SQLException {
        assertSame(
                "SELECT i.id, f.made FROM items i JOIN far f ON f.k = i.id ORDER BY 1",
                "Ran in Postgres: A shipped table has a timestamp beyond what DuckDB can hold.");
        assertSame(
                "SELECT i.id, even(i.id), f.made FROM items i JOIN far f ON f.k = i.id ORDER BY 1",
                "Ran in Postgres: ");
    }

    @Test
    void anErrorThatPostgresRaisesToo() throws SQLException {
        String query = "SELECT date_bin(('1 month ' || id || ' days')::interval, at, at) FROM items WHERE id < 9";
        try (Connection heap = PathSchemas.connect(server, "heap");
                Connection mirror = PathSchemas.connect(server, "mirror")) {
            Outcome expected = PathSchemas.run(heap, query);
            assertThat(expected.rows().getFirst()).startsWith("0A000");
            assertThat(PathSchemas.run(mirror, query)).isEqualTo(expected);
            query = "SELECT t ~ CASE WHEN id = 20000 THEN '(' ELSE p END FROM items";
            expected = PathSchemas.run(heap, query);
            assertThat(expected.rows().getFirst()).startsWith("2201B");
            assertThat(PathSchemas.run(mirror, query)).isEqualTo(expected);
        }
    }

    private interface Reading {
        Object read(Connection connection) throws SQLException;
    }

    private static void assertSame(Reading reading) throws SQLException {
        List<Object> results = new ArrayList<>();
        for (String schema : List.of("heap", "mirror")) {
            try (Connection connection = PathSchemas.connect(server, schema)) {
                results.add(reading.read(connection));
            }
        }
        assertThat(results.get(1)).isEqualTo(results.get(0));
    }

    @Test
    void preparedStatements() throws SQLException {
        assertSame(connection -> {
            List<Object> results = new ArrayList<>();
            for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
                Sql.execute(connection, "SET plan_cache_mode = " + mode);
                Sql.execute(
                        connection,
                        "PREPARE a (text, int) AS SELECT id FROM items WHERE t ~ $1 AND id > $2 ORDER BY id");
                Sql.execute(
                        connection,
                        "PREPARE b (int) AS SELECT id, even(id) FROM items WHERE t ~ p AND id > $1 ORDER BY id");
                for (String call : List.of("a('[[.space.]]', 19998)", "a('20', 19900)", "b(19990)", "b(20000)")) {
                    results.add(PathSchemas.run(connection, "EXECUTE " + call));
                }
                Sql.execute(connection, "CREATE INDEX ON near (note)");
                results.add(PathSchemas.run(connection, "EXECUTE a('b[[.space.]]?', 19990)"));
                results.add(PathSchemas.run(connection, "EXECUTE b(19990)"));
                Sql.execute(connection, "DEALLOCATE ALL");
            }
            return results;
        });
    }

    @Test
    void cursors() throws SQLException {
        for (String query : List.of(
                "SELECT id, t FROM items WHERE t ~ p ORDER BY id",
                "SELECT id, even(id) FROM items WHERE t ~ p AND id > 19900 ORDER BY id")) {
            for (String kind : List.of("", "SCROLL")) {
                assertSame(connection -> {
                    connection.setAutoCommit(false);
                    Sql.execute(connection, "DECLARE c " + kind + " CURSOR FOR " + query);
                    Sql.execute(connection, "SAVEPOINT s");
                    List<Object> steps = new ArrayList<>();
                    for (String move : List.of("2", "FORWARD 3")) {
                        steps.add(Sql.rows(connection, "FETCH " + move + " FROM c"));
                    }
                    Sql.execute(connection, "RELEASE s");
                    List<String> moves =
                            List.of("BACKWARD 2", "LAST", "PRIOR", "FIRST", "ABSOLUTE 4", "BACKWARD ALL", "ALL");
                    for (String move : kind.isEmpty() ? List.of("NEXT", "ALL") : moves) {
                        steps.add(Sql.rows(connection, "FETCH " + move + " FROM c"));
                    }
                    Sql.execute(connection, "DECLARE held CURSOR WITH HOLD FOR " + query);
                    steps.add(Sql.rows(connection, "FETCH 2 FROM held"));
                    connection.commit();
                    steps.add(Sql.rows(connection, "FETCH ALL FROM held"));
                    connection.rollback();
                    return steps;
                });
            }
        }
    }

    /// The rows are those of the moment in which the cursor was opened, or of the transaction's snapshot.
    @Test
    void theSnapshotStays() throws SQLException {
        String count = "SELECT count(*) FROM items WHERE t ~ p";
        for (String query : List.of(count, "SELECT even(1), count(*) FROM items WHERE t ~ p AND even(id + id)")) {
            try (Connection mirror = PathSchemas.connect(server, "mirror")) {
                mirror.setAutoCommit(false);
                Sql.execute(mirror, "DECLARE c CURSOR FOR " + query);
                List<List<String>> before = Sql.rows(mirror, query);
                server.execute("INSERT INTO heap.items VALUES (30000, 'x', 'x')");
                assertThat(Sql.rows(mirror, "FETCH ALL FROM c")).isEqualTo(before);
                assertThat(Sql.rows(mirror, query)).isNotEqualTo(before);
                mirror.rollback();
                Sql.execute(mirror, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                List<List<String>> now = Sql.rows(mirror, query);
                server.execute("DELETE FROM heap.items WHERE id = 30000");
                assertThat(Sql.rows(mirror, query)).isEqualTo(now);
                mirror.rollback();
                assertThat(Sql.rows(mirror, query)).isEqualTo(before);
                mirror.rollback();
            }
        }
    }

    @Test
    void functions() throws SQLException {
        String walk = """
                DO $$
                DECLARE r record; lines text[] := '{}'; c int; lowest int := 19990;
                BEGIN
                    FOR r IN SELECT id FROM items WHERE t ~ p AND id > lowest ORDER BY id LOOP
                        BEGIN
                            SELECT count(*) INTO c FROM items i WHERE i.t ~ i.p AND i.id <= r.id AND even(i.id);
                            lines := lines || format('%s %s %s', r.id, c, 1 / (r.id - 19995));
                        EXCEPTION WHEN division_by_zero THEN
                            lines := lines || format('%s failed', r.id);
                        END;
                    END LOOP;
                    PERFORM set_config('test.lines', lines::text, false);
                END $$""";
        assertSame(connection -> {
            Sql.execute(connection, walk);
            return Sql.value(connection, "SELECT current_setting('test.lines')");
        });
        assertThat(server.value("SELECT array_agg(m ORDER BY m) FROM plain.matching(19999) m"))
                .isEqualTo(
                        server.value("SELECT array_agg(id ORDER BY id) FROM heap.items WHERE t ~ p AND id >= 19999"));
    }

    @Test
    void statementsThatWriteElsewhere() throws SQLException {
        for (String statement : List.of(
                "INSERT INTO near SELECT id, t FROM items WHERE t ~ p AND id > 100",
                "UPDATE near SET note = i.t FROM items i WHERE i.id = near.k AND i.t ~ i.p",
                "DELETE FROM near WHERE k IN (SELECT id FROM items WHERE t ~ p)",
                "DELETE FROM near; CREATE TABLE plain.made AS SELECT id, t FROM items WHERE t ~ p;"
                        + " INSERT INTO near SELECT * FROM made",
                "DELETE FROM near USING (SELECT k FROM near JOIN items ON t ~ p AND id = k WHERE k < 10 FOR UPDATE OF near)"
                        + " x WHERE x.k = near.k")) {
            assertSame(connection -> {
                connection.setAutoCommit(false);
                Sql.execute(connection, statement);
                List<List<String>> rows = Sql.rows(connection, "SELECT * FROM near ORDER BY k");
                connection.rollback();
                return rows;
            });
        }
    }

    @Test
    void privileges() throws SQLException {
        server.execute(
                "CREATE ROLE reader",
                "GRANT USAGE ON SCHEMA mirror TO reader",
                "GRANT SELECT (id, t) ON mirror.items TO reader",
                "CREATE VIEW mirror.seen AS SELECT id FROM mirror.items WHERE t ~ p",
                "GRANT SELECT ON mirror.seen TO reader");
        try (Connection mirror = PathSchemas.connect(server, "mirror")) {
            List<List<String>> rows = Sql.rows(mirror, "SELECT id FROM items WHERE t ~ p ORDER BY id");
            Sql.execute(mirror, "SET ROLE reader");
            assertThat(PathSchemas.run(mirror, "SELECT id FROM items WHERE t ~ p")
                            .rows()
                            .getFirst())
                    .startsWith("42501");
            assertThat(Sql.rows(mirror, "SELECT id FROM seen ORDER BY id")).isEqualTo(rows);
        }
    }
}
