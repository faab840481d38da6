package mooncake.source.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import mooncake.model.Change;
import mooncake.model.Lsn;
import mooncake.model.Tuple;
import mooncake.source.Endpoint;
import mooncake.source.TestCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Transactions that a real server sends before they end, since it has next to no memory for them.
@Timeout(60)
class StreamedReplicationTest {
    private static final TestCluster CLUSTER =
            TestCluster.start("wal_level = logical", "logical_decoding_work_mem = '64kB'");
    private static final int WIDTH = 400;

    private final List<Connection> others = new ArrayList<>();
    private Endpoint endpoint;
    private Connection sql;
    private String slot;
    private ReplicationStream stream;

    @BeforeEach
    void start() {
        endpoint = CLUSTER.database("streamed");
        sql = endpoint.connect();
        slot = TestCluster.unique("slot");
        TestCluster.execute(
                sql,
                "CREATE PUBLICATION p FOR ALL TABLES",
                "CREATE TABLE t (a int PRIMARY KEY, b text NOT NULL)",
                "ALTER TABLE t ALTER b SET STORAGE PLAIN");
        stream = ReplicationStream.start(endpoint, slot, "p", Slots.ensure(sql, slot), CLUSTER.scratch());
    }

    @AfterEach
    void stop() throws SQLException {
        stream.close();
        TestCluster.until(() -> Slots.read(sql, slot).orElseThrow().activePid() == null);
        Slots.drop(sql, slot);
        sql.close();
        for (Connection other : others) {
            other.close();
        }
    }

    private Connection other() {
        Connection other = endpoint.connect();
        others.add(other);
        return other;
    }

    private static String rows(int from, int to) {
        return "INSERT INTO t SELECT i, lpad(i::text, " + WIDTH + ") FROM generate_series(" + from + ", " + to + ") i";
    }

    private Map<Integer, String> table() {
        return rows(sql);
    }

    private static Map<Integer, String> rows(Connection sql) {
        Map<Integer, String> rows = new TreeMap<>();
        try (var statement = sql.createStatement();
                var found = statement.executeQuery("SELECT a, b FROM t")) {
            while (found.next()) {
                rows.put(found.getInt(1), found.getString(2).strip());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }

    /// What the stream makes of the table.
    private final class Applied {
        final Map<Integer, String> rows = new TreeMap<>();
        final List<Integer> xids = new ArrayList<>();
        final Map<Integer, List<String>> columns = new HashMap<>();
        Lsn passed = Lsn.NONE;
        boolean inside;

        /// Applies everything up to the log's present end.
        void catchUp() {
            Lsn target = Lsn.parse(TestCluster.value(sql, "SELECT pg_current_wal_flush_lsn()"));
            stream.requestProgress();
            while (!passed.reaches(target)) {
                apply(stream.next());
            }
        }

        void apply(Change change) {
            switch (change) {
                case Change.Begin begin -> {
                    assertThat(inside).isFalse();
                    assertThat(begin.commitLsn()).isGreaterThanOrEqualTo(passed);
                    inside = true;
                    xids.add(begin.xid());
                }
                case Change.Commit commit -> {
                    assertThat(inside).isTrue();
                    inside = false;
                    assertThat(commit.end()).isGreaterThan(passed);
                    passed = commit.end();
                }
                case Change.Progress progress -> {
                    assertThat(inside).isFalse();
                    assertThat(progress.lsn()).isGreaterThanOrEqualTo(passed);
                    passed = progress.lsn();
                }
                case Change.Relation relation ->
                    columns.put(
                            relation.oid(),
                            relation.columns().stream()
                                    .map(Change.RelationColumn::name)
                                    .toList());
                case Change.Insert insert ->
                    assertThat(rows.put(key(insert.row()), text(insert.row()))).isNull();
                case Change.Update update -> {
                    Tuple old = update.old();
                    assertThat(rows.remove(key(old == null ? update.row() : old)))
                            .isNotNull();
                    rows.put(key(update.row()), text(update.row()));
                }
                case Change.Delete delete ->
                    assertThat(rows.remove(key(delete.old()))).isNotNull();
                case Change.Truncate _ -> rows.clear();
                case Change.Message _ -> {}
            }
        }

        private int key(Tuple row) {
            return ByteBuffer.wrap(row.bytes(), row.offset(0), row.length(0)).getInt();
        }

        private String text(Tuple row) {
            return new String(row.bytes(), row.offset(1), row.length(1), StandardCharsets.UTF_8).strip();
        }
    }

    /// Proves that the server really sent transactions before their end.
    private void assertStreamed() {
        assertThat(Long.parseLong(TestCluster.value(
                        sql, "SELECT stream_count FROM pg_stat_replication_slots WHERE slot_name = '" + slot + "'")))
                .isPositive();
    }

    @Test
    void savepointsAndExceptionBlocksRolledBackInsideLeaveNothing() {
        TestCluster.execute(
                sql,
                "BEGIN",
                rows(1, 1000),
                "SAVEPOINT a",
                rows(1001, 2000),
                "SAVEPOINT b",
                rows(2001, 3000),
                "ROLLBACK TO b",
                rows(3001, 4000),
                "RELEASE a",
                "SAVEPOINT c",
                "UPDATE t SET b = lpad('c', " + WIDTH + ")",
                "SAVEPOINT d",
                rows(4001, 5000),
                "RELEASE d",
                "ROLLBACK TO c",
                "DELETE FROM t WHERE a % 3 = 0",
                "COMMIT",
                "DO $$ BEGIN FOR i IN 10001..12000 LOOP BEGIN INSERT INTO t VALUES (i, lpad(i::text, " + WIDTH + "));"
                        + " IF i % 2 = 0 THEN RAISE division_by_zero; END IF;"
                        + " EXCEPTION WHEN division_by_zero THEN NULL; END; END LOOP; END $$",
                "BEGIN",
                rows(20001, 21000),
                "ROLLBACK");
        Applied applied = new Applied();
        applied.catchUp();

        assertThat(applied.rows).isEqualTo(table()).hasSize(2001 + 1000);
        assertStreamed();
    }

    @Test
    void smallTransactionsPassOpenLargeOnes() {
        Connection large = other();
        Connection second = other();
        TestCluster.execute(large, "BEGIN");
        TestCluster.execute(second, "BEGIN");
        Applied applied = new Applied();
        for (int i = 0; i < 300; i++) {
            TestCluster.execute(sql, rows(i, i));
            TestCluster.execute(large, rows(10_000 + i * 20, 10_019 + i * 20));
            TestCluster.execute(second, rows(100_000 + i * 20, 100_019 + i * 20));
            if (i % 50 == 0) {
                applied.catchUp();
                assertThat(applied.rows).hasSize(i + 1);
            }
        }
        TestCluster.execute(second, "ROLLBACK");
        applied.catchUp();
        assertThat(applied.rows).isEqualTo(table()).hasSize(300);
        TestCluster.execute(large, "COMMIT");
        applied.catchUp();

        assertThat(applied.rows).isEqualTo(table()).hasSize(300 + 6000);
        assertThat(applied.xids).hasSize(301).doesNotHaveDuplicates();
        assertStreamed();
    }

    @Test
    void aTransactionOpenAcrossAReconnectIsSentAgainAsAWhole() throws SQLException {
        Connection large = other();
        TestCluster.execute(large, "BEGIN", rows(1, 2000));
        Applied applied = new Applied();
        TestCluster.execute(sql, rows(5001, 5001));
        applied.catchUp();
        assertThat(applied.rows).hasSize(1);
        stream.confirm(applied.passed);
        stream.close();
        TestCluster.until(() -> Slots.read(sql, slot).orElseThrow().activePid() == null);
        assertThat(Slots.read(sql, slot).orElseThrow().confirmed()).isEqualTo(applied.passed);

        stream = ReplicationStream.start(endpoint, slot, "p", applied.passed, CLUSTER.scratch());
        TestCluster.execute(large, rows(2001, 3000), "COMMIT");
        applied.catchUp();

        assertThat(applied.rows).isEqualTo(table()).hasSize(3001);
        assertStreamed();
    }

    @Test
    void preparedTransactionsCountOnceTheyAreCommitted() {
        String name = TestCluster.unique("prepared");
        Applied applied = new Applied();
        // One that is streamed and one that fits into the server's memory; each ends in both ways.
        for (int size : new int[] {2000, 3}) {
            TestCluster.execute(sql, "BEGIN", rows(1, size), "SAVEPOINT s", rows(5001, 5000 + size), "ROLLBACK TO s");
            TestCluster.execute(sql, rows(5001, 5001), "PREPARE TRANSACTION '" + name + "'");
            applied.catchUp();
            assertThat(applied.rows).isEmpty();
            TestCluster.execute(sql, rows(9999, 9999), "ROLLBACK PREPARED '" + name + "'");
            applied.catchUp();
            assertThat(applied.rows).isEqualTo(table()).hasSize(1);

            TestCluster.execute(sql, "BEGIN", rows(1, size), "PREPARE TRANSACTION '" + name + "'");
            applied.catchUp();
            assertThat(applied.rows).hasSize(1);
            TestCluster.execute(sql, "COMMIT PREPARED '" + name + "'");
            applied.catchUp();
            assertThat(applied.rows).isEqualTo(table()).hasSize(1 + size);

            TestCluster.execute(sql, "TRUNCATE t");
            applied.catchUp();
            assertThat(applied.rows).isEmpty();
        }
        assertStreamed();
    }

    @Test
    void aPreparedTransactionSurvivesAReconnect() {
        String name = TestCluster.unique("prepared");
        TestCluster.execute(sql, "BEGIN", rows(1, 2000), "PREPARE TRANSACTION '" + name + "'", rows(5001, 5001));
        Applied applied = new Applied();
        applied.catchUp();
        assertThat(applied.rows).hasSize(1);
        stream.confirm(applied.passed);
        stream.close();
        TestCluster.until(() -> Slots.read(sql, slot).orElseThrow().activePid() == null);
        stream = ReplicationStream.start(endpoint, slot, "p", applied.passed, CLUSTER.scratch());
        TestCluster.execute(sql, "COMMIT PREPARED '" + name + "'");
        applied.catchUp();

        assertThat(applied.rows).isEqualTo(table()).hasSize(2001);
    }

    @Test
    void definitionsAndTruncationsInsideTakeEffectInTheirPlace() {
        TestCluster.execute(
                sql,
                "BEGIN",
                rows(1, 500),
                "ALTER TABLE t ADD c int",
                "INSERT INTO t SELECT i, lpad('x', " + WIDTH + "), i FROM generate_series(501, 1000) i",
                "SAVEPOINT s",
                "ALTER TABLE t DROP c",
                rows(1001, 1500),
                "ROLLBACK TO s",
                "INSERT INTO t SELECT i, lpad('y', " + WIDTH + "), i FROM generate_series(1501, 2000) i",
                "TRUNCATE t",
                "INSERT INTO t SELECT i, lpad('z', " + WIDTH + "), i FROM generate_series(1, 700) i",
                "COMMIT");
        int oid = Integer.parseInt(TestCluster.value(sql, "SELECT 't'::regclass::oid"));
        Applied applied = new Applied();
        applied.catchUp();

        assertThat(applied.rows).isEqualTo(table()).hasSize(700);
        assertThat(Objects.requireNonNull(applied.columns.get(oid))).containsExactly("a", "b", "c");
        assertStreamed();
    }

    @Test
    void nothingIsLeftInTheScratchDirectory() throws IOException {
        TestCluster.execute(sql, "BEGIN", rows(1, 100_000));
        Applied applied = new Applied();
        Connection small = other();
        TestCluster.execute(small, rows(200_000, 200_000));
        while (applied.rows.isEmpty()) {
            applied.apply(stream.next());
        }
        stream.close();
        TestCluster.execute(sql, "ROLLBACK");

        try (var files = java.nio.file.Files.list(CLUSTER.scratch())) {
            assertThat(files).isEmpty();
        }
    }
}
