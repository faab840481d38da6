package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Partitioned sources: the mirror is of the root and follows every leaf, also those that come and go.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PartitionTest extends PairsFixture {
    @Test
    @Order(1)
    void byListWithADefaultAndRowsThatMove() {
        pairs.make(
                "listed",
                "CREATE TABLE listed (id int, kind text, v text, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind)",
                "CREATE TABLE listed_a PARTITION OF listed FOR VALUES IN ('a')",
                "CREATE TABLE listed_b PARTITION OF listed FOR VALUES IN ('b', 'c')",
                "CREATE TABLE listed_rest PARTITION OF listed DEFAULT",
                "INSERT INTO listed SELECT i, chr(97 + i % 5), 'v' || i FROM generate_series(1, 500) i");
        pairs.change(
                "listed",
                "UPDATE listed SET kind = 'b' WHERE kind = 'a'",
                "UPDATE listed_b SET v = 'leaf' WHERE id % 2 = 0",
                "INSERT INTO listed_rest VALUES (9999, 'zz', 'direct')",
                "DELETE FROM listed WHERE kind = 'd'");
        pairs.snapshot("listed");
        pairs.change("listed", "UPDATE listed SET kind = 'a', id = id + 1000 WHERE kind IN ('b', 'zz')");
    }

    @Test
    @Order(1)
    void byRangeWithSubPartitionsByHash() {
        pairs.make(
                "ranged",
                "CREATE TABLE ranged (at date NOT NULL, id int NOT NULL, v int, PRIMARY KEY (at, id))"
                        + " PARTITION BY RANGE (at)",
                "CREATE TABLE ranged_1 PARTITION OF ranged FOR VALUES FROM (MINVALUE) TO ('2026-01-01')",
                "CREATE TABLE ranged_2 PARTITION OF ranged FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
                        + " PARTITION BY HASH (id)",
                "CREATE TABLE ranged_2_0 PARTITION OF ranged_2 FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE ranged_2_1 PARTITION OF ranged_2 FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "INSERT INTO ranged SELECT '2025-06-01'::date + i, i, i FROM generate_series(1, 500) i");
        pairs.change(
                "ranged", "UPDATE ranged SET at = at + 100 WHERE at < '2026-09-01'", "UPDATE ranged SET id = id + 7");
        pairs.snapshot("ranged");
        pairs.change(
                "ranged",
                "CREATE TABLE ranged_3 PARTITION OF ranged FOR VALUES FROM ('2027-01-01') TO (MAXVALUE)",
                "INSERT INTO ranged VALUES ('2030-01-01', 1, 1)",
                "UPDATE ranged SET at = '2030-01-02' WHERE id % 50 = 0",
                "TRUNCATE ranged_2_0");
        pairs.change("ranged", "INSERT INTO ranged SELECT '2026-02-02', -i, i FROM generate_series(1, 50) i");
    }

    @Test
    @Order(1)
    void leavesWithOtherColumnOrder() {
        pairs.make(
                "ordered",
                "CREATE TABLE ordered (id int PRIMARY KEY, a text, b int) PARTITION BY RANGE (id)",
                "CREATE TABLE ordered_1 PARTITION OF ordered FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE ordered_2 (dropped int, b int, a text, id int NOT NULL PRIMARY KEY)",
                "ALTER TABLE ordered_2 DROP COLUMN dropped",
                "ALTER TABLE ordered ATTACH PARTITION ordered_2 FOR VALUES FROM (100) TO (200)",
                "INSERT INTO ordered SELECT i, 'a' || i, -i FROM generate_series(1, 199) i");
        pairs.change("ordered", "UPDATE ordered SET id = 0 WHERE id = 150", "UPDATE ordered SET b = b - 1");
        pairs.snapshot("ordered");
        pairs.change("ordered", "DELETE FROM ordered_2 WHERE id % 2 = 0", "UPDATE ordered_2 SET a = NULL");
    }

    @Test
    @Order(1)
    void withoutAKey() {
        pairs.make(
                "loose",
                "CREATE TABLE loose (id int, v text) PARTITION BY HASH (id)",
                "CREATE TABLE loose_0 PARTITION OF loose FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE loose_1 PARTITION OF loose FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "INSERT INTO loose SELECT i % 10, 'v' || i % 3 FROM generate_series(1, 200) i");
        pairs.change("loose", "UPDATE loose SET id = id + 1 WHERE v = 'v1'", "DELETE FROM loose WHERE id = 5");
        pairs.drop("loose");
        assertThat(server.value("SELECT string_agg(DISTINCT relreplident::text, '') FROM pg_class"
                        + " WHERE relname LIKE 'loose%' AND relkind IN ('r', 'p')"))
                .isEqualTo("d");
    }

    @Test
    @Order(1)
    void attachedDetachedAndDroppedWithTheirRows() {
        pairs.make(
                "moving",
                "CREATE TABLE moving (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                "CREATE TABLE moving_1 PARTITION OF moving FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE moving_2 PARTITION OF moving FOR VALUES FROM (100) TO (200)",
                "INSERT INTO moving SELECT i, 'v' || i FROM generate_series(0, 199) i");
        pairs.change(
                "moving",
                "CREATE TABLE moving_3 (id int PRIMARY KEY, v text)",
                "INSERT INTO moving_3 SELECT i, 'new' FROM generate_series(200, 250) i",
                "ALTER TABLE moving ATTACH PARTITION moving_3 FOR VALUES FROM (200) TO (300)");
        assertThat(server.value("SELECT count(*) FROM moving_c")).isEqualTo("251");
        pairs.change("moving", "UPDATE moving SET v = v || '!' WHERE id > 190", "DELETE FROM moving WHERE id = 210");
        pairs.change("moving", "ALTER TABLE moving DETACH PARTITION moving_1", "UPDATE moving_1 SET v = 'no longer'");
        assertThat(server.value("SELECT min(id) FROM moving_c")).isEqualTo("100");
        pairs.snapshot("moving");
        pairs.change("moving", "DROP TABLE moving_2", "INSERT INTO moving VALUES (299, 'last')");
        pairs.change("moving", "TRUNCATE moving_3", "INSERT INTO moving VALUES (222, 'again')");
    }

    @Test
    @Order(1)
    void inheritanceIsRefusedByName() {
        server.execute("CREATE TABLE ancestor (id int PRIMARY KEY)", "CREATE TABLE heir () INHERITS (ancestor)");
        Refusal.of(server, "CALL mooncake.create_table('ancestor_c', 'ancestor')")
                .says("0A000", "ancestor");
    }

    @Test
    @Order(2)
    void allOfThemAfterRestarts() {
        pairs.checkAllThroughRestarts();
    }
}
