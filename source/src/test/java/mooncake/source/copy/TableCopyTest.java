package mooncake.source.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.Tuple;
import mooncake.source.Endpoint;
import mooncake.source.TestCluster;
import mooncake.source.copy.TableCopy.Extent;
import mooncake.source.replication.ReplicationStream;
import mooncake.source.replication.Slots;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TableCopyTest {
    /// Every type that a mirror can hold.
    private static final List<String> TYPES = List.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric(38,10)",
            "text",
            "varchar(20)",
            "char(5)",
            "bytea",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "uuid",
            "json",
            "jsonb");

    /// The functions that give the types' binary form, without their common ending.
    private static final List<String> SENDERS = List.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric_",
            "text",
            "varchar",
            "bpchar",
            "bytea",
            "date_",
            "time_",
            "timestamp_",
            "timestamptz_",
            "uuid_",
            "json_",
            "jsonb_");

    private static final TestCluster CLUSTER = TestCluster.shared();

    private Endpoint endpoint;
    private Connection sql;

    @BeforeEach
    void connect() {
        endpoint = CLUSTER.database("copy");
        sql = endpoint.connect();
    }

    @AfterEach
    void disconnect() throws SQLException {
        sql.close();
    }

    private static List<String> hex(Tuple row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.width(); i++) {
            values.add(
                    row.isNull(i)
                            ? "null"
                            : HexFormat.of().formatHex(row.bytes(), row.offset(i), row.offset(i) + row.length(i)));
        }
        return values;
    }

    @Test
    void copiesAllTypesAsPostgresSendsThem() throws SQLException {
        StringBuilder definition = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < TYPES.size(); i++) {
            columns.add("C " + i);
            definition
                    .append(i == 0 ? "" : ", ")
                    .append("\"C ")
                    .append(i)
                    .append("\" ")
                    .append(TYPES.get(i));
            expected.append(i == 0 ? "" : ", ").append("coalesce(encode(").append(SENDERS.get(i));
            expected.append("send(\"C ").append(i).append("\"), 'hex'), 'null')");
        }
        TestCluster.execute(
                sql,
                "CREATE SCHEMA \"S 1\"",
                "CREATE TABLE \"S 1\".\"T\"\"x\" (" + definition + ")",
                "INSERT INTO \"S 1\".\"T\"\"x\" VALUES (true, -1, 2147483647, -9223372036854775808, 'NaN', '-Infinity',"
                        + " 1234567890123456789012345678.0123456789, 'ä✓', 'v', 'ab', '\\x00ff', '-infinity',"
                        + " '24:00:00', 'infinity', '2024-02-29 12:00:00.123456+02',"
                        + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{\"a\": 1}', '{\"a\": 1}')",
                "INSERT INTO \"S 1\".\"T\"\"x\" DEFAULT VALUES",
                "INSERT INTO \"S 1\".\"T\"\"x\" VALUES (false, 0, 0, 0, 'Infinity', 0, -0.0000000001, '', '', '', '',"
                        + " '4713-01-01 BC', '00:00', '4713-01-01 BC', '-infinity',"
                        + " '00000000-0000-0000-0000-000000000000', 'null', '[]')");

        List<List<String>> rows = new ArrayList<>();
        try (TableCopy copy = TableCopy.open(endpoint)) {
            assertThat(copy.copy("S 1", "T\"x", columns, Extent.ONLY, row -> rows.add(hex(row))))
                    .isEqualTo(3);
        }

        List<List<String>> wanted = new ArrayList<>();
        try (Statement statement = sql.createStatement();
                java.sql.ResultSet answer = statement.executeQuery("SELECT " + expected + " FROM \"S 1\".\"T\"\"x\"")) {
            while (answer.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= TYPES.size(); i++) {
                    row.add(answer.getString(i));
                }
                wanted.add(row);
            }
        }
        assertThat(rows).isEqualTo(wanted);
        assertThat(rows.get(1)).containsOnly("null");
    }

    @Test
    void copiesPartitionedEmptyAndSeveralTablesAtOneSnapshot() {
        TestCluster.execute(
                sql,
                "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                "INSERT INTO p VALUES (1, 1), (11, 2)",
                "CREATE TABLE e (a int)");
        Set<String> rows = new HashSet<>();
        try (TableCopy copy = TableCopy.open(endpoint)) {
            TestCluster.execute(sql, "INSERT INTO p VALUES (2, 2)", "INSERT INTO e VALUES (1)");

            assertThat(copy.copy(
                            "public", "p", List.of("b"), Extent.WITH_CHILDREN, row -> rows.add(hex(row).toString())))
                    .isEqualTo(2);
            assertThat(copy.copy("public", "e", List.of("a"), Extent.ONLY, row -> rows.add("unexpected")))
                    .isZero();
            assertThat(rows).containsExactlyInAnyOrder("[00000001]", "[00000002]");
        }
    }

    @Test
    void copiesChosenColumnsAndRowsInTheWantedOrder() {
        TestCluster.execute(
                sql,
                "CREATE TABLE t (a int, x int, b text, g int GENERATED ALWAYS AS (a + 1) STORED)",
                "ALTER TABLE t DROP x",
                "CREATE TABLE child () INHERITS (t)",
                "INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three')",
                "INSERT INTO child VALUES (4, 'four')",
                "CREATE TABLE r (a int, b text) PARTITION BY LIST (a)",
                "CREATE TABLE r1 (b text, a int)",
                "ALTER TABLE r ATTACH PARTITION r1 FOR VALUES IN (1)",
                "CREATE TABLE r2 PARTITION OF r DEFAULT PARTITION BY HASH (b)",
                "CREATE TABLE r21 PARTITION OF r2 FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                "INSERT INTO r VALUES (1, 'x'), (2, 'y'), (3, NULL)");

        assertThat(texts("t", List.of("b", "a"), Extent.ONLY, "a > 1 AND b <> 'three' -- only two"))
                .containsExactly("[two, 2]");
        assertThat(texts("t", List.of("g", "b"), Extent.ONLY, "TRUE"))
                .containsExactly("[2, one]", "[3, two]", "[4, three]");
        assertThat(texts("t", List.of("b"), Extent.ONLY, null)).containsExactly("[one]", "[two]", "[three]");
        assertThat(texts("t", List.of("b"), Extent.WITH_CHILDREN, null))
                .contains("[four]")
                .hasSize(4);
        assertThat(texts("r", List.of("b", "a"), Extent.WITH_CHILDREN, null))
                .containsExactlyInAnyOrder("[x, 1]", "[y, 2]", "[null, 3]");
        assertThat(texts("r", List.of("a"), Extent.WITH_CHILDREN, "b IS NULL OR a = 1"))
                .containsExactlyInAnyOrder("[1]", "[3]");
    }

    @Test
    void valuesWithoutBinaryFormComeAsText() {
        TestCluster.execute(
                sql,
                "CREATE DOMAIN d AS aclitem",
                "CREATE TABLE t (a aclitem, b d, c text)",
                "INSERT INTO t VALUES ('=r/postgres', 'postgres=w/postgres', 'c'), (NULL, NULL, NULL)");

        assertThat(texts("t", List.of("c", "b", "a"), Extent.ONLY, null))
                .containsExactly("[c, postgres=w/postgres, =r/postgres]", "[null, null, null]");
    }

    /// Rows of texts and numbers.
    private List<String> texts(String table, List<String> columns, Extent extent, @Nullable String filter) {
        List<String> rows = new ArrayList<>();
        try (TableCopy copy = TableCopy.open(endpoint)) {
            copy.copy(new CopySource("public", table, columns, extent, filter), row -> {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < row.width(); i++) {
                    boolean number = columns.get(i).matches("[ag]") && row.length(i) == 4;
                    values.add(
                            row.isNull(i)
                                    ? "null"
                                    : number
                                            ? Integer.toString(
                                                    ByteBuffer.wrap(row.bytes()).getInt(row.offset(i)))
                                            : new String(row.bytes(), row.offset(i), row.length(i), UTF_8));
                }
                rows.add(values.toString());
            });
        }
        return rows;
    }

    @Test
    void copiesManyRowsFast() {
        int count = 1_000_000;
        TestCluster.execute(
                sql,
                "CREATE TABLE t (a int8, b int4, c float8)",
                "INSERT INTO t SELECT i, i, i FROM generate_series(1, " + count + ") i");
        try (TableCopy copy = TableCopy.open(endpoint)) {
            long[] sum = new long[1];
            long start = System.nanoTime();
            long rows = copy.copy("public", "t", List.of("a", "b", "c"), Extent.ONLY, row -> {
                byte[] bytes = row.bytes();
                sum[0] += ByteBuffer.wrap(bytes).getLong(row.offset(0));
            });
            long nanos = System.nanoTime() - start;
            System.out.printf("copied %.2f million rows a second%n", rows * 1e3 / nanos);
            assertThat(rows).isEqualTo(count);
            assertThat(sum[0]).isEqualTo((long) count * (count + 1) / 2);
        }
    }

    @Test
    void errorsOfServerAndConsumerEndTheCopy() {
        TestCluster.execute(sql, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
        TableCopy missing = TableCopy.open(endpoint);
        assertThatThrownBy(() -> missing.copy("public", "none", List.of("a"), Extent.ONLY, row -> {}))
                .hasMessageContaining("42P01");
        TableCopy failing = TableCopy.open(endpoint);
        assertThatThrownBy(() -> failing.copy("public", "t", List.of("a"), Extent.ONLY, row -> {
                    throw new IllegalStateException("full");
                }))
                .hasMessage("full");
        assertThatThrownBy(() -> failing.copy("public", "t", List.of("a"), Extent.ONLY, row -> {}))
                .isInstanceOf(MooncakeException.class);
    }

    @Test
    void rowSecurityThatBindsUsIsAnError() {
        TestCluster.execute(
                sql,
                "CREATE TABLE t (a int)",
                "INSERT INTO t VALUES (1), (2)",
                "CREATE POLICY half ON t USING (a = 1)",
                "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                "CREATE ROLE limited LOGIN",
                "GRANT SELECT ON t TO limited");
        try (TableCopy copy = TableCopy.open(CLUSTER.tcp("limited", "", endpoint.database()))) {
            assertThatThrownBy(() -> copy.copy("public", "t", List.of("a"), Extent.ONLY, row -> {}))
                    .hasMessageContaining("row-level security");
        }
    }

    @Test
    void closeFromAnotherThreadEndsACopy() throws Exception {
        TestCluster.execute(sql, "CREATE TABLE t AS SELECT i AS a FROM generate_series(1, 1000000) i");
        TableCopy copy = TableCopy.open(endpoint);
        CountDownLatch started = new CountDownLatch(1);
        AtomicBoolean closed = new AtomicBoolean();
        CompletableFuture<Long> copying =
                CompletableFuture.supplyAsync(() -> copy.copy("public", "t", List.of("a"), Extent.ONLY, row -> {
                    started.countDown();
                    TestCluster.until(() -> closed.get());
                }));
        started.await();
        copy.close();
        closed.set(true);

        assertThatThrownBy(() -> copying.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_STOPPING));
        TestCluster.until(() -> TestCluster.value(sql, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%'")
                .equals("0"));
    }

    /// The rule that a mirror is built by: the copy, and of the stream what the copy's snapshot does not see.
    @Test
    void copyAndStreamTogetherGiveEveryRowOnce() throws Exception {
        TestCluster.execute(sql, "CREATE TABLE t (a int PRIMARY KEY)", "CREATE PUBLICATION p FOR TABLE t");
        String slot = TestCluster.unique("slot");
        Lsn from = Slots.ensure(sql, slot);
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Integer>> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            int writer = w;
            writers.add(CompletableFuture.supplyAsync(() -> write(writer, stop)));
        }
        TestCluster.until(() -> Integer.parseInt(TestCluster.value(sql, "SELECT count(*) FROM t")) >= 100);
        List<Integer> keys = new ArrayList<>();
        CopySnapshot snapshot;
        try (TableCopy copy = TableCopy.open(endpoint)) {
            snapshot = copy.snapshot();
            copy.copy("public", "t", List.of("a"), Extent.ONLY, row -> keys.add(key(row)));
        }
        int copied = keys.size();
        stop.set(true);
        for (CompletableFuture<Integer> writer : writers) {
            writer.get(30, TimeUnit.SECONDS);
        }
        Lsn end = Lsn.parse(TestCluster.value(sql, "SELECT pg_current_wal_flush_lsn()"));
        try (ReplicationStream stream = ReplicationStream.start(endpoint, slot, "p", from, CLUSTER.scratch())) {
            stream.requestProgress();
            boolean seen = false;
            Lsn reached = Lsn.NONE;
            while (!reached.reaches(end)) {
                switch (stream.next()) {
                    case Change.Begin begin -> seen = snapshot.sees(begin.xid());
                    case Change.Insert insert -> {
                        if (!seen) {
                            keys.add(key(insert.row()));
                        }
                    }
                    case Change.Commit commit -> {
                        if (seen) {
                            assertThat(commit.end()).isLessThanOrEqualTo(snapshot.lsn());
                        }
                        reached = commit.end();
                    }
                    case Change.Progress progress -> reached = progress.lsn();
                    case Change.Relation _, Change.Update _, Change.Delete _, Change.Truncate _, Change.Message _ -> {}
                }
            }
        }
        Set<Integer> expected = new TreeSet<>();
        try (Statement statement = sql.createStatement();
                java.sql.ResultSet rows = statement.executeQuery("SELECT a FROM t")) {
            while (rows.next()) {
                expected.add(rows.getInt(1));
            }
        }
        assertThat(copied).isGreaterThan(99).isLessThan(expected.size());
        assertThat(keys).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
        TestCluster.until(() -> Slots.read(sql, slot).orElseThrow().activePid() == null);
        Slots.drop(sql, slot);
    }

    private int write(int writer, AtomicBoolean stop) {
        try (Connection connection = endpoint.connect()) {
            int count = 0;
            while (!stop.get() && count < 50_000) {
                int key = writer * 1_000_000 + 2 * count;
                TestCluster.execute(
                        connection,
                        "BEGIN; INSERT INTO t VALUES (" + key + "); SAVEPOINT s; INSERT INTO t VALUES (" + (key + 1)
                                + "); COMMIT");
                count++;
            }
            return count;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int key(Tuple row) {
        return ByteBuffer.wrap(row.bytes()).getInt(row.offset(0));
    }
}
