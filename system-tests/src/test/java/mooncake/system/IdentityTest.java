package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import mooncake.testing.Sql;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// By what a mirror finds its rows, what that changes on the source, and that all of it is undone.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IdentityTest extends PairsFixture {
    private static String identity(String table) {
        return server.value("SELECT relreplident FROM pg_class WHERE oid = '" + table + "'::regclass");
    }

    @Test
    @Order(1)
    void rowsWithoutAKeyAreCountedRight() {
        pairs.make(
                "bag",
                "CREATE TABLE bag (a int, b text, c numeric(8,2), d float8)",
                "INSERT INTO bag SELECT i % 5, NULLIF('v' || i % 3, 'v0'), i % 2, NULL FROM generate_series(1, 300) i");
        assertThat(identity("bag")).isEqualTo("f");
        String one = " WHERE ctid = (SELECT min(ctid) FROM bag WHERE a = 1)";
        pairs.change("bag", "DELETE FROM bag" + one, "DELETE FROM bag" + one, "UPDATE bag SET b = 'x'" + one);
        pairs.snapshot("bag");
        pairs.change("bag", "DELETE FROM bag" + one, "UPDATE bag SET a = 3 WHERE a = 2", "INSERT INTO bag TABLE bag");
        pairs.change(
                "bag",
                "BEGIN; INSERT INTO bag VALUES (9, NULL, NULL, '-0'), (9, NULL, NULL, '0'), (9, NULL, NULL, 'NaN');"
                        + " UPDATE bag SET a = 9 WHERE a = 9; DELETE FROM bag WHERE d = 'NaN'; COMMIT",
                "UPDATE bag SET d = 1 WHERE a = 4",
                "UPDATE bag SET d = 2 WHERE ctid = (SELECT max(ctid) FROM bag WHERE a = 4)");
        pairs.snapshot("bag");
        pairs.change("bag", "DELETE FROM bag WHERE a = 4", "UPDATE bag SET b = NULL, c = NULL");
    }

    @Test
    @Order(1)
    void keysOfSeveralColumnsThatChange() {
        pairs.make(
                "composite",
                "CREATE TABLE composite (region text, u uuid, n numeric(20,4), v int, PRIMARY KEY (n, region, u))",
                "INSERT INTO composite SELECT 'r' || i % 3, md5(i::text)::uuid, i / 7.0, i FROM generate_series(1, 600) i");
        pairs.change(
                "composite", "UPDATE composite SET region = 'moved' WHERE v % 4 = 0", "UPDATE composite SET n = n + 1");
        pairs.snapshot("composite");
        pairs.change(
                "composite", "UPDATE composite SET u = md5(v || 'x')::uuid", "DELETE FROM composite WHERE v % 5 = 0");
    }

    @Test
    @Order(1)
    void textKeysUnderEveryKindOfCollation() {
        server.execute(
                "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE COLLATION strict (provider = icu, locale = 'de-DE')");
        pairs.make(
                "collated",
                "CREATE TABLE collated (k text COLLATE strict PRIMARY KEY, v int)",
                "INSERT INTO collated VALUES ('a', 1), ('A', 2), ('ä', 3), ('a ', 4), ('', 5), ('é', 6), (E'e\\u0301', 7)");
        pairs.change("collated", "UPDATE collated SET v = -v", "DELETE FROM collated WHERE k = 'A'");
        pairs.make(
                "insensitive",
                "CREATE TABLE insensitive (k text COLLATE loose PRIMARY KEY, v int)",
                "INSERT INTO insensitive VALUES ('Straße', 1), ('Word', 2), ('other', 3)");
        pairs.change("insensitive", "UPDATE insensitive SET k = 'WORD' WHERE k = 'word'");
        pairs.snapshot("insensitive");
        pairs.change(
                "insensitive",
                "UPDATE insensitive SET k = upper(k), v = v + 1",
                "DELETE FROM insensitive WHERE k = 'OTHER'",
                "INSERT INTO insensitive VALUES ('OtHer', 9)");
    }

    @Test
    @Order(1)
    void keysThatAreSwapped() {
        pairs.make(
                "swapped",
                "CREATE TABLE swapped (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v text)",
                "INSERT INTO swapped SELECT i, 'v' || i FROM generate_series(1, 100) i");
        pairs.change("swapped", "UPDATE swapped SET id = 101 - id");
        pairs.snapshot("swapped");
        pairs.change(
                "swapped", "UPDATE swapped SET id = 101 - id WHERE id IN (1, 100)", "UPDATE swapped SET id = id + 1");
    }

    @Test
    @Order(1)
    void keysThatMoveOntoEachOther() {
        pairs.make(
                "shifted",
                "CREATE TABLE shifted (id int PRIMARY KEY, v text)",
                "INSERT INTO shifted SELECT i, 'v' || i FROM generate_series(1, 100) i");
        pairs.snapshot("shifted");
        pairs.change(
                "shifted",
                "BEGIN; UPDATE shifted SET id = 1000 WHERE id = 1; UPDATE shifted SET id = 1 WHERE id = 2;"
                        + " UPDATE shifted SET id = 2 WHERE id = 1000; COMMIT",
                "BEGIN; DELETE FROM shifted WHERE id = 7; INSERT INTO shifted VALUES (7, 'again');"
                        + " UPDATE shifted SET id = 8000 WHERE id = 8; INSERT INTO shifted VALUES (8, 'new'); COMMIT",
                "UPDATE shifted SET id = id - 200");
    }

    @Test
    @Order(1)
    void aUniqueIndexServesAndIsGivenBack() {
        pairs.make(
                "indexed",
                "CREATE TABLE indexed (a text NOT NULL, b date NOT NULL, c int)",
                "CREATE UNIQUE INDEX indexed_key ON indexed (b, a)",
                "INSERT INTO indexed SELECT 'a' || i % 10, '2026-01-01'::date + i, i FROM generate_series(1, 300) i");
        assertThat(identity("indexed")).isEqualTo("i");
        pairs.change("indexed", "UPDATE indexed SET b = b + 1000 WHERE c % 2 = 0", "DELETE FROM indexed WHERE c < 20");
        pairs.snapshot("indexed");
        pairs.change("indexed", "UPDATE indexed SET c = -c");
    }

    @Test
    @Order(1)
    void whatASourceHadIsGivenBackWithItsLastMirror() {
        server.execute(
                "CREATE TABLE plain_bag (a int)",
                "CREATE TABLE nothing_keyed (id int PRIMARY KEY)",
                "ALTER TABLE nothing_keyed REPLICA IDENTITY NOTHING",
                "CREATE TABLE by_index (a int NOT NULL, b int PRIMARY KEY)",
                "CREATE UNIQUE INDEX by_index_a ON by_index (a)",
                "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_a");
        List<String> tables = List.of("plain_bag", "nothing_keyed", "by_index");
        List<String> before = tables.stream().map(IdentityTest::identity).toList();
        assertThat(before).containsExactly("d", "n", "i");
        for (String table : tables) {
            server.execute(
                    "CALL mooncake.create_table('" + table + "_1', '" + table + "')",
                    "CALL mooncake.create_table('" + table + "_2', '" + table + "')",
                    "INSERT INTO " + table + " VALUES (" + (table.equals("by_index") ? "1, 1" : "1") + ")");
            String column = table.equals("nothing_keyed") ? "id" : "a";
            server.execute("UPDATE " + table + " SET " + column + " = 5", "DELETE FROM " + table);
            server.execute("DROP TABLE " + table + "_1");
            server.execute("INSERT INTO " + table + " VALUES (" + (table.equals("by_index") ? "1, 1" : "1") + ")");
            server.execute("UPDATE " + table + " SET " + column + " = 6");
            MirrorTestServer.assertMirrors(server, table, table + "_2");
            server.execute("DROP TABLE " + table + "_2");
            server.execute("UPDATE " + table + " SET " + column + " = 7", "DELETE FROM " + table);
        }
        assertThat(tables.stream().map(IdentityTest::identity).toList()).isEqualTo(before);
        assertThat(server.value("SELECT count(*) FROM pg_publication_tables WHERE tablename IN"
                        + " ('plain_bag', 'nothing_keyed', 'by_index')"))
                .isEqualTo("0");
    }

    /// A table in a publication without replica identity refuses UPDATE and DELETE: that must never come about.
    @Test
    @Order(1)
    void aSourceThatLosesItsKeyCanStillBeChanged() throws SQLException {
        server.execute(
                "CREATE TABLE loses (id int PRIMARY KEY, u int NOT NULL UNIQUE, v int)",
                "INSERT INTO loses SELECT i, i, i FROM generate_series(1, 50) i",
                "CALL mooncake.create_table('loses_c', 'loses')");
        MirrorTestServer.assertMirrors(server, "loses", "loses_c");
        server.execute("ALTER TABLE loses DROP CONSTRAINT loses_pkey");
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "UPDATE loses SET v = v + 1");
            Sql.execute(connection, "DELETE FROM loses WHERE v > 40");
        }
        MirrorTestServer.assertMirrors(server, "loses", "loses_c");
        server.execute(
                "ALTER TABLE loses ADD PRIMARY KEY (id)", "UPDATE loses SET v = 0", "DELETE FROM loses WHERE id < 5");
        MirrorTestServer.assertMirrors(server, "loses", "loses_c");
    }

    @Test
    @Order(2)
    void allOfThemAfterRestarts() {
        pairs.checkAllThroughRestarts();
    }
}
