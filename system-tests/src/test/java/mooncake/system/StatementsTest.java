package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/// Statements around SELECT that read mirrors: COPY, writes elsewhere, cursors, prepared statements, functions,
/// EXPLAIN.
class StatementsTest {
    private static final List<String> SCHEMAS = List.of(PathSchemas.HEAP, PathSchemas.MIRROR, PathSchemas.SCANS);

    /// A column of each type with its name in PREPARE, and values to look for.
    private static final Map<String, List<String>> PARAMETERS = Map.ofEntries(
            Map.entry("grp smallint", List.of("1", "32767", "-32768")),
            Map.entry("id int", List.of("7", "-1")),
            Map.entry("big bigint", List.of("9223372036854775807", "0")),
            Map.entry("price numeric", List.of("12.50", "-0.010", "'NaN'", "1e30")),
            Map.entry("rate numeric", List.of("1.1", "9999999999999999999999999999.9999999999", "0.3333333333333")),
            Map.entry("f4 real", List.of("'NaN'", "0.1", "'-Infinity'", "0")),
            Map.entry("f8 float8", List.of("'NaN'", "0.1", "'Infinity'", "'-0'")),
            Map.entry("name text", List.of("'a b  '", "''", "'größe 🙂 Ж'", "'O''Brien'")),
            Map.entry("code char", List.of("'ab'", "'a b'", "''")),
            Map.entry("code bpchar", List.of("'ab  '", "'a b'", "''")),
            Map.entry("label varchar", List.of("'a b '", "'ab'")),
            Map.entry("raw bytea", List.of("'\\x'", "'\\x00ff10'")),
            Map.entry("day date", List.of("'infinity'", "'4713-01-01 BC'", "'2000-02-29'")),
            Map.entry("at time", List.of("'24:00'", "'12:34:56.789012'")),
            Map.entry("made timestamp", List.of("'-infinity'", "'1999-12-31 23:59:59.999999'")),
            Map.entry("seen timestamptz", List.of("'infinity'", "'2024-03-31 02:59:59.999999+01'", "'1969-12-31'")),
            Map.entry("tag uuid", List.of("'ffffffff-ffff-ffff-ffff-ffffffffffff'")),
            Map.entry("docb jsonb", List.of("'[]'", "'{\"a\": null, \"b\": [1, 2.5]}'")),
            Map.entry("ok boolean", List.of("true", "false")));

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PathSchemas.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private interface Reading {
        Object read(Connection connection) throws SQLException, IOException;
    }

    /// What is read must not depend on where the tables lie.
    private static void assertSame(String what, Reading reading) throws SQLException, IOException {
        List<Object> results = new ArrayList<>();
        for (String schema : SCHEMAS) {
            try (Connection connection = PathSchemas.connect(server, schema)) {
                results.add(reading.read(connection));
            }
        }
        assertThat(results.get(1)).as("mirror: " + what).isEqualTo(results.get(0));
        assertThat(results.get(2)).as("by scans: " + what).isEqualTo(results.get(0));
    }

    private static Reading after(String query, String... statements) {
        return connection -> {
            connection.setAutoCommit(false);
            for (String statement : statements) {
                Sql.execute(connection, statement);
            }
            List<List<String>> rows = Sql.rows(connection, query);
            connection.rollback();
            return rows;
        };
    }

    @Test
    void copyOut() throws Exception {
        for (String statement : List.of(
                "COPY (SELECT * FROM items ORDER BY id) TO STDOUT",
                "COPY (SELECT name, raw, doc FROM items ORDER BY id) TO STDOUT (FORMAT csv, HEADER)",
                "COPY (SELECT n.*, o.amount FROM nodes n LEFT JOIN orders o USING (id) ORDER BY id) TO STDOUT")) {
            assertSame(statement, connection -> copy(connection, statement));
        }
        try (Connection connection = server.connect()) {
            for (String table : List.of("items", "items (id, name)", "nodes", "nothing")) {
                assertThat(copy(connection, "COPY mirror." + table + " TO STDOUT")
                                .lines()
                                .sorted())
                        .as(table)
                        .isEqualTo(copy(connection, "COPY heap." + table + " TO STDOUT")
                                .lines()
                                .sorted()
                                .toList());
            }
        }
    }

    private static String copy(Connection connection, String statement) throws SQLException, IOException {
        StringWriter text = new StringWriter();
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(statement, text);
        return text.toString();
    }

    @Test
    void writesElsewhere() throws Exception {
        assertSame(
                "CREATE TABLE AS",
                after(
                        "SELECT * FROM made ORDER BY id",
                        "CREATE TABLE plain.made AS SELECT id, name, price * 2 AS p FROM items"));
        assertSame(
                "SELECT INTO",
                after(
                        "SELECT * FROM made ORDER BY 1, 2",
                        "SELECT grp, count(*) INTO plain.made FROM items GROUP BY grp"));
        assertSame(
                "INSERT SELECT",
                after(
                        "SELECT * FROM notes ORDER BY 1, 2",
                        "INSERT INTO notes SELECT i.id, i.name, i.price FROM items i JOIN orders o ON o.item = i.id RETURNING *"));
        assertSame(
                "INSERT with a sub-SELECT",
                after(
                        "SELECT * FROM notes ORDER BY 1, 2",
                        "INSERT INTO notes VALUES (1, (SELECT max(name) FROM items), (SELECT sum(price) FROM items))"));
        assertSame(
                "INSERT ON CONFLICT",
                after(
                        "SELECT * FROM kept ORDER BY 1",
                        "CREATE TABLE plain.kept (id int PRIMARY KEY, v text)",
                        "INSERT INTO kept SELECT id, title FROM nodes",
                        "INSERT INTO kept SELECT id, name FROM items WHERE id < 60 ON CONFLICT (id) DO UPDATE SET v = excluded.v"));
        assertSame(
                "UPDATE FROM",
                after(
                        "SELECT * FROM notes ORDER BY 1, 2",
                        "UPDATE notes SET remark = remark || i.name, weight = i.price FROM items i WHERE i.id = notes.item"));
        assertSame(
                "UPDATE with a sub-SELECT",
                after(
                        "SELECT * FROM notes ORDER BY 1, 2",
                        "UPDATE notes n SET weight = (SELECT sum(amount) FROM orders o WHERE o.item = n.item)"));
        assertSame(
                "DELETE USING",
                after(
                        "SELECT * FROM notes ORDER BY 1, 2",
                        "DELETE FROM notes USING items i WHERE i.id = item AND i.grp = 1"));
        assertSame(
                "DELETE with NOT IN",
                after(
                        "SELECT * FROM notes ORDER BY 1, 2",
                        "DELETE FROM notes WHERE item NOT IN (SELECT id FROM items WHERE id > 9)"));
        assertSame(
                "MERGE",
                after(
                        "SELECT * FROM notes ORDER BY 1, 2",
                        "MERGE INTO notes USING (SELECT id, title FROM nodes WHERE id < 30) n ON n.id = item"
                                + " WHEN MATCHED THEN UPDATE SET remark = n.title WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.title, 0)"));
        assertSame(
                "a modifying WITH",
                after("WITH gone AS (DELETE FROM notes WHERE item IN (SELECT id FROM nodes) RETURNING *)"
                        + " SELECT g.*, i.name FROM gone g LEFT JOIN items i ON i.id = g.item ORDER BY 1, 2"));
        assertSame(
                "a materialized view",
                after(
                        "SELECT * FROM seen ORDER BY 1",
                        "CREATE MATERIALIZED VIEW plain.seen AS SELECT grp, sum(price) s FROM items GROUP BY grp",
                        "REFRESH MATERIALIZED VIEW seen"));
    }

    @Test
    void views() throws Exception {
        assertSame(
                "a view of a view",
                after(
                        "SELECT * FROM v2 WHERE s > 100 ORDER BY item",
                        "CREATE VIEW plain.v1 AS SELECT i.*, o.amount FROM items i JOIN orders o ON o.item = i.id",
                        "CREATE VIEW plain.v2 AS SELECT id AS item, sum(amount) s, count(*) c FROM v1 GROUP BY id"));
    }

    @Test
    void cursors() throws Exception {
        for (String query : List.of(
                "SELECT id, name FROM items ORDER BY id",
                "SELECT i.id, o.id FROM items i JOIN orders o ON o.item = i.id ORDER BY 1, 2",
                "SELECT grp, count(*) FROM items GROUP BY grp ORDER BY grp")) {
            assertSame(query, connection -> {
                connection.setAutoCommit(false);
                List<List<List<String>>> steps = new ArrayList<>();
                Sql.execute(connection, "DECLARE c SCROLL CURSOR FOR " + query);
                for (String move : List.of(
                        "2",
                        "FORWARD 3",
                        "BACKWARD 2",
                        "LAST",
                        "PRIOR",
                        "FIRST",
                        "ABSOLUTE 4",
                        "RELATIVE -2",
                        "BACKWARD ALL",
                        "ALL",
                        "ABSOLUTE -1",
                        "NEXT")) {
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

    @Test
    void preparedStatementsOfEveryType() throws Exception {
        for (var entry : PARAMETERS.entrySet()) {
            String column = entry.getKey().substring(0, entry.getKey().indexOf(' '));
            String type = entry.getKey().substring(entry.getKey().indexOf(' ') + 1);
            List<String> values = new ArrayList<>(entry.getValue());
            values.add("NULL");
            boolean ordered = !type.equals("boolean");
            assertSame(entry.getKey(), connection -> {
                List<Object> results = new ArrayList<>();
                for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
                    Sql.execute(connection, "SET plan_cache_mode = " + mode);
                    Sql.execute(
                            connection,
                            "PREPARE same (" + type + ") AS SELECT id, $1 FROM items WHERE " + column
                                    + " = $1 ORDER BY id");
                    Sql.execute(
                            connection,
                            "PREPARE other (" + type + ") AS SELECT count(*), count($1) FROM items WHERE " + column
                                    + (ordered ? " > $1" : " <> $1") + " OR $1 IS NULL AND " + column + " IS NULL");
                    Sql.execute(
                            connection,
                            "PREPARE chosen (" + type + ") AS SELECT id, COALESCE(" + column
                                    + ", $1), CASE WHEN $1 IS NULL THEN 'none' ELSE 'some' END FROM items WHERE id < 9 ORDER BY id");
                    for (String value : values) {
                        for (String name : List.of("same", "other", "chosen")) {
                            results.add(List.of(
                                    mode,
                                    name,
                                    value,
                                    PathSchemas.run(connection, "EXECUTE " + name + "(" + value + ")")));
                        }
                    }
                    Sql.execute(connection, "DEALLOCATE ALL");
                }
                return results;
            });
        }
    }

    @Test
    void parametersOfTheDriver() throws Exception {
        assertSame("server-side prepared", connection -> {
            List<List<String>> rows = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT id, name FROM items WHERE grp = ? AND price > ? AND name <> ? ORDER BY id LIMIT ?")) {
                for (int i = 0; i < 12; i++) {
                    statement.setInt(1, i % 7);
                    statement.setBigDecimal(2, new java.math.BigDecimal("10.5"));
                    statement.setString(3, "c");
                    statement.setInt(4, i + 1);
                    try (ResultSet result = statement.executeQuery()) {
                        while (result.next()) {
                            rows.add(List.of(result.getString(1), result.getString(2)));
                        }
                    }
                }
            }
            return rows;
        });
    }

    @Test
    void functions() throws Exception {
        String loop = """
                CREATE FUNCTION plain.walk(lowest int) RETURNS text LANGUAGE plpgsql AS $$
                DECLARE r record; total numeric := 0; found_names text := ''; n int;
                BEGIN
                    FOR r IN SELECT id, name, price FROM items WHERE id >= lowest ORDER BY id LIMIT 30 LOOP
                        SELECT count(*) INTO n FROM orders o WHERE o.item = r.id AND o.qty > lowest;
                        total := total + COALESCE(r.price, 0) * n;
                        IF EXISTS (SELECT FROM nodes WHERE id = r.id) THEN found_names := found_names || r.name; END IF;
                    END LOOP;
                    BEGIN
                        PERFORM 1 / (grp - grp) FROM items WHERE grp IS NOT NULL;
                    EXCEPTION WHEN division_by_zero THEN found_names := found_names || ' caught';
                    END;
                    SELECT total + count(*) INTO total FROM items;
                    RETURN total || found_names;
                END $$""";
        assertSame("a loop", after("SELECT walk(1), walk(3), walk(1)", loop));
        assertSame(
                "a function in each row",
                after(
                        "SELECT id, best(id) FROM nodes ORDER BY id",
                        "CREATE FUNCTION plain.best(int) RETURNS text LANGUAGE sql STABLE"
                                + " AS 'SELECT max(note) FROM orders WHERE item = $1'"));
        assertSame("an anonymous block", after("SELECT count(*) FROM notes", """
                DO $$ DECLARE c CURSOR FOR SELECT id FROM nodes ORDER BY id; v int;
                BEGIN OPEN c; LOOP FETCH c INTO v; EXIT WHEN NOT FOUND; INSERT INTO notes VALUES (v); END LOOP; END $$"""));
    }

    @Test
    void whatMirrorsRefuseIsClear() throws SQLException {
        try (Connection connection = PathSchemas.connect(server, PathSchemas.MIRROR)) {
            for (String query :
                    List.of("SELECT ctid FROM items", "SELECT xmin FROM items", "SELECT * FROM items FOR UPDATE")) {
                assertThat(PathSchemas.run(connection, query).toString())
                        .as(query)
                        .contains("error", "mirror \"items\"");
            }
            assertThat(Sql.rows(connection, "SELECT id FROM items TABLESAMPLE BERNOULLI (100)"))
                    .hasSameSizeAs(Sql.rows(connection, "SELECT id FROM items"));
            assertThat(Sql.rows(connection, "SELECT id FROM items TABLESAMPLE SYSTEM (0)"))
                    .isEmpty();
            assertThat(Sql.rows(connection, "SELECT DISTINCT tableoid::regclass::text FROM nodes"))
                    .isEqualTo(List.of(List.of("nodes")));
        }
    }

    @Test
    void explainShowsThePath() throws SQLException {
        try (Connection connection = PathSchemas.connect(server, PathSchemas.MIRROR)) {
            assertThat(PathSchemas.explain(connection, "SELECT grp, count(*) FROM items WHERE id > 3 GROUP BY grp"))
                    .contains("Mooncake Query", "Path: whole query in DuckDB", "DuckDB SQL: ", "mirror(")
                    .doesNotContain("Not pushed");
            assertThat(PathSchemas.explain(connection, "SELECT id, to_tsvector('simple', name) FROM items"))
                    .contains("Mooncake Scan", "Path: scan of mirror items", "Columns: id, name", "Not pushed: ");
            assertThat(PathSchemas.explain(connection, "SELECT i.id FROM items i JOIN notes n ON n.item = i.id"))
                    .contains("Path: whole query in DuckDB", "Shipped: notes (item)");
            assertThat(PathSchemas.explain(connection, "SELECT id FROM guarded_nodes"))
                    .contains("Path: whole query in DuckDB");
            assertThat(PathSchemas.explain(connection, "SELECT id FROM scans.nodes"))
                    .contains("Path: scan of mirror nodes");
            assertThat(Sql.rows(connection, "EXPLAIN (COSTS OFF) SELECT id FROM items")
                            .toString())
                    .contains("Path: whole query in DuckDB", "DuckDB SQL: ");
            assertThat(Sql.rows(connection, "EXPLAIN (ANALYZE, COSTS OFF) SELECT id FROM items")
                            .toString())
                    .contains("actual time", "rows=140");
            assertThat(Sql.rows(connection, "EXPLAIN (FORMAT json) SELECT count(*) FROM items")
                            .toString())
                    .contains("\"DuckDB SQL\"");
        }
    }
}
