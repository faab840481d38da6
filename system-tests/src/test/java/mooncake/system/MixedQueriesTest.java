package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import mooncake.system.PathSchemas.Outcome;
import mooncake.testing.Await;
import mooncake.testing.Sql;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Queries of mirrors and other tables run whole in DuckDB, with the rows that the session sees.
class MixedQueriesTest extends ServerFixture {
    /// Stays with each row for a while, and is evaluated by Postgres while the rows are shipped.
    private static final String SLOW =
            "SELECT count(*) FROM orders_c o JOIN items i ON i.id = o.item WHERE lingers(i.id)";

    @BeforeAll
    static void prepare() {
        server.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, item int, amount numeric(10,2), note text)",
                "INSERT INTO orders SELECT i, i % 100, i * 1.25, 'note ' || i FROM generate_series(1, 5000) i",
                "CALL mooncake.create_table('orders_c', 'orders')",
                "CREATE TABLE items (id int PRIMARY KEY, name text, price numeric(8,3), owner text)",
                "INSERT INTO items SELECT i, 'item ' || i, i / 7.0, CASE i % 2 WHEN 0 THEN 'even' ELSE 'odd' END"
                        + " FROM generate_series(0, 120) i",
                "ANALYZE items",
                "CREATE FUNCTION lingers(i int) RETURNS bool IMMUTABLE LANGUAGE plpgsql"
                        + " AS 'BEGIN PERFORM pg_sleep(0.05); RETURN true; END'",
                "GRANT SELECT ON orders, orders_c TO PUBLIC");
    }

    /// Runs a query over the mirror, whole in DuckDB, and over its source, which must give the same.
    private static Outcome assertSame(Connection connection, String query) throws SQLException {
        String mixed = query.formatted("orders_c");
        assertThat(PathSchemas.explain(connection, mixed))
                .as(mixed)
                .contains("Path: whole query in DuckDB", "Shipped: ");
        Outcome outcome = PathSchemas.run(connection, mixed);
        assertThat(outcome).as(mixed).isEqualTo(PathSchemas.run(connection, query.formatted("orders")));
        return outcome;
    }

    private static void assertRows(Connection connection, String query, int count) throws SQLException {
        Outcome outcome = assertSame(connection, query);
        assertThat(outcome.columns()).as(outcome.toString()).isNotEqualTo(List.of("error"));
        assertThat(outcome.rows()).as(query).hasSize(count);
    }

    @Test
    void joinsOfEveryKind() throws SQLException {
        try (Connection connection = server.connect()) {
            assertRows(
                    connection,
                    "SELECT i.name, count(*), sum(o.amount) FROM %s o JOIN items i ON i.id = o.item"
                            + " WHERE i.price < 2 AND o.amount > 10 GROUP BY 1 ORDER BY 1",
                    14);
            assertRows(
                    connection,
                    "SELECT i.id FROM items i LEFT JOIN %s o ON o.item = i.id AND i.price < 5 WHERE o.id IS NULL"
                            + " ORDER BY 1",
                    86);
            assertRows(
                    connection,
                    "SELECT o.id, i.name FROM %s o LEFT JOIN items i ON i.id = o.item AND i.name ~ '[13]$'"
                            + " WHERE o.id < 20 AND i.name IS NULL ORDER BY 1",
                    15);
            assertRows(
                    connection,
                    "SELECT o.id, i.id FROM (SELECT * FROM %s WHERE id <= 10) o"
                            + " FULL JOIN items i ON i.id = o.item + 115 ORDER BY 1, 2",
                    126);
            assertRows(connection, "SELECT count(*) FROM %s o, items i WHERE o.id < 10", 1);
            assertRows(
                    connection,
                    "SELECT o.id, (SELECT max(i.name) FROM items i WHERE i.id <= o.item) FROM %s o WHERE o.id < 5"
                            + " ORDER BY 1",
                    4);
            assertRows(
                    connection,
                    "WITH w AS (SELECT id, name FROM items WHERE id < 50), unused AS (SELECT 1 FROM items)"
                            + " SELECT a.name, b.name FROM w a JOIN w b ON b.id = a.id + 1 WHERE a.id IN"
                            + " (SELECT item FROM %s) UNION ALL SELECT name, owner FROM items WHERE id = 7"
                            + " ORDER BY 1, 2",
                    50);
        }
    }

    @Test
    void conditionsOfAnyKindArePostgresMatter() throws SQLException {
        try (Connection connection = server.connect()) {
            server.execute("CREATE FUNCTION twice(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql"
                    + " AS 'BEGIN RETURN i * 2; END'");
            assertRows(connection, "SELECT count(*) FROM %s o JOIN items i ON i.id = o.item WHERE twice(i.id) < 9", 1);
            String explained = PathSchemas.explain(
                    connection,
                    "SELECT count(*) FROM orders_c o JOIN items i ON i.id = o.item AND o.id < 9 AND twice(i.id) < 9"
                            + " WHERE i.name ~ '^item'");
            assertThat(explained)
                    .contains("Shipped: items (id) where ", "(twice(id) < 9)", "(name ~ '^item'::text)")
                    .doesNotContain("(o.id < 9)");
        }
    }

    @Test
    void ownChangesAreSeen() throws SQLException {
        String query = "SELECT i.id, i.name FROM items i LEFT JOIN %s o ON o.item = i.id"
                + " WHERE i.id > 1000 ORDER BY 1, o.id";
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "INSERT INTO items VALUES (1001, 'kept')");
            Sql.execute(connection, "SAVEPOINT s");
            Sql.execute(connection, "INSERT INTO items VALUES (1002, 'gone')");
            assertRows(connection, query, 2);
            Sql.execute(connection, "ROLLBACK TO s");
            assertRows(connection, query, 1);
            try (Connection other = server.connect()) {
                assertRows(other, query, 0);
            }
            connection.rollback();
        }
    }

    @Test
    void temporaryPartitionedAndInheritedTablesAndViews() throws SQLException {
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "CREATE TEMP TABLE mine AS SELECT id, name FROM items WHERE id < 3");
            assertRows(
                    connection,
                    "SELECT m.name, count(*) FROM mine m JOIN %s o ON o.item = m.id GROUP BY 1 ORDER BY 1",
                    3);
            server.execute(
                    "CREATE TABLE parts (a int, b text) PARTITION BY RANGE (a)",
                    "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (50)",
                    "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (50) TO (100)",
                    "INSERT INTO parts SELECT i, 'b' || i FROM generate_series(0, 99) i",
                    "CREATE TABLE parent (a int)",
                    "CREATE TABLE child (extra text) INHERITS (parent)",
                    "INSERT INTO parent VALUES (1)",
                    "INSERT INTO child VALUES (2, 'x')",
                    "CREATE VIEW inner_view AS SELECT a, upper(b) AS b FROM parts WHERE a <> 3",
                    "CREATE MATERIALIZED VIEW kept_view AS SELECT * FROM parts");
            assertRows(
                    connection, "SELECT p.b, o.id FROM parts p JOIN %s o ON o.item = p.a WHERE a > 97 ORDER BY 2", 100);
            assertRows(
                    connection,
                    "SELECT p.a, count(*) FROM parent p JOIN %s o ON o.item = p.a GROUP BY 1 ORDER BY 1",
                    2);
            assertRows(connection, "SELECT p.a, count(*) FROM ONLY parent p JOIN %s o ON o.item = p.a GROUP BY 1", 1);
            assertRows(
                    connection,
                    "SELECT v.b, o.id FROM inner_view v JOIN %s o ON o.item = v.a WHERE a < 5 ORDER BY 2",
                    200);
            assertRows(connection, "SELECT count(*) FROM kept_view v JOIN %s o ON o.item = v.a", 1);
            assertRows(
                    connection,
                    "SELECT c.relname FROM pg_class c JOIN %s o ON o.id = c.relnatts" + " WHERE c.relname = 'parts'",
                    1);
        }
    }

    @Test
    void foreignTables() throws SQLException {
        server.execute(
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER itself FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '" + server.socketDirectory()
                        + "', port '" + server.port() + "', dbname 'postgres')",
                "CREATE USER MAPPING FOR CURRENT_USER SERVER itself OPTIONS (user 'postgres')",
                "CREATE FOREIGN TABLE far (id int, name text) SERVER itself OPTIONS (table_name 'items')");
        try (Connection connection = server.connect()) {
            assertRows(
                    connection,
                    "SELECT f.name, o.id FROM far f JOIN %s o ON o.item = f.id WHERE f.id = 5 ORDER BY 2",
                    50);
        }
    }

    @Test
    void privilegesAndPolicies() throws SQLException {
        server.execute(
                "CREATE TABLE guarded (id int, owner text, secret text)",
                "INSERT INTO guarded SELECT i, CASE i % 2 WHEN 0 THEN 'even' ELSE 'odd' END, 's' || i"
                        + " FROM generate_series(1, 10) i",
                "CREATE ROLE even LOGIN",
                "CREATE ROLE odd LOGIN",
                "CREATE ROLE nobody LOGIN",
                "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON guarded"
                        + " USING (owner = current_user AND EXISTS (SELECT 1 FROM items WHERE id = 1))",
                "GRANT SELECT ON guarded TO even, odd",
                "GRANT SELECT ON items TO even, odd",
                "GRANT SELECT (id) ON guarded TO nobody",
                "CREATE VIEW opened AS SELECT id, secret FROM guarded",
                "GRANT SELECT ON opened TO nobody");
        String query = "SELECT g.secret FROM guarded g JOIN %s o ON o.id = g.id ORDER BY 1";
        try (Connection even = server.connect("postgres", "even");
                Connection nobody = server.connect("postgres", "nobody");
                Connection anyone = server.connect()) {
            assertRows(even, query, 5);
            assertRows(anyone, query, 10);
            Refusal.of(nobody, query.formatted("orders_c")).is("42501", "permission denied for table guarded");
            assertRows(nobody, query.replace("guarded", "opened"), 10);
            Sql.execute(anyone, "SET plan_cache_mode = force_generic_plan");
            Sql.execute(anyone, "PREPARE p AS " + query.formatted("orders_c"));
            for (String role : List.of("even", "odd", "even")) {
                Sql.execute(anyone, "SET ROLE " + role);
                assertThat(Sql.rows(anyone, "EXECUTE p")).as(role).hasSize(5);
            }
        }
    }

    @Test
    void plansFollowTheirTables() throws SQLException {
        server.execute("CREATE TABLE changing (id int, v int)", "INSERT INTO changing VALUES (1, 10), (2, 20)");
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET plan_cache_mode = force_generic_plan");
            Sql.execute(
                    connection,
                    "PREPARE p (int) AS SELECT c.v::text, o.id FROM orders_c o JOIN changing c USING (id)"
                            + " WHERE c.id <= $1 ORDER BY 2");
            assertThat(Sql.rows(connection, "EXECUTE p (1)")).containsExactly(List.of("10", "1"));
            assertThat(Sql.rows(connection, "EXECUTE p (5)")).hasSize(2);
            server.execute("ALTER TABLE changing ALTER v TYPE numeric(6,2)", "INSERT INTO changing VALUES (3, 30.5)");
            assertThat(Sql.rows(connection, "EXECUTE p (5)"))
                    .containsExactly(List.of("10.00", "1"), List.of("20.00", "2"), List.of("30.50", "3"));
            server.execute("ALTER TABLE changing DROP v");
            Refusal.of(connection, "EXECUTE p (5)").says("42703", "column c.v does not exist");
        }
    }

    @Test
    void cursorsKeepTheirRows() throws SQLException {
        server.execute("CREATE TABLE fading AS SELECT * FROM items WHERE id BETWEEN 1 AND 5");
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(
                    connection,
                    "DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT o.id, f.name FROM orders_c o JOIN fading f USING (id)"
                            + " ORDER BY 1");
            assertThat(Sql.rows(connection, "FETCH 2 FROM c")).hasSize(2);
            Sql.execute(connection, "DELETE FROM fading");
            assertThat(Sql.rows(connection, "FETCH 2 FROM c")).contains(List.of("3", "item 3"));
            assertThat(Sql.rows(connection, "FETCH BACKWARD 3 FROM c")).contains(List.of("1", "item 1"));
            connection.commit();
            assertThat(Sql.rows(connection, "FETCH ALL FROM c")).hasSize(4);
        }
    }

    @Test
    void valuesThatDuckDbsTypesCannotHold() throws SQLException {
        server.execute(
                "CREATE TABLE edges (id int, n numeric(6,2), free numeric, d date, z timestamptz, f float8, c char(5),"
                        + " u uuid, j jsonb, a int[], iv interval, b bytea, k \"char\","
                        + " nm name, ok bool, t time, ip inet)",
                "INSERT INTO edges SELECT i, i / 8.0, i * 1.10, '2020-01-01'::date + i, '2020-01-01'::timestamptz,"
                        + " i / 3.0, 'c' || i, md5(i::text)::uuid, jsonb_build_object('k', i), ARRAY[i, NULL],"
                        + " i * interval '1 hour', decode(md5(i::text), 'hex'), 'x', 'n' || i, i % 2 = 0, '12:00',"
                        + " '10.0.0.1' FROM generate_series(1, 9000) i",
                "INSERT INTO edges (id) VALUES (9001)",
                "INSERT INTO edges VALUES"
                        + " (9002, 'NaN', '-Infinity', 'infinity', '-infinity', '-0', '', NULL, 'null', '{}',"
                        + " '-1 mon 3 days', '', '', '', false, '24:00', '::1'),"
                        + " (9003, -1234.56, 1e-30, '4713-01-01 BC', '0044-03-15 BC', 'NaN', 'é', NULL, '[]',"
                        + " '{{1},{2}}', '0', '\\x00ff', '\\377', 'ñ', true, '00:00', '10.0.0.0/8')");
        try (Connection connection = server.connect()) {
            assertRows(
                    connection,
                    "SELECT e.* FROM edges e LEFT JOIN %s o ON o.id = e.id WHERE e.id < 5 OR e.id > 8998 ORDER BY e.id",
                    9);
            assertRows(
                    connection,
                    "SELECT e.id, e.n + 1 FROM edges e LEFT JOIN %s o ON o.id = e.id ORDER BY e.n, 1",
                    9003);
            Refusal.of(connection, "SELECT count(*) FROM orders_c o JOIN edges e USING (id) WHERE 1 / (e.id - 40) > 0")
                    .is("22012", "division by zero");
            assertRows(connection, "SELECT count(*), sum(e.f) FROM edges e JOIN %s o USING (id)", 1);
        }
    }

    @Test
    void rowTypesThatChange() throws SQLException {
        server.execute(
                "CREATE TYPE pair AS (a int)",
                "CREATE TABLE paired (id int, p pair, ps pair[])",
                "INSERT INTO paired VALUES (1, ROW(5), ARRAY[ROW(6)::pair])");
        String query = "SELECT id, p, ps FROM paired JOIN %s o USING (id)";
        try (Connection connection = server.connect()) {
            assertRows(connection, query, 1);
            connection.setAutoCommit(false);
            Sql.execute(connection, "ALTER TYPE pair ADD ATTRIBUTE b text");
            Sql.execute(connection, "UPDATE paired SET p = ROW(7, 'x')");
            assertRows(connection, query, 1);
            connection.commit();
            assertRows(connection, query, 1);
        }
    }

    @Test
    void rowsBeyondMemoryAreShipped() throws SQLException {
        server.execute(
                "CREATE TABLE large AS SELECT i AS id, i % 1000 AS g, repeat('x', 300) || i AS t,"
                        + " CASE WHEN i = 299999 THEN 'NaN' ELSE i / 4.0 END::numeric(12,2) AS n"
                        + " FROM generate_series(1, 300000) i",
                "ANALYZE large");
        try (Connection connection = server.connect()) {
            assertRows(
                    connection,
                    "SELECT count(l.t), sum(length(l.t)), min(l.t COLLATE \"C\"), max(l.n), count(o.id), sum(l.g)"
                            + " FROM large l LEFT JOIN %s o ON o.id = l.id",
                    1);
            assertRows(connection, "SELECT count(*) FROM large a JOIN large b USING (id, g) JOIN %s o USING (id)", 1);
            Sql.execute(connection, "SET pg_mooncake.ship_rows_max = 1000");
            assertThat(PathSchemas.explain(connection, "SELECT count(*) FROM large JOIN orders_c USING (id)"))
                    .contains("Not pushed: about 300000 rows of tables that are no mirrors would be shipped");
            Sql.execute(connection, "RESET pg_mooncake.ship_rows_max");
            server.execute("CREATE UNIQUE INDEX ON large (id)", "ANALYZE large");
            assertThat(PathSchemas.explain(
                            connection, "SELECT sum(l.g) FROM large l JOIN orders_c o USING (id) WHERE o.item = 3"))
                    .contains("Index Scan", "Mooncake Scan");
        }
    }

    @Test
    void anErrorLeavesTheConnectionUsable() throws SQLException {
        try (Connection connection = server.connect()) {
            Sql.execute(
                    connection,
                    "DO $$ DECLARE n bigint; BEGIN FOR i IN 1..20 LOOP BEGIN SELECT count(*) INTO n FROM orders_c o"
                            + " JOIN items t ON t.id = o.item WHERE 10 / (t.id - 60) > 0; RAISE 'no error';"
                            + " EXCEPTION WHEN division_by_zero THEN"
                            + " SELECT count(*) INTO n FROM orders_c o JOIN items t ON t.id = o.item;"
                            + " IF n <> 5000 THEN RAISE 'rows %', n; END IF; END; END LOOP; END $$");
            assertRows(connection, "SELECT count(*) FROM %s o JOIN items i ON i.id = o.item", 1);
        }
    }

    private static CompletableFuture<Refusal> startSlow(Connection connection) throws SQLException {
        String pid = Sql.value(connection, "SELECT pg_backend_pid()");
        CompletableFuture<Refusal> refusal = CompletableFuture.supplyAsync(() -> Refusal.of(connection, SLOW));
        Await.until(
                "rows are being made",
                MirrorTestServer.LIMIT,
                () -> server.value(
                                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = " + pid)
                        .equals("1"));
        return refusal;
    }

    @Test
    void cancellingWhileRowsAreShipped() throws SQLException {
        try (Connection connection = server.connect()) {
            String pid = Sql.value(connection, "SELECT pg_backend_pid()");
            CompletableFuture<Refusal> refusal = startSlow(connection);
            server.value("SELECT pg_cancel_backend(" + pid + ")");
            refusal.join().is("57014", "canceling statement due to user request");
            assertRows(connection, "SELECT count(*) FROM %s o JOIN items i ON i.id = o.item", 1);
        }
    }

    @Test
    void theEngineIsKilledWhileRowsAreShipped() throws SQLException {
        try (Connection connection = server.connect()) {
            CompletableFuture<Refusal> refusal = startSlow(connection);
            server.killEngine();
            refusal.join().is("08006", "the mooncake engine ended in the middle of a request");
            server.awaitEngineAnswers();
            assertRows(connection, "SELECT count(*) FROM %s o JOIN items i ON i.id = o.item", 1);
            assertThat(server.log()).doesNotContain("server process (PID", "reinitializing");
        }
    }
}
