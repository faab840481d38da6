package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each kind of schema change of a source, alone and in the middle of a transaction that also changes rows: the mirror
/// has the source's columns and rows at once, whether it followed in place or by a new copy.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SchemaChangeTest extends PairsFixture {
    private static final String COLUMNS = " (id int PRIMARY KEY, a int, s smallint, f real, b text NOT NULL,"
            + " v varchar(10), n numeric(8,2), d date)";

    private static int made;

    static List<Arguments> changes() {
        List<Arguments> all = new ArrayList<>();
        for (String change : List.of(
                "ADD COLUMN x int",
                "ADD COLUMN x int DEFAULT 42",
                "ADD COLUMN x text NOT NULL DEFAULT 'constant ''text'''",
                "ADD COLUMN x timestamptz DEFAULT now()",
                "ADD COLUMN x numeric(20,4) DEFAULT 3.1400",
                "ADD COLUMN x float8 DEFAULT random()",
                "ADD COLUMN x uuid DEFAULT gen_random_uuid(), ADD COLUMN y int",
                "ADD COLUMN x bigint GENERATED ALWAYS AS IDENTITY",
                "ADD COLUMN x int, DROP COLUMN a, ADD COLUMN a text DEFAULT 'other type'",
                "DROP COLUMN a",
                "DROP COLUMN d, DROP COLUMN b",
                "RENAME COLUMN a TO renamed",
                "RENAME COLUMN id TO ident",
                "ALTER COLUMN b DROP NOT NULL",
                "ALTER COLUMN a SET NOT NULL",
                "ALTER COLUMN a TYPE bigint",
                "ALTER COLUMN id TYPE bigint",
                "ALTER COLUMN s TYPE int",
                "ALTER COLUMN s TYPE bigint",
                "ALTER COLUMN f TYPE float8",
                "ALTER COLUMN n TYPE numeric(20,2)",
                "ALTER COLUMN n TYPE numeric(20,4)",
                "ALTER COLUMN v TYPE varchar(20)",
                "ALTER COLUMN v TYPE text",
                "ALTER COLUMN a TYPE text USING 'number ' || a",
                "ALTER COLUMN a TYPE smallint",
                "ALTER COLUMN d TYPE timestamp",
                "ALTER COLUMN id TYPE text",
                "DROP CONSTRAINT %s_pkey",
                "DROP CONSTRAINT %s_pkey, ADD PRIMARY KEY (b, id)",
                "SET UNLOGGED, SET LOGGED",
                "REPLICA IDENTITY FULL",
                "ALTER COLUMN b SET STORAGE EXTERNAL, ALTER COLUMN a SET DEFAULT 5")) {
            if (!change.startsWith("SET UNLOGGED")) { // refused for a published table
                all.add(Arguments.of(change, true));
                all.add(Arguments.of(change, false));
            }
        }
        return all;
    }

    private static String rows(String table, int from, int to) {
        return "INSERT INTO " + table
                + " (id, a, s, f, b, v, n, d) SELECT i, i, i, i / 2.0, 'b' || i, 'v' || i, i / 4.0,"
                + " '2026-01-01'::date + i FROM generate_series(" + from + ", " + to + ") i; ";
    }

    @ParameterizedTest(name = "{0}, in a transaction: {1}")
    @MethodSource("changes")
    @Order(1)
    void theMirrorHasTheSourcesShape(String change, boolean inTransaction) {
        String table = "t" + made++;
        pairs.make(table, "CREATE TABLE " + table + COLUMNS, rows(table, 1, 40));
        if (inTransaction) {
            pairs.snapshot(table);
        }
        String alter = "ALTER TABLE " + table + " " + change.formatted(table) + "; ";
        String key = change.contains("TO ident") ? "ident" : "id";
        String before = rows(table, 41, 60) + "UPDATE " + table + " SET a = a + 100 WHERE id % 3 = 0; ";
        String after = "UPDATE " + table + " SET n = n + 1 WHERE " + key + "::int % 2 = 0; DELETE FROM " + table
                + " WHERE " + key + "::int % 7 = 0; ";
        if (inTransaction) {
            server.execute("BEGIN; " + before + alter + after + "COMMIT");
        } else {
            server.execute(before, alter, after);
        }
        pairs.check(table);
        assertThat(columns(table + "_c")).isEqualTo(columns(table));
        pairs.snapshot(table);
        pairs.change(
                table, "UPDATE " + table + " SET n = n * 2", "DELETE FROM " + table + " WHERE " + key + "::int = 4");
    }

    private static List<List<String>> columns(String table) {
        return server.rows("SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '"
                + table + "'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname");
    }

    @Test
    @Order(1)
    void undone() {
        pairs.make("undone", "CREATE TABLE undone" + COLUMNS, rows("undone", 1, 40));
        pairs.change(
                "undone",
                "BEGIN; " + rows("undone", 41, 50) + "ALTER TABLE undone ADD COLUMN x int DEFAULT 1, DROP COLUMN a;"
                        + " UPDATE undone SET x = 7; ROLLBACK",
                "BEGIN; SAVEPOINT s; ALTER TABLE undone RENAME COLUMN a TO z; UPDATE undone SET z = 1; ROLLBACK TO s;"
                        + rows("undone", 51, 60) + " ALTER TABLE undone ADD COLUMN y int DEFAULT 3; COMMIT");
        assertThat(columns("undone_c")).isEqualTo(columns("undone"));
    }

    @Test
    @Order(1)
    void manyInOneTransactionWithRowsInBetween() {
        pairs.make("many", "CREATE TABLE many" + COLUMNS, rows("many", 1, 40));
        pairs.snapshot("many");
        pairs.change(
                "many",
                "BEGIN; ALTER TABLE many ADD COLUMN x int DEFAULT 1; INSERT INTO many (id, b, x) VALUES (100, 'b', 2);"
                        + " ALTER TABLE many ALTER COLUMN a TYPE bigint; UPDATE many SET a = 1::bigint << 40 WHERE id < 5;"
                        + " ALTER TABLE many RENAME COLUMN a TO big; UPDATE many SET big = big + 1;"
                        + " ALTER TABLE many DROP COLUMN s; INSERT INTO many (id, b, big) VALUES (101, 'c', 5);"
                        + " ALTER TABLE many ADD COLUMN s text DEFAULT 'new s'; DELETE FROM many WHERE id = 7; COMMIT");
        assertThat(columns("many_c")).isEqualTo(columns("many"));
        pairs.snapshot("many");
    }

    @Test
    @Order(1)
    void theTableMoves() {
        server.execute("CREATE SCHEMA elsewhere");
        pairs.make("moved", "CREATE TABLE moved" + COLUMNS, rows("moved", 1, 40));
        server.execute("ALTER TABLE moved RENAME TO moved_on", rows("moved_on", 41, 50));
        MirrorTestServer.assertMirrors(server, "moved_on", "moved_c");
        server.execute("ALTER TABLE moved_on SET SCHEMA elsewhere", "UPDATE elsewhere.moved_on SET a = -a");
        MirrorTestServer.assertMirrors(server, "elsewhere.moved_on", "moved_c");
        server.execute("ALTER SCHEMA elsewhere RENAME TO other", "DELETE FROM other.moved_on WHERE id < 9");
        MirrorTestServer.assertMirrors(server, "other.moved_on", "moved_c");
        server.execute("ALTER TABLE other.moved_on SET SCHEMA public", "ALTER TABLE moved_on RENAME TO moved");
        pairs.check("moved");
    }

    @Test
    @Order(1)
    void columnsBeforeTheMirrorAreGoneOrGenerated() {
        pairs.make(
                "gaps",
                "CREATE TABLE gaps (gone int, id int PRIMARY KEY, also int, v text)",
                "ALTER TABLE gaps DROP COLUMN gone, DROP COLUMN also",
                "ALTER TABLE gaps ADD COLUMN w int DEFAULT 9",
                "INSERT INTO gaps SELECT i, 'v' || i FROM generate_series(1, 30) i");
        pairs.change(
                "gaps",
                "UPDATE gaps SET v = 'x' WHERE id < 9",
                "ALTER TABLE gaps DROP COLUMN v",
                "DELETE FROM gaps WHERE id = 20");
        server.execute(
                "CREATE TABLE generated (id int PRIMARY KEY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED, b text)",
                "INSERT INTO generated (id, a, b) SELECT i, i, 'b' || i FROM generate_series(1, 30) i",
                "CALL mooncake.create_table('generated_c', 'generated')",
                "UPDATE generated SET a = a + 1 WHERE id % 2 = 0",
                "INSERT INTO generated (id, a, b) VALUES (99, 9, 'nine')");
        mooncake.testing.TableDiff.assertEqualRows(
                server::connect, "SELECT id, a, b FROM generated", "SELECT id, a, b FROM generated_c");
    }

    @Test
    @Order(1)
    void policies() {
        server.execute(
                "CREATE TABLE policy" + COLUMNS,
                rows("policy", 1, 20),
                "CALL mooncake.create_table('policy_ignore', 'policy', table_config => '{\"on_ddl\": \"ignore\"}')",
                "CALL mooncake.create_table('policy_error', 'policy', table_config => '{\"on_ddl\": \"error\"}')",
                "CALL mooncake.create_table('policy_evolve', 'policy', table_config => '{\"on_ddl\": \"evolve\"}')");
        MirrorTestServer.assertMirrors(server, "policy", "policy_error");
        server.execute(
                "ALTER TABLE policy ADD COLUMN x int DEFAULT 5, DROP COLUMN a",
                "UPDATE policy SET x = 6 WHERE id < 9",
                "INSERT INTO policy (id, b, x) VALUES (100, 'b', 1)");
        MirrorTestServer.assertMirrors(server, "policy", "policy_evolve");
        mooncake.testing.TableDiff.assertEqualRows(
                server::connect,
                "SELECT id, s, f, b, v, n, d FROM policy",
                "SELECT id, s, f, b, v, n, d FROM policy_ignore");
        assertThat(server.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 'policy_ignore'::regclass"
                        + " AND attname = 'a' AND NOT attisdropped"))
                .isEqualTo("1");
        assertThat(server.value("SELECT a IS NULL FROM policy_ignore WHERE id = 100"))
                .isEqualTo("t");
        MirrorTestServer.awaitValue(
                server, "SELECT state FROM mooncake.status() WHERE \"table\" = 'public.policy_error'", "failed");
        Refusal.of(server, "SELECT * FROM policy_error").says("55000", "policy_error");
    }

    @Test
    @Order(1)
    void theSourceIsDropped() {
        server.execute(
                "CREATE TABLE dropped" + COLUMNS,
                rows("dropped", 1, 20),
                "CALL mooncake.create_table('dropped_c', 'dropped')",
                "CREATE TABLE dropped_as_it_was AS TABLE dropped");
        MirrorTestServer.assertMirrors(server, "dropped", "dropped_c");
        server.execute("DROP TABLE dropped");
        MirrorTestServer.assertMirrors(server, "dropped_as_it_was", "dropped_c");
        MirrorTestServer.awaitValue(
                server, "SELECT state FROM mooncake.status() WHERE \"table\" = 'public.dropped_c'", "detached");
        server.killEngine();
        server.awaitEngineAnswers();
        MirrorTestServer.assertMirrors(server, "dropped_as_it_was", "dropped_c");
        server.execute("DROP TABLE dropped_c");
    }

    @Test
    @Order(2)
    void allOfThemAfterRestarts() {
        pairs.checkAllThroughRestarts();
    }
}
