package mooncake.source.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlotsTest {
    private static final TestCluster CLUSTER = TestCluster.shared();

    @Test
    void makesASlotOnceAndDropsIt() throws SQLException {
        Endpoint endpoint = CLUSTER.database("slots");
        String slot = TestCluster.unique("slot");
        try (Connection sql = endpoint.connect()) {
            assertThat(Slots.read(sql, slot)).isEmpty();
            Lsn first = Slots.ensure(sql, slot);
            TestCluster.execute(sql, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");

            assertThat(first.isNone()).isFalse();
            assertThat(Slots.ensure(sql, slot)).isEqualTo(first);
            assertThat(Slots.read(sql, slot).orElseThrow().lost()).isFalse();
            assertThat(Slots.drop(sql, slot)).isTrue();
            assertThat(Slots.drop(sql, slot)).isFalse();
        }
    }

    @Test
    void refusesSlotsThatAreNotOurs() throws SQLException {
        Endpoint endpoint = CLUSTER.database("slots");
        String slot = TestCluster.unique("slot");
        try (Connection sql = endpoint.connect();
                Connection other = CLUSTER.socket("postgres").connect()) {
            TestCluster.execute(sql, "SELECT pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");
            assertUnavailable(() -> Slots.ensure(sql, slot), "test_decoding");
            Slots.drop(sql, slot);
            Slots.ensure(sql, slot);
            assertUnavailable(() -> Slots.ensure(other, slot), "belongs to database \"slots");
            Slots.drop(sql, slot);
        }
    }

    @Test
    void saysWhenAllSlotsAreInUse() throws SQLException {
        List<String> made = new ArrayList<>();
        try (Connection sql = CLUSTER.database("slots").connect()) {
            int free = TestCluster.SLOTS_MAX
                    - Integer.parseInt(TestCluster.value(sql, "SELECT count(*) FROM pg_replication_slots"));
            for (int i = 0; i < free; i++) {
                String slot = TestCluster.unique("slot");
                Slots.ensure(sql, slot);
                made.add(slot);
            }
            try {
                assertUnavailable(() -> Slots.ensure(sql, "one_too_many"), "all replication slots are in use");
            } finally {
                made.forEach(slot -> Slots.drop(sql, slot));
            }
        }
    }

    @Test
    void saysWhenASlotIsActive() throws SQLException {
        Endpoint endpoint = CLUSTER.database("slots");
        String slot = TestCluster.unique("slot");
        try (Connection sql = endpoint.connect()) {
            TestCluster.execute(sql, "CREATE PUBLICATION p");
            Lsn from = Slots.ensure(sql, slot);
            try (ReplicationStream _ = ReplicationStream.start(endpoint, slot, "p", from, CLUSTER.scratch())) {
                assertThat(Slots.read(sql, slot).orElseThrow().activePid()).isNotNull();
                assertUnavailable(() -> Slots.drop(sql, slot), "reads it");
            }
            TestCluster.until(() -> Slots.read(sql, slot).orElseThrow().activePid() == null);
            Slots.drop(sql, slot);
        }
    }

    @Test
    void dropsASlotWithItsReader() throws SQLException {
        Endpoint endpoint = CLUSTER.database("slots");
        String slot = TestCluster.unique("slot");
        try (Connection sql = endpoint.connect()) {
            TestCluster.execute(sql, "CREATE PUBLICATION p");
            Lsn from = Slots.ensure(sql, slot);
            try (ReplicationStream stream = ReplicationStream.start(endpoint, slot, "p", from, CLUSTER.scratch())) {
                assertThat(Slots.dropActive(sql, slot, Duration.ofSeconds(20))).isTrue();
                assertThat(Slots.read(sql, slot)).isEmpty();
                assertThatThrownBy(() -> {
                            while (true) {
                                stream.next();
                            }
                        })
                        .isInstanceOfSatisfying(
                                MooncakeException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.REPLICATION_FAILED));
            }
            assertThat(Slots.dropActive(sql, slot, Duration.ZERO)).isFalse();
        }
    }

    @Test
    void tellsHowMuchLogIsRetained() throws SQLException {
        Endpoint endpoint = CLUSTER.database("slots");
        String slot = TestCluster.unique("slot");
        try (Connection sql = endpoint.connect()) {
            Slots.ensure(sql, slot);
            SlotState before = Slots.read(sql, slot).orElseThrow();
            TestCluster.execute(sql, "SELECT pg_logical_emit_message(false, 'x', repeat('y', 1000000))");
            SlotState after = Slots.read(sql, slot).orElseThrow();

            assertThat(before.walStatus()).isEqualTo("reserved");
            assertThat(before.invalidation()).isNull();
            assertThat(after.retainedBytes() - before.retainedBytes()).isBetween(1_000_000L, 1_200_000L);
            Slots.drop(sql, slot);
        }
    }

    @Test
    void asksForFailoverWhereTheServerHasIt() throws SQLException {
        Endpoint endpoint = CLUSTER.database("slots");
        String slot = TestCluster.unique("slot");
        try (Connection sql = endpoint.connect()) {
            Slots.ensure(sql, slot, true);

            assertThat(Slots.read(sql, slot).orElseThrow().failover())
                    .isEqualTo(sql.getMetaData().getDatabaseMajorVersion() >= 17);
            Slots.drop(sql, slot);
        }
    }

    @Test
    void detectsALostSlotAndAServerWithoutLogicalWal() throws SQLException {
        TestCluster cluster = TestCluster.start("wal_level = logical", "max_slot_wal_keep_size = '1MB'");
        Endpoint endpoint = cluster.socket("postgres");
        try (Connection sql = endpoint.connect()) {
            Lsn from = Slots.ensure(sql, "lost");
            TestCluster.execute(sql, "CREATE TABLE t (a int)");
            for (int i = 0; i < 4; i++) {
                TestCluster.execute(sql, "INSERT INTO t VALUES (1)", "SELECT pg_switch_wal()");
            }
            TestCluster.execute(sql, "CHECKPOINT");

            SlotState lost = Slots.read(sql, "lost").orElseThrow();
            assertThat(lost.lost()).isTrue();
            assertThat(lost.walStatus()).isEqualTo("lost");
            assertThat(lost.retainedBytes()).isZero();
            assertUnavailable(() -> Slots.ensure(sql, "lost"), "the log that it needs is gone");
            assertThatThrownBy(() -> ReplicationStream.start(endpoint, "lost", "p", from, cluster.scratch()))
                    .isInstanceOfSatisfying(
                            MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLOT_UNAVAILABLE));
            Slots.drop(sql, "lost");
            TestCluster.execute(sql, "ALTER SYSTEM SET wal_level = 'replica'");
        }
        cluster.restart();
        try (Connection sql = endpoint.connect()) {
            assertUnavailable(() -> Slots.ensure(sql, "s"), "wal_level = logical");
        }
    }

    private static void assertUnavailable(Runnable action, String text) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLOT_UNAVAILABLE))
                .hasMessageContaining(text);
    }
}
