package mooncake.system;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// An UPDATE that leaves a large value alone does not log it: the mirror must find it in its own old row.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ToastTest extends PairsFixture {
    private static final String COLUMNS = " (id int PRIMARY KEY, big text, doc jsonb, raw bytea, n int)";
    private static final String ROW = "i, (SELECT string_agg(md5(i::text || j), '') FROM generate_series(1, 90) j),"
            + " jsonb_build_object('k', (SELECT string_agg(md5(j::text || i), '') FROM generate_series(1, 80) j)),"
            + " (SELECT string_agg(decode(md5(j::text || -i), 'hex'), '') FROM generate_series(1, 200) j), i";

    private static String[] table(String name) {
        return new String[] {
            "CREATE TABLE " + name + COLUMNS,
            "ALTER TABLE " + name + " ALTER big SET STORAGE EXTERNAL, ALTER raw SET STORAGE EXTERNAL",
        };
    }

    private static String insert(String name, int from, int to) {
        return "INSERT INTO " + name + " SELECT " + ROW + " FROM generate_series(" + from + ", " + to + ") i";
    }

    @Test
    @Order(1)
    void atVolumeInMemoryAndInFiles() {
        pairs.make("volume", table("volume"));
        pairs.change("volume", insert("volume", 1, 3_000));
        pairs.change("volume", "UPDATE volume SET n = n + 1", "UPDATE volume SET n = n + 1 WHERE id % 3 = 0");
        pairs.snapshot("volume");
        pairs.change("volume", "UPDATE volume SET n = -n", insert("volume", 3_001, 3_500), "UPDATE volume SET n = -n");
        pairs.change("volume", "UPDATE volume SET big = 'short' WHERE id % 5 = 0");
        pairs.change("volume", "UPDATE volume SET raw = NULL, n = 0 WHERE id % 7 = 0", "UPDATE volume SET n = n + 9");
        pairs.snapshot("volume");
        pairs.change("volume", "DELETE FROM volume WHERE id % 2 = 0", "UPDATE volume SET doc = '{}' WHERE id % 3 = 0");
    }

    @Test
    @Order(1)
    void severalTimesInOneTransaction() {
        pairs.make("chained", table("chained"));
        server.execute("BEGIN; " + insert("chained", 1, 50) + "; UPDATE chained SET n = n + 1; "
                + "UPDATE chained SET n = n + 1, doc = '[]' WHERE id < 10; UPDATE chained SET n = n + 1; COMMIT");
        pairs.check("chained");
        pairs.snapshot("chained");
        pairs.change(
                "chained",
                "BEGIN; UPDATE chained SET n = 7; SAVEPOINT s; UPDATE chained SET big = 'lost'; ROLLBACK TO s;"
                        + " UPDATE chained SET n = n + 1; COMMIT");
        pairs.change(
                "chained", "BEGIN; DELETE FROM chained WHERE id = 3; UPDATE chained SET id = 3 WHERE id = 4; COMMIT");
    }

    @Test
    @Order(1)
    void whenTheKeyChangesToo() {
        pairs.make("rekeyed", table("rekeyed"));
        pairs.change("rekeyed", insert("rekeyed", 1, 200), "UPDATE rekeyed SET id = id + 1000 WHERE id % 2 = 0");
        pairs.snapshot("rekeyed");
        pairs.change("rekeyed", "UPDATE rekeyed SET id = -id", "UPDATE rekeyed SET id = id - 5000, n = 1");
        pairs.change("rekeyed", "UPDATE rekeyed SET n = n + 1");
    }

    @Test
    @Order(1)
    void underFullReplicaIdentityThatTheUserHadSet() {
        pairs.make(
                "users_full",
                table("users_full")[0],
                "ALTER TABLE users_full REPLICA IDENTITY FULL",
                insert("users_full", 1, 300));
        pairs.change("users_full", "UPDATE users_full SET n = n + 1", insert("users_full", 301, 400));
        pairs.snapshot("users_full");
        pairs.change("users_full", "UPDATE users_full SET n = n * 2", "DELETE FROM users_full WHERE id % 3 = 0");
    }

    @Test
    @Order(1)
    void withoutAnyKey() {
        server.execute(
                "CREATE TABLE no_key (id int, big text, doc jsonb, raw bytea, n int)",
                "ALTER TABLE no_key ALTER big SET STORAGE EXTERNAL");
        pairs.make("no_key", insert("no_key", 1, 200), insert("no_key", 1, 100));
        pairs.change("no_key", "UPDATE no_key SET n = n + 1 WHERE id < 150", insert("no_key", 201, 400));
        pairs.snapshot("no_key");
        pairs.change("no_key", "UPDATE no_key SET n = n * 2", "DELETE FROM no_key WHERE id % 3 = 0");
        pairs.change("no_key", "DELETE FROM no_key WHERE ctid IN (SELECT min(ctid) FROM no_key GROUP BY id, n)");
    }

    @Test
    @Order(2)
    void allOfThemAfterRestarts() {
        pairs.checkAllThroughRestarts();
    }
}
