package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import mooncake.system.PathSchemas.Outcome;
import mooncake.testing.Sql;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Who may read what of a mirror is decided by Postgres' rules for the mirror, on both paths.
class PrivilegesTest extends ServerFixture {
    private static final String DENIED = "42501";

    /// A whole query and two that are run by scans.
    private static final List<String> QUERIES = List.of(
            "SELECT id, secret FROM %s",
            "SELECT count(*) FROM %s c, open_heap", "SELECT id, regexp_replace(secret, 'a', 'b') FROM %s");

    @BeforeAll
    static void prepare() {
        server.execute(
                "CREATE ROLE reader LOGIN",
                "CREATE ROLE manager LOGIN",
                "CREATE ROLE owner LOGIN",
                "GRANT reader, manager TO owner",
                "CREATE TABLE open_heap (x int)",
                "INSERT INTO open_heap VALUES (1)",
                "GRANT SELECT ON open_heap TO PUBLIC");
    }

    private static void mirror(String name) {
        server.execute(
                "CREATE TABLE " + name + "_r (id int PRIMARY KEY, tenant text, secret text)",
                "INSERT INTO " + name
                        + "_r SELECT i, CASE i % 3 WHEN 0 THEN 'reader' WHEN 1 THEN 'manager' END, 's' || i"
                        + " FROM generate_series(1, 30) i",
                "CALL mooncake.create_table('" + name + "', '" + name + "_r')",
                "CALL mooncake.create_snapshot('" + name + "')");
    }

    private static Outcome as(String role, String query) throws SQLException {
        try (Connection connection = server.connect("postgres", role)) {
            return PathSchemas.run(connection, query);
        }
    }

    private static void assertDenied(String role, String query, String object) throws SQLException {
        assertThat(as(role, query).rows().getFirst())
                .as("%s: %s", role, query)
                .containsExactly(DENIED, "ERROR: permission denied for " + object);
    }

    private static void assertRows(String role, String query, int count) throws SQLException {
        Outcome outcome = as(role, query);
        assertThat(outcome.columns()).as("%s: %s: %s", role, query, outcome).isNotEqualTo(List.of("error"));
        assertThat(outcome.rows()).as("%s: %s", role, query).hasSize(count);
    }

    @Test
    void aTableNeedsItsGrant() throws SQLException {
        mirror("guarded");
        server.execute("GRANT SELECT ON guarded_r TO reader");
        for (String query : QUERIES) {
            assertDenied("reader", String.format(query, "guarded"), "table guarded");
        }
        assertDenied("reader", "SELECT 1 FROM guarded", "table guarded");
        assertDenied("reader", "SELECT EXISTS (SELECT FROM guarded)", "table guarded");
        assertDenied("reader", "SELECT 1 WHERE 1 IN (SELECT id FROM guarded)", "table guarded");
        assertDenied("reader", "WITH w AS (SELECT * FROM guarded) SELECT count(*) FROM w", "table guarded");
        assertDenied("reader", "EXPLAIN ANALYZE SELECT * FROM guarded", "table guarded");
        server.execute("GRANT SELECT ON guarded TO reader");
        assertRows("reader", "SELECT id, secret FROM guarded", 30);
        assertRows("reader", "SELECT id FROM guarded, open_heap", 30);
        server.execute("REVOKE SELECT ON guarded FROM reader");
        assertDenied("reader", "SELECT id FROM guarded", "table guarded");
        try (Connection connection = server.connect("postgres", "reader")) {
            assertThat(PathSchemas.run(connection, "TABLE mooncake.tables")
                            .rows()
                            .getFirst())
                    .contains(DENIED);
            assertThat(PathSchemas.run(connection, "TABLE mooncake.iceberg_tables")
                            .rows()
                            .getFirst())
                    .contains(DENIED);
        }
    }

    @Test
    void columnsNeedTheirGrants() throws SQLException {
        mirror("partly");
        server.execute("GRANT SELECT (id, tenant) ON partly TO reader");
        assertRows("reader", "SELECT id, tenant FROM partly", 30);
        assertRows("reader", "SELECT count(*) FROM partly", 1);
        assertRows("reader", "SELECT p.id FROM partly p, open_heap WHERE tenant = 'reader'", 10);
        for (String query : QUERIES) {
            if (query.contains("secret")) {
                assertDenied("reader", String.format(query, "partly"), "table partly");
            }
        }
        assertDenied("reader", "SELECT * FROM partly", "table partly");
        assertDenied("reader", "SELECT p FROM partly p", "table partly");
        assertDenied("reader", "SELECT id FROM partly WHERE secret = 's1'", "table partly");
        assertDenied("reader", "SELECT id FROM partly ORDER BY secret", "table partly");
        assertDenied("reader", "SELECT a.id FROM partly a JOIN partly b USING (secret)", "table partly");
        assertDenied(
                "reader",
                "SELECT 1 FROM open_heap WHERE EXISTS (SELECT FROM partly WHERE secret > '')",
                "table partly");
    }

    @Test
    void viewsReadWithTheirOwnersRights() throws SQLException {
        mirror("viewed");
        server.execute(
                "CREATE VIEW tens AS SELECT id, secret FROM viewed WHERE id % 10 = 0",
                "CREATE VIEW tens_barrier WITH (security_barrier) AS SELECT id, secret FROM viewed WHERE id % 10 = 0",
                "CREATE VIEW tens_invoker WITH (security_invoker) AS SELECT id, secret FROM viewed WHERE id % 10 = 0",
                "GRANT SELECT ON tens, tens_barrier, tens_invoker TO reader");
        for (String view : List.of("tens", "tens_barrier")) {
            assertRows("reader", "SELECT * FROM " + view, 3);
            assertRows("reader", "SELECT v.id, x FROM " + view + " v, open_heap", 3);
            assertDenied("manager", "SELECT * FROM " + view, "view " + view);
            assertDenied("manager", "SELECT count(*) FROM " + view + ", open_heap", "view " + view);
        }
        assertDenied("reader", "SELECT * FROM tens_invoker", "table viewed");
        assertDenied("reader", "SELECT count(*) FROM tens_invoker, open_heap", "table viewed");
        server.execute("GRANT SELECT ON viewed TO reader");
        assertRows("reader", "SELECT * FROM tens_invoker", 3);
        server.execute("ALTER VIEW tens OWNER TO manager");
        assertDenied("reader", "SELECT * FROM tens", "table viewed");
    }

    /// A condition of the caller that tells what it is given must not see rows that the view hides.
    @Test
    void barriersAreNotCrossed() throws SQLException {
        mirror("hidden");
        server.execute(
                "CREATE FUNCTION tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001"
                        + " AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'",
                "CREATE VIEW shown WITH (security_barrier) AS SELECT id, secret FROM hidden WHERE id = 7",
                "GRANT SELECT ON shown TO reader");
        try (Connection connection = server.connect("postgres", "reader");
                var statement = connection.createStatement()) {
            try (var result = statement.executeQuery("SELECT id FROM shown WHERE tell(secret)")) {
                assertThat(result.next()).isTrue();
                assertThat(result.next()).isFalse();
            }
            assertThat(statement.getWarnings().getMessage()).isEqualTo("s7");
            assertThat((Throwable) statement.getWarnings().getNextWarning()).isNull();
            assertThat(PathSchemas.run(connection, "SELECT id FROM shown WHERE 1 / (id - 8) < 10")
                            .rows())
                    .isEqualTo(List.of(List.of("7")));
        }
    }

    @Test
    void policiesFilterRows() throws SQLException {
        mirror("policed");
        server.execute(
                "GRANT SELECT ON policed TO reader, manager",
                "ALTER TABLE policed ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON policed USING (tenant = current_user)");
        for (String role : List.of("reader", "manager")) {
            assertRows(role, "SELECT * FROM policed", 10);
            assertRows(
                    role,
                    "SELECT id FROM policed WHERE 1 / (CASE tenant WHEN '" + role + "' THEN 1 ELSE 0 END) = 1",
                    10);
            try (Connection connection = server.connect("postgres", role)) {
                assertThat(PathSchemas.explain(connection, "SELECT tenant, count(*) FROM policed GROUP BY 1"))
                        .contains("Path: whole query in DuckDB");
            }
            assertRows(role, "SELECT p.id FROM policed p, open_heap", 10);
            assertRows(role, "SELECT id, regexp_replace(secret, 'a', 'b') FROM policed", 10);
            assertThat(as(role, "SELECT count(*), count(*) FILTER (WHERE tenant = current_user) FROM policed")
                            .rows())
                    .isEqualTo(List.of(List.of("10", "10")));
        }
        assertRows("postgres", "SELECT * FROM policed", 30);
        server.execute("CREATE POLICY odd ON policed AS RESTRICTIVE TO reader USING (id % 2 = 1)");
        assertRows("reader", "SELECT * FROM policed", 5);
        assertRows("manager", "SELECT * FROM policed", 10);
        try (Connection connection = server.connect("postgres", "reader")) {
            Sql.execute(connection, "SET row_security = off");
            assertThat(PathSchemas.run(connection, "SELECT * FROM policed")
                            .rows()
                            .getFirst())
                    .contains(DENIED);
        }
        server.execute("CREATE POLICY few ON policed AS RESTRICTIVE TO reader USING (id < 20)");
        assertRows("reader", "SELECT * FROM policed", 3);
        server.execute("ALTER TABLE policed DISABLE ROW LEVEL SECURITY");
        assertRows("reader", "SELECT * FROM policed", 30);
    }

    /// The statement is prepared once and planned generically; every role gets its own rows of it.
    @Test
    void cachedPlansFollowTheRole() throws SQLException {
        mirror("cached");
        server.execute(
                "GRANT SELECT ON cached TO reader, manager",
                "ALTER TABLE cached ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON cached USING (tenant = current_user)",
                "CREATE FUNCTION cached_rows() RETURNS bigint LANGUAGE plpgsql"
                        + " AS 'BEGIN RETURN (SELECT sum(id) FROM cached); END'");
        try (Connection connection = server.connect("postgres", "owner")) {
            Sql.execute(connection, "SET plan_cache_mode = force_generic_plan");
            Sql.execute(connection, "SET ROLE reader");
            Sql.execute(connection, "PREPARE whole AS SELECT min(id), count(*) FROM cached");
            Sql.execute(connection, "PREPARE scan AS SELECT min(id), count(*) FROM cached, open_heap");
            for (int i = 0; i < 3; i++) {
                for (String role : List.of("reader", "manager")) {
                    List<String> expected = role.equals("reader") ? List.of("3", "10") : List.of("1", "10");
                    Sql.execute(connection, "SET ROLE " + role);
                    assertThat(Sql.rows(connection, "EXECUTE whole")).as(role).isEqualTo(List.of(expected));
                    assertThat(Sql.rows(connection, "EXECUTE scan")).as(role).isEqualTo(List.of(expected));
                    assertThat(Sql.value(connection, "SELECT cached_rows()"))
                            .isEqualTo(role.equals("reader") ? "165" : "145");
                }
            }
            server.execute("REVOKE SELECT ON cached FROM manager");
            assertThat(PathSchemas.run(connection, "EXECUTE whole").rows().getFirst())
                    .contains(DENIED);
            assertThat(PathSchemas.run(connection, "EXECUTE scan").rows().getFirst())
                    .contains(DENIED);
            Sql.execute(connection, "SET ROLE reader");
            assertThat(Sql.rows(connection, "EXECUTE whole")).isEqualTo(List.of(List.of("3", "10")));
        }
    }

    @Test
    void aSourceThatGetsRowSecurityIsNotReadThroughItsMirror() {
        mirror("later");
        server.execute("GRANT SELECT ON later TO reader", "ALTER TABLE later_r ENABLE ROW LEVEL SECURITY");
        Refusal.of(server, "SELECT count(*) FROM later").says("55000", "row-level security");
        server.execute("ALTER TABLE later_r DISABLE ROW LEVEL SECURITY", "CALL mooncake.resync('later')");
        MirrorTestServer.assertMirrors(server, "later_r", "later");
    }
}
