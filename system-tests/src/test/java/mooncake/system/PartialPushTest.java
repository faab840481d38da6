package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mooncake.system.PathSchemas.Outcome;
import mooncake.testing.Await;
import mooncake.testing.Sql;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Queries that do not run whole in DuckDB: their parts do, and the answers are those of heap tables.
class PartialPushTest extends ServerFixture {
    private static final String PART = "Path: part of the query in DuckDB";
    private static final String FILTERED = "Path: filtered scan of mirror ";
    private static final Pattern REQUESTS = Pattern.compile("Requests: (\\d+)");

    /// A query and what its plan says; `parts` counts the places where DuckDB runs something.
    record Case(String sql, int parts, List<String> plan) {
        @Override
        public String toString() {
            return sql;
        }
    }

    @BeforeAll
    static void prepare() {
        server.execute(
                "CREATE SCHEMA heap",
                "CREATE SCHEMA mirror",
                "CREATE SCHEMA plain",
                "CREATE TABLE heap.facts (id int PRIMARY KEY, k int, amount numeric(12,2), note text, f float8)",
                "INSERT INTO heap.facts SELECT i, nullif(i % 50, 7), i * 1.25 - 1000, 'note ' || i % 90, i / 7.0"
                        + " FROM generate_series(1, 3000) i",
                "CREATE TABLE heap.dims (k int PRIMARY KEY, label text)",
                "INSERT INTO heap.dims SELECT i, 'label ' || i FROM generate_series(0, 44) i",
                "CALL mooncake.create_table('mirror.facts', 'heap.facts')",
                "CALL mooncake.create_table('mirror.dims', 'heap.dims')",
                "CREATE TABLE plain.near (k int PRIMARY KEY, note text, total numeric)",
                "INSERT INTO plain.near SELECT i, 'near ' || i FROM generate_series(0, 59) i",
                "CREATE FUNCTION plain.plus1(x numeric) RETURNS numeric LANGUAGE plpgsql"
                        + " AS 'BEGIN RETURN x + 1; END'",
                "CREATE FUNCTION plain.even(x int) RETURNS boolean LANGUAGE plpgsql STABLE"
                        + " AS 'BEGIN RETURN x % 2 = 0; END'",
                "ANALYZE");
    }

    static List<Case> cases() {
        return Stream.of(belowTheSelectList(), scansWithConditions(), joins(), subSelects())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> belowTheSelectList() {
        return List.of(
                of("SELECT plus1(amount), note FROM facts ORDER BY amount DESC LIMIT 3", 1, "LIMIT 3"),
                of(
                        "SELECT k, plus1(sum(amount)) FROM facts WHERE id < 900 GROUP BY k ORDER BY k LIMIT 5",
                        1,
                        "LIMIT 5"),
                of("SELECT k, plus1(sum(amount)) AS s FROM facts GROUP BY k ORDER BY s DESC LIMIT 5", 1, "GROUP BY"),
                of("SELECT k, count(*) FROM facts GROUP BY k HAVING even(k) AND count(*) > 1", 1, "GROUP BY"),
                of("SELECT even(count(*)::int) FROM facts", 1, "count(*)"),
                of("SELECT plus1(1) FROM facts WHERE id < 3", 1, FILTERED + "facts"),
                of("SELECT DISTINCT even(k) FROM facts JOIN dims USING (k)", 1, PART),
                of("SELECT DISTINCT ON (k) k, plus1(amount) FROM facts ORDER BY k, id", 1, PART),
                of(
                        "SELECT k, s, rank() OVER (ORDER BY plus1(s), k) FROM (SELECT k, sum(amount) s"
                                + " FROM facts GROUP BY k) x",
                        1,
                        "GROUP BY"),
                of(
                        "SELECT id, even(id), sum(amount) OVER (PARTITION BY k ORDER BY id) FROM facts WHERE id < 300",
                        1,
                        "OVER"),
                of(
                        "SELECT k, even(k), (SELECT note FROM near WHERE near.k = facts.k), sum(amount) FROM facts"
                                + " GROUP BY k ORDER BY k LIMIT 9",
                        1,
                        "LIMIT 9"),
                of("SELECT k, generate_series(1, 2), plus1(sum(amount)) FROM facts GROUP BY k", 1, "GROUP BY"),
                of("SELECT k + 1, even(k + 1), sum(amount) FROM facts GROUP BY k + 1", 1, "GROUP BY"),
                of(
                        "SELECT k, even(k), grouping(k), sum(amount) FROM facts WHERE id < 300 GROUP BY ROLLUP (k)",
                        1,
                        "Path: "),
                of(
                        "WITH w AS (SELECT k, sum(amount) s FROM facts GROUP BY k)"
                                + " SELECT a.k, plus1(a.s), b.s FROM w a JOIN w b ON b.k = a.k + 1",
                        1,
                        PART));
    }

    private static List<Case> scansWithConditions() {
        return List.of(
                of(
                        "SELECT count(*), sum(amount) FROM facts WHERE even(id) AND id < 100 AND note LIKE 'note 1%'",
                        1, FILTERED + "facts"),
                of(
                        "SELECT count(*) FROM facts WHERE even(id) AND id = (SELECT min(k) + 1 FROM near)",
                        1,
                        FILTERED + "facts"),
                of("SELECT even(id), id FROM facts WHERE f > 400 AND (even(k) OR k IS NULL)", 1, FILTERED + "facts"));
    }

    private static List<Case> joins() {
        return List.of(
                of(
                        "SELECT facts.note, dims.label FROM facts JOIN dims USING (k) WHERE"
                                + " even(facts.id) AND facts.id < 50",
                        1,
                        PART),
                of(
                        "SELECT n.note, d.label, count(*) FROM near n LEFT JOIN (facts f JOIN dims d ON"
                                + " f.k = d.k AND even(f.id)"
                                + " AND f.id < 500) ON n.k = f.id GROUP BY 1, 2",
                        1,
                        PART),
                of(
                        "SELECT n.note, f.id, d.label FROM near n JOIN (facts f LEFT JOIN dims d ON f.k"
                                + " = d.k AND d.k < 30)"
                                + " ON n.k = f.id AND even(n.k + f.id) WHERE d.k IS NOT NULL OR f.id > 3",
                        1,
                        PART),
                of("SELECT * FROM facts FULL JOIN dims USING (k) WHERE even(k) AND k < 5", 1, PART),
                of(
                        "SELECT f.k, d.label, even(f.k) FROM facts f, dims d WHERE even(f.id + d.k) AND"
                                + " f.id < 9 AND d.k < 4",
                        2,
                        FILTERED + "facts",
                        FILTERED + "dims"));
    }

    private static List<Case> subSelects() {
        return List.of(
                of(
                        "SELECT n.note, s.t, even(n.k) FROM near n JOIN (SELECT k, sum(amount) t FROM"
                                + " facts GROUP BY k) s USING (k)"
                                + " WHERE s.k < 30",
                        1,
                        PART,
                        "GROUP BY"),
                of("SELECT note, even(k) FROM near WHERE k IN (SELECT k FROM facts WHERE id > 2980)", 1, PART),
                of("SELECT note, even(k) FROM near WHERE EXISTS (SELECT 1 FROM dims WHERE label = 'label 5')", 1, PART),
                of("SELECT note, even(k) FROM near WHERE k NOT IN (SELECT k FROM facts WHERE k IS NOT NULL)", 1, PART),
                of("SELECT even(k), (SELECT max(amount) FROM facts) FROM near", 1, PART),
                of("SELECT k, even(k) FROM facts WHERE id < 30 UNION SELECT k, true FROM dims WHERE k < 20", 2, PART),
                of(
                        "SELECT even(n.k), n.k, x.c FROM near n, LATERAL (SELECT count(*) c FROM facts f"
                                + " WHERE f.k = n.k) x",
                        1,
                        "Shipped: near (k)"),
                of(
                        "SELECT even(k), (SELECT sum(amount) FROM facts WHERE facts.k = near.k) FROM near",
                        1,
                        "Shipped: near (k)"),
                of(
                        "SELECT even(k), (SELECT sum(plus1(amount)) FROM facts WHERE facts.k = near.k) FROM near",
                        0,
                        "Path: scan of mirror facts"),
                of(
                        "SELECT n.note, plus1(sum(amount)) FROM facts JOIN near n USING (k) GROUP BY n.note",
                        1,
                        "Shipped: near (k, note)",
                        "GROUP BY"),
                of(
                        "SELECT even(n.k), v.label FROM near n JOIN (SELECT * FROM dims ORDER BY label"
                                + " LIMIT 7) v USING (k)",
                        1,
                        "LIMIT 7"));
    }

    private static Case of(String sql, int parts, String... plan) {
        return new Case(sql, parts, List.of(plan));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void partsRunInDuckDb(Case query) throws SQLException {
        try (Connection heap = PathSchemas.connect(server, "heap");
                Connection mirror = PathSchemas.connect(server, "mirror")) {
            Outcome expected = PathSchemas.run(heap, query.sql());
            assertThat(expected.columns()).as("%s", expected).isNotEqualTo(List.of("error"));
            assertThat(PathSchemas.run(mirror, query.sql()).sorted()).isEqualTo(expected.sorted());
            String plan = PathSchemas.explain(mirror, query.sql());
            assertThat(plan).contains(query.plan()).doesNotContain("whole query in DuckDB");
            assertThat(plan.split("DuckDB SQL: ", -1)).as(plan).hasSize(query.parts() + 1);
        }
    }

    @Test
    void statementsThatChangeDataReadParts() throws SQLException {
        for (String statement : List.of(
                "INSERT INTO near (k, total) SELECT k + 1000, sum(amount) FROM facts WHERE k > 0 GROUP BY k",
                "INSERT INTO near (k, total) SELECT id + 1000, plus1(amount) FROM facts WHERE id < 9 RETURNING *",
                "UPDATE near SET total = s.t FROM (SELECT k, sum(amount) t FROM facts GROUP BY k) s WHERE s.k = near.k",
                "UPDATE near SET total = f.amount FROM facts f JOIN dims d ON f.k = d.k WHERE f.id = near.k",
                "UPDATE near SET total = (SELECT sum(amount) FROM facts f WHERE f.k = near.k)",
                "DELETE FROM near USING facts f WHERE f.id = near.k AND f.amount > -980",
                "DELETE FROM near WHERE k > 30 AND EXISTS (SELECT 1 FROM dims WHERE label LIKE 'label 5%')",
                "DELETE FROM near WHERE NOT EXISTS (SELECT 1 FROM dims WHERE label = 'none')",
                "MERGE INTO near USING (SELECT k, max(amount) t FROM facts WHERE k > 40 GROUP BY k) s ON"
                        + " s.k = near.k - 9"
                        + " WHEN MATCHED THEN UPDATE SET total = s.t"
                        + " WHEN NOT MATCHED THEN INSERT (k, total) VALUES (s.k + 500, s.t)",
                "MERGE INTO near USING (facts f JOIN dims d ON f.k = d.k AND f.id < 5) ON f.id = near.k"
                        + " WHEN MATCHED AND even(f.id) THEN UPDATE SET note = d.label")) {
            assertThat(afterwards("mirror", statement)).as(statement).isEqualTo(afterwards("heap", statement));
            try (Connection mirror = PathSchemas.connect(server, "mirror")) {
                assertThat(PathSchemas.explain(mirror, statement)).as(statement).contains("Mooncake ");
            }
        }
    }

    private static List<List<String>> afterwards(String schema, String statement) throws SQLException {
        try (Connection connection = PathSchemas.connect(server, schema)) {
            connection.setAutoCommit(false);
            Sql.execute(connection, statement);
            List<List<String>> rows = Sql.rows(connection, "SELECT * FROM near ORDER BY k");
            connection.rollback();
            return rows;
        }
    }

    /// A row that another session changed meanwhile is looked at again, with the mirror's row that was joined to it.
    @Test
    void aRowThatWasChangedMeanwhileMeetsItsMirrorRowAgain()
            throws SQLException, InterruptedException, ExecutionException {
        for (String statement : List.of(
                "UPDATE near SET note = near.note || f.id FROM facts f WHERE f.id = near.k AND near.k = 3",
                "UPDATE near SET note = near.note || s.n FROM (SELECT k, 3 AS n FROM dims GROUP BY k) s"
                        + " WHERE s.k = near.k AND near.k = 3",
                "UPDATE near SET note = near.note || f.id FROM facts f LEFT JOIN dims d ON d.k = f.k"
                        + " WHERE f.id = near.k AND near.k = 3",
                "UPDATE near SET note = near.note || 3 WHERE k = 3 AND k IN (SELECT k FROM facts WHERE"
                        + " even(id - 1))")) {
            server.execute("UPDATE plain.near SET note = 'before' WHERE k = 3");
            try (Connection other = server.connect();
                    Connection mirror = PathSchemas.connect(server, "mirror")) {
                String backend = Sql.value(mirror, "SELECT pg_backend_pid()");
                other.setAutoCommit(false);
                Sql.execute(other, "UPDATE plain.near SET note = 'meanwhile ' WHERE k = 3");
                CompletableFuture<Void> done = CompletableFuture.runAsync(() -> run(mirror, statement));
                Await.until(
                        "the statement waits",
                        MirrorTestServer.LIMIT,
                        () -> Objects.equals(
                                server.value("SELECT wait_event_type FROM pg_stat_activity WHERE pid = " + backend),
                                "Lock"));
                other.commit();
                done.get();
            }
            assertThat(server.value("SELECT note FROM plain.near WHERE k = 3"))
                    .as(statement)
                    .isEqualTo("meanwhile 3");
        }
    }

    private static void run(Connection connection, String statement) {
        try {
            Sql.execute(connection, statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingIsFetchedForEachRowOfAnotherTable() throws SQLException {
        try (Connection mirror = PathSchemas.connect(server, "mirror")) {
            Sql.execute(mirror, "SET enable_hashjoin = off");
            Sql.execute(mirror, "SET enable_mergejoin = off");
            Sql.execute(mirror, "SET enable_material = off");
            Sql.execute(mirror, "SET work_mem = '64kB'");
            for (String sql : List.of(
                    "SELECT k, (SELECT sum(plus1(amount)) FROM facts WHERE facts.k = near.k) FROM near",
                    "SELECT count(*) FROM near n JOIN facts f ON f.k = n.k AND even(n.k + f.id)",
                    "SELECT count(*) FROM near n JOIN (SELECT k, sum(amount) t FROM facts GROUP BY k) s ON s.k < n.k"
                            + " AND even(s.k)",
                    "SELECT n.k, x.c FROM near n,"
                            + " LATERAL (SELECT sum(plus1(f.id)) c FROM facts f WHERE f.k = n.k) x",
                    "SELECT k FROM near WHERE even(k) AND EXISTS"
                            + " (SELECT 1 FROM facts f WHERE f.id - near.k > 9 AND even(f.id + near.k))")) {
                String plan = Sql.rows(mirror, "EXPLAIN (ANALYZE, VERBOSE, TIMING OFF) " + sql)
                        .toString();
                List<Integer> requests = REQUESTS.matcher(plan)
                        .results()
                        .map(found -> Integer.valueOf(found.group(1)))
                        .toList();
                assertThat(requests).as(plan).isNotEmpty().allMatch(count -> count <= 2);
            }
        }
    }

    @Test
    void preparedStatementsTakeTheirParametersAtEachExecution() throws SQLException {
        try (Connection mirror = PathSchemas.connect(server, "mirror")) {
            Sql.execute(mirror, "SET plan_cache_mode = force_generic_plan");
            Sql.execute(
                    mirror,
                    "PREPARE p(int, int) AS SELECT count(*), max(plus1(x.s)) FROM"
                            + " (SELECT k, sum(amount) s FROM facts WHERE id <= $1 GROUP BY k) x WHERE"
                            + " even(k) AND k < $2");
            Sql.execute(mirror, "PREPARE q(int) AS SELECT count(*) FROM facts WHERE even(id) AND id <= $1");
            for (int limit : new int[] {10, 200, 3}) {
                assertThat(Sql.rows(mirror, "EXECUTE p(" + limit + ", 30)"))
                        .isEqualTo(server.rows("SELECT count(*), max(plain.plus1(x.s)) FROM (SELECT k, sum(amount) s"
                                + " FROM heap.facts WHERE id <= " + limit
                                + " GROUP BY k) x WHERE plain.even(k) AND k < 30"));
                assertThat(Sql.value(mirror, "EXECUTE q(" + limit + ")")).isEqualTo(Integer.toString(limit / 2));
            }
            server.execute("ALTER TABLE heap.dims ADD COLUMN extra int DEFAULT 5");
            assertThat(Sql.value(mirror, "EXECUTE q(8)")).isEqualTo("4");
        }
    }

    @Test
    void privilegesAreCheckedOnWhatPartsRead() throws SQLException {
        server.execute(
                "CREATE ROLE guest LOGIN",
                "GRANT USAGE ON SCHEMA heap, mirror, plain TO guest",
                "GRANT SELECT (id, k) ON mirror.facts TO guest",
                "GRANT SELECT ON plain.near TO guest",
                "CREATE VIEW mirror.totals AS SELECT k, sum(amount) AS total FROM mirror.facts GROUP BY k",
                "GRANT SELECT ON mirror.totals TO guest");
        try (Connection guest = server.connect("postgres", "guest")) {
            Sql.execute(guest, "SET search_path TO mirror, plain");
            assertThat(Sql.value(guest, "SELECT count(*) FROM facts WHERE even(id)"))
                    .isEqualTo("1500");
            assertThat(Sql.value(guest, "SELECT count(*) FROM near JOIN totals USING (k)"))
                    .isEqualTo("49");
            for (String denied : List.of(
                    "SELECT plus1(sum(amount)) FROM facts",
                    "SELECT count(*) FROM near n JOIN (SELECT k, sum(amount) FROM facts GROUP BY k) s USING (k)",
                    "SELECT count(*) FROM facts WHERE even(id) AND amount > 3",
                    "SELECT count(*) FROM near WHERE k IN (SELECT k FROM dims)")) {
                assertThatThrownBy(() -> Sql.rows(guest, denied)).as(denied).hasMessageContaining("permission denied");
            }
            assertThat(Sql.rows(
                            guest,
                            "SELECT part, pushed FROM mooncake.explain_pushdown("
                                    + "'SELECT count(*) FROM facts WHERE even(id)')"))
                    .containsExactly(List.of("query", "f"), List.of("mirror facts", "f"));
        }
    }

    @Test
    void explainPushdownNamesPartsAndReasons() throws SQLException {
        String join = "SELECT even(f.id) FROM near n JOIN facts f ON f.id = n.k AND f.amount > 3 AND even(n.k + f.id)";
        assertThat(explained("SELECT count(*) FROM facts")).containsExactly(List.of("0", "query", "t", "NULL"));
        assertThat(explained("SELECT 1")).containsExactly(List.of("0", "query", "f", "the query reads no mirror"));
        assertThat(explained(join))
                .contains(List.of("1", "mirror facts", "t", "NULL"))
                .contains(
                        List.of("0", "query", "f", "Function even(integer) is not known to mean the same in DuckDB."));
        assertThat(explained("INSERT INTO near (k) SELECT max(id) FROM facts"))
                .contains(List.of("0", "query", "f", "the query has a statement that changes data"))
                .contains(List.of("1", "part", "t", "NULL"));
        try (Connection connection = PathSchemas.connect(server, "mirror")) {
            for (String several : List.of("DELETE FROM near; SELECT 1", "ANALYZE DELETE FROM near")) {
                assertThatThrownBy(() -> Sql.rows(connection, "SELECT mooncake.explain_pushdown('" + several + "')"))
                        .isInstanceOf(SQLException.class);
            }
        }
        assertThat(server.value("SELECT count(*) FROM plain.near")).isEqualTo("60");
    }

    private static List<List<String>> explained(String sql) throws SQLException {
        try (Connection connection = PathSchemas.connect(server, "mirror")) {
            return Sql.rows(
                    connection, "SELECT level, part, pushed, reason FROM mooncake.explain_pushdown('" + sql + "')");
        }
    }
}
