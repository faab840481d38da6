package mooncake.source.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.Tuple;
import mooncake.source.Endpoint;
import mooncake.source.TestCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReplicationStreamTest {
    private static final TestCluster CLUSTER = TestCluster.shared();

    private Endpoint endpoint;
    private Connection sql;
    private String slot;
    private ReplicationStream stream;

    @BeforeEach
    void start() {
        endpoint = CLUSTER.database("stream");
        sql = endpoint.connect();
        slot = TestCluster.unique("slot");
        execute("CREATE PUBLICATION \"Pub'\" FOR ALL TABLES");
        stream = attach(Slots.ensure(sql, slot));
    }

    @AfterEach
    void stop() throws SQLException {
        stream.close();
        awaitDetached();
        Slots.drop(sql, slot);
        sql.close();
    }

    private ReplicationStream attach(Lsn from) {
        return ReplicationStream.start(endpoint, slot, "Pub'", from, CLUSTER.scratch());
    }

    private void awaitDetached() {
        TestCluster.until(() -> Slots.read(sql, slot).orElseThrow().activePid() == null);
    }

    private void execute(String... statements) {
        TestCluster.execute(sql, statements);
    }

    private String value(String query) {
        return TestCluster.value(sql, query);
    }

    @Test
    void deliversEveryKindOfChange() {
        execute("CREATE TABLE t (a int, b text, c bigint, PRIMARY KEY (c, a))", "CREATE TABLE u (x int PRIMARY KEY)");
        int t = Integer.parseInt(value("SELECT 't'::regclass::oid"));
        int u = Integer.parseInt(value("SELECT 'u'::regclass::oid"));
        execute("BEGIN; INSERT INTO t VALUES (1, 'ä', 10), (2, NULL, 20);"
                + " UPDATE t SET b = 'y' WHERE a = 1; UPDATE t SET a = 3 WHERE a = 2;"
                + " SELECT pg_logical_emit_message(true, 'mooncake', 'hello ✓');"
                + " DELETE FROM t WHERE a = 1; INSERT INTO u VALUES (5); TRUNCATE t, u; COMMIT");
        List<String> changes = transaction();
        // A truncation invalidates what the server remembers, so it describes the tables once more.
        assertThat(changes.get(9)).isEqualTo(changes.get(0));
        assertThat(changes.get(10)).isEqualTo(changes.get(7));
        changes.subList(9, 11).clear();

        assertThat(changes)
                .containsExactly(
                        "relation public.t d [a:23:-1:key, b:25:-1, c:20:-1:key] oid " + t,
                        "insert " + t + " [1, ä, 10]",
                        "insert " + t + " [2, null, 20]",
                        "update " + t + " null [1, y, 10]",
                        "update " + t + " [2, null, 20] [3, null, 20]",
                        "message mooncake hello ✓",
                        "delete " + t + " [1, null, 10]",
                        "relation public.u d [x:23:-1:key] oid " + u,
                        "insert " + u + " [5]",
                        "truncate [" + t + ", " + u + "]");
    }

    @Test
    void beginAndCommitCarryTheTransaction() {
        execute("CREATE TABLE t (a int PRIMARY KEY)", "BEGIN", "INSERT INTO t VALUES (1)");
        int xid = (int) Long.parseLong(value("SELECT pg_current_xact_id()::text"));
        long before = Long.parseLong(value("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"));
        execute("COMMIT");
        Lsn flushed = Lsn.parse(value("SELECT pg_current_wal_flush_lsn()"));
        long after = Long.parseLong(value("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"));

        Change.Begin begin = await(Change.Begin.class);
        Change.Commit commit = await(Change.Commit.class);

        assertThat(begin.xid()).isEqualTo(xid);
        assertThat(commit.commitLsn()).isEqualTo(begin.commitLsn()).isLessThan(commit.end());
        assertThat(commit.end()).isLessThanOrEqualTo(flushed);
        assertThat(commit.commitMicros()).isBetween(before, after);
    }

    @Test
    void unchangedToastIsMarkedAndFullIdentityGivesTheOldRow() {
        execute(
                "CREATE TABLE t (a int PRIMARY KEY, b text, c int)",
                "ALTER TABLE t ALTER b SET STORAGE EXTERNAL",
                "INSERT INTO t VALUES (1, repeat('x', 9000), 1)",
                "UPDATE t SET c = 2",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "UPDATE t SET c = NULL",
                "DELETE FROM t");
        transaction();

        assertThat(transaction().getLast()).endsWith("null [1, unchanged, 2]");
        List<String> full = transaction();
        assertThat(full.getFirst()).startsWith("relation public.t f [a:23:-1:key, b:25:-1:key, c:23:-1:key]");
        assertThat(full.getLast()).endsWith(" [1, " + "x".repeat(9000) + ", 2] [1, unchanged, null]");
        assertThat(transaction().getLast())
                .startsWith("delete")
                .endsWith(", null]")
                .contains("xxx");
    }

    @Test
    void describesARelationAgainAfterItChanged() {
        execute(
                "CREATE TABLE t (a int PRIMARY KEY, g int GENERATED ALWAYS AS (a * 2) STORED)",
                "INSERT INTO t VALUES (1)",
                "ALTER TABLE t ADD b numeric(10,2)",
                "INSERT INTO t VALUES (2)");

        assertThat(transaction().getFirst()).startsWith("relation public.t d [a:23:-1:key]");
        assertThat(transaction().getFirst()).startsWith("relation public.t d [a:23:-1:key, b:1700:655366]");
    }

    @Test
    void deliversALargeTransactionAndKnowsWhatIsBuffered() {
        int rows = 200_000;
        execute("CREATE TABLE t (a int PRIMARY KEY, b bigint)");
        execute("INSERT INTO t SELECT i, i * 7::bigint FROM generate_series(1, " + rows + ") i");

        await(Change.Begin.class);
        int count = 0;
        boolean buffered = false;
        Change change = stream.next();
        while (!(change instanceof Change.Commit)) {
            if (change instanceof Change.Insert insert) {
                count++;
                ByteBuffer bytes = ByteBuffer.wrap(insert.row().bytes());
                assertThat(bytes.getInt(insert.row().offset(0))).isEqualTo(count);
                assertThat(bytes.getLong(insert.row().offset(1))).isEqualTo(count * 7L);
                buffered |= stream.hasBuffered();
            }
            change = stream.next();
        }
        assertThat(count).isEqualTo(rows);
        assertThat(buffered).isTrue();
    }

    @Test
    void progressPassesWalOfNoInterest() {
        Endpoint elsewhere = CLUSTER.database("elsewhere");
        TestCluster.execute(elsewhere, "CREATE TABLE x (a int)", "INSERT INTO x SELECT generate_series(1, 10000)");
        long[] nanos = new long[20];
        for (int i = 0; i < nanos.length; i++) {
            TestCluster.execute(elsewhere, "INSERT INTO x VALUES (1)");
            Lsn flushed = Lsn.parse(value("SELECT pg_current_wal_flush_lsn()"));
            long start = System.nanoTime();
            stream.requestProgress();
            Lsn reached = Lsn.NONE;
            while (!reached.reaches(flushed)) {
                Change change = stream.next();
                assertThat(change).isInstanceOf(Change.Progress.class);
                reached = ((Change.Progress) change).lsn();
            }
            nanos[i] = System.nanoTime() - start;
            assertThat(nanos[i]).isLessThan(TimeUnit.SECONDS.toNanos(5));
        }
        java.util.Arrays.sort(nanos);
        System.out.printf("progress after %.2f ms (median)%n", nanos[nanos.length / 2] / 1e6);
    }

    @Test
    void progressNeverPassesWhatIsNotDelivered() throws Exception {
        execute("CREATE TABLE t (a int PRIMARY KEY)");
        int transactions = 300;
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try (Connection other = endpoint.connect()) {
                for (int i = 0; i < transactions; i++) {
                    TestCluster.execute(other, "INSERT INTO t VALUES (" + i + ")");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        Lsn passed = Lsn.NONE;
        boolean inside = false;
        for (int commits = 0; commits < transactions; ) {
            stream.requestProgress();
            switch (stream.next()) {
                case Change.Progress progress -> {
                    assertThat(inside).isFalse();
                    assertThat(progress.lsn()).isGreaterThanOrEqualTo(passed);
                    passed = progress.lsn();
                }
                case Change.Begin begin -> {
                    inside = true;
                    assertThat(begin.commitLsn()).isGreaterThanOrEqualTo(passed);
                }
                case Change.Commit commit -> {
                    inside = false;
                    commits++;
                    assertThat(commit.end()).isGreaterThan(passed);
                    passed = commit.end();
                }
                case Change.Relation _, Change.Insert _ -> {}
                case Change.Update _, Change.Delete _, Change.Truncate _, Change.Message _ ->
                    throw new AssertionError();
            }
        }
        writer.get(10, TimeUnit.SECONDS);
    }

    @Test
    void resumesAfterAConfirmationWithoutLossOrDuplicates() {
        execute("CREATE TABLE t (a int PRIMARY KEY)");
        List<Integer> seen = new ArrayList<>();
        Lsn confirmed = Lsn.NONE;
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 10; i++) {
                execute("INSERT INTO t VALUES (" + (round * 10 + i) + ")");
            }
            // Half of them are confirmed; the other half must come again after the restart and only then count.
            while (seen.size() < round * 10 + 5) {
                seen.add(nextInsertedKey());
                confirmed = await(Change.Commit.class).end();
            }
            nextInsertedKey();
            stream.confirm(confirmed);
            stream.close();
            awaitDetached();
            Lsn atServer = Slots.read(sql, slot).orElseThrow().confirmed();
            assertThat(atServer).isLessThanOrEqualTo(confirmed);
            stream = attach(confirmed);
            while (seen.size() < (round + 1) * 10) {
                seen.add(nextInsertedKey());
                confirmed = await(Change.Commit.class).end();
            }
        }
        assertThat(seen).hasSize(50).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void confirmationReachesTheSlot() {
        execute("CREATE TABLE t (a int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        Lsn end = await(Change.Commit.class).end();
        assertThat(Slots.read(sql, slot).orElseThrow().confirmed()).isLessThan(end);

        stream.confirm(end);

        TestCluster.until(() -> Slots.read(sql, slot).orElseThrow().confirmed().reaches(end));
        assertThat(Slots.read(sql, slot).orElseThrow().confirmed()).isEqualTo(end);
    }

    @Test
    void staysAliveWhileTheConsumerIsSlow() {
        stream.close();
        awaitDetached();
        execute("CREATE TABLE t (a int PRIMARY KEY, b text)", "ALTER SYSTEM SET wal_sender_timeout = '400ms'");
        execute("SELECT pg_reload_conf()");
        try {
            stream = attach(Lsn.NONE);
            // More than the sockets hold, so that the server is stuck in a write for the whole pause.
            execute("INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series(1, 20000) i");
            await(Change.Begin.class);
            String pid = String.valueOf(Slots.read(sql, slot).orElseThrow().activePid());
            value("SELECT pg_sleep(1.6)");
            await(Change.Commit.class);
            assertThat(String.valueOf(Slots.read(sql, slot).orElseThrow().activePid()))
                    .isEqualTo(pid);
        } finally {
            execute("ALTER SYSTEM RESET wal_sender_timeout");
            execute("SELECT pg_reload_conf()");
        }
    }

    @Test
    void closeFromAnotherThreadEndsTheWait() {
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
            while (true) {
                assertThat(stream.next()).isInstanceOf(Change.Progress.class);
            }
        });
        stream.close();

        assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_STOPPING));
    }

    @Test
    void aKilledWalsenderIsAReplicationError() {
        execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + slot + "'");

        assertThatThrownBy(() -> {
                    while (true) {
                        stream.next();
                    }
                })
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REPLICATION_FAILED));
    }

    @Test
    void aValueWithoutBinaryFormComesAsText() {
        execute(
                "CREATE TABLE t (a int PRIMARY KEY, acl aclitem)",
                "INSERT INTO t VALUES (1, '=r/postgres'), (2, NULL)");

        assertThat(transaction().subList(1, 3))
                .extracting(change -> change.replaceAll(" \\d+ ", " "))
                .containsExactly("insert [1, =r/postgres]", "insert [2, null]");
    }

    @Test
    void aSlotInUseOrMissingIsUnavailable() {
        assertThatThrownBy(() -> attach(Lsn.NONE))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLOT_UNAVAILABLE))
                .hasMessageContaining("55006");
        assertThatThrownBy(() -> ReplicationStream.start(endpoint, "no_such_slot", "p", Lsn.NONE, CLUSTER.scratch()))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLOT_UNAVAILABLE));
    }

    @Test
    void waitsForASlotThatIsJustBeingLeft() {
        ReplicationStream old = stream;
        Thread.ofVirtual().start(() -> {
            value("SELECT pg_sleep(0.2)");
            old.close();
        });
        long start = System.nanoTime();

        stream = attach(Lsn.NONE);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(100));
    }

    /// The texts of the changes of the next transaction that has any.
    private List<String> transaction() {
        await(Change.Begin.class);
        List<String> changes = new ArrayList<>();
        Change change = stream.next();
        while (!(change instanceof Change.Commit)) {
            changes.add(text(change));
            change = stream.next();
        }
        return changes;
    }

    private <T extends Change> T await(Class<T> kind) {
        Change change = stream.next();
        while (!kind.isInstance(change)) {
            change = stream.next();
        }
        return kind.cast(change);
    }

    private int nextInsertedKey() {
        Tuple row = await(Change.Insert.class).row();
        return ByteBuffer.wrap(row.bytes()).getInt(row.offset(0));
    }

    private final java.util.Map<Integer, Change.Relation> relations = new java.util.HashMap<>();

    private String text(Change change) {
        return switch (change) {
            case Change.Relation relation -> {
                relations.put(relation.oid(), relation);
                List<String> columns = relation.columns().stream()
                        .map(column -> column.name() + ":" + column.typeOid() + ":" + column.typmod()
                                + (column.key() ? ":key" : ""))
                        .toList();
                yield "relation " + relation.schema() + "." + relation.name() + " " + relation.replicaIdentity() + " "
                        + columns + " oid " + relation.oid();
            }
            case Change.Insert insert -> "insert " + insert.relation() + " " + text(insert.relation(), insert.row());
            case Change.Update update ->
                "update " + update.relation() + " "
                        + (update.old() == null ? "null" : text(update.relation(), update.old())) + " "
                        + text(update.relation(), update.row());
            case Change.Delete delete -> "delete " + delete.relation() + " " + text(delete.relation(), delete.old());
            case Change.Truncate truncate -> "truncate " + truncate.relations();
            case Change.Message message -> "message " + message.prefix() + " " + message.content();
            case Change.Begin _, Change.Commit _, Change.Progress _ -> throw new AssertionError(change);
        };
    }

    private List<String> text(int oid, Tuple row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.width(); i++) {
            if (row.isNull(i) || row.isUnchanged(i)) {
                values.add(row.isNull(i) ? "null" : "unchanged");
                continue;
            }
            ByteBuffer bytes =
                    ByteBuffer.wrap(row.bytes(), row.offset(i), row.length(i)).slice();
            values.add(
                    switch (Objects.requireNonNull(relations.get(oid))
                            .columns()
                            .get(i)
                            .typeOid()) {
                        case 20 -> Long.toString(bytes.getLong());
                        case 23 -> Integer.toString(bytes.getInt());
                        default -> StandardCharsets.UTF_8.decode(bytes).toString();
                    });
        }
        return values;
    }
}
