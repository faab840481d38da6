package mooncake.source.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streamed transactions made by hand: blocks, rolled back parts, whole transactions between them.
class StreamedTransactionsTest {
    private static final int RELATION = 9;

    @TempDir
    private Path directory;

    private StreamedTransactions streamed;
    private PgoutputDecoder decoder;
    private long lsn = 1;

    @BeforeEach
    void open() {
        limit(StreamedTransactions.MEMORY_BYTES_MAX);
    }

    @AfterEach
    void leavesNoFile() throws IOException {
        streamed.close();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    private void limit(long bytes) {
        streamed = new StreamedTransactions(directory, bytes);
        decoder = new PgoutputDecoder(streamed);
    }

    private List<Change> send(ByteBuffer message) {
        byte[] bytes = new byte[message.flip().remaining()];
        message.get(bytes);
        Change change = decoder.decode(bytes, 0, bytes.length);
        return change == null ? List.of() : List.of(change);
    }

    private void start(int xid) {
        assertThat(send(ByteBuffer.allocate(6).put((byte) 'S').putInt(xid).put((byte) 1)))
                .isEmpty();
    }

    private void stop() {
        assertThat(send(ByteBuffer.allocate(1).put((byte) 'E'))).isEmpty();
    }

    private void abort(int xid, int subXid) {
        assertThat(send(ByteBuffer.allocate(9).put((byte) 'A').putInt(xid).putInt(subXid)))
                .isEmpty();
    }

    private void relation(int xid, String name) {
        ByteBuffer message = ByteBuffer.allocate(64)
                .put((byte) 'R')
                .putInt(xid)
                .putInt(RELATION)
                .put((byte) 's');
        message.put((byte) 0).put(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        message.put(new byte[] {0, 'd', 0, 1, 1, 'a', 0}).putInt(25).putInt(-1);
        assertThat(send(message)).isEmpty();
    }

    private void insert(int xid, byte[] value) {
        ByteBuffer message = ByteBuffer.allocate(32 + value.length).put((byte) 'I');
        message.putInt(xid).putInt(RELATION).put((byte) 'N').putShort((short) 1);
        assertThat(send(message.put((byte) 'b').putInt(value.length).put(value)))
                .isEmpty();
    }

    private void insert(int xid, int value) {
        insert(xid, ByteBuffer.allocate(4).putInt(value).array());
    }

    private Change.Begin commit(int xid) {
        ByteBuffer message = ByteBuffer.allocate(30).put((byte) 'c').putInt(xid).put((byte) 0);
        List<Change> begun = send(message.putLong(lsn).putLong(lsn + 1).putLong(0));
        lsn += 2;
        assertThat(begun).singleElement().isInstanceOf(Change.Begin.class);
        return (Change.Begin) begun.getFirst();
    }

    private static int number(Tuple row) {
        return ByteBuffer.wrap(row.bytes(), row.offset(0), row.length(0)).getInt();
    }

    /// Commits, checks the frame and returns the inserted numbers.
    private List<Integer> committed(int xid) {
        Change.Begin begin = commit(xid);
        assertThat(begin.xid()).isEqualTo(xid);
        List<Integer> numbers = new ArrayList<>();
        while (true) {
            assertThat(decoder.isReplaying()).isTrue();
            assertThat(decoder.inTransaction()).isTrue();
            switch (decoder.replay()) {
                case Change.Insert insert -> numbers.add(number(insert.row()));
                case Change.Commit commit -> {
                    assertThat(commit.commitLsn()).isEqualTo(begin.commitLsn());
                    assertThat(commit.end()).isEqualTo(new Lsn(begin.commitLsn().value() + 1));
                    assertThat(decoder.isReplaying()).isFalse();
                    assertThat(decoder.inTransaction()).isFalse();
                    return numbers;
                }
                case Change.Relation _ -> {}
                case Change.Begin _,
                        Change.Update _,
                        Change.Delete _,
                        Change.Truncate _,
                        Change.Message _,
                        Change.Progress _ -> throw new AssertionError();
            }
        }
    }

    @Test
    void blocksOfOneTransactionComeTogetherAtItsCommit() {
        start(5);
        relation(5, "t");
        insert(5, 1);
        stop();
        start(6);
        relation(6, "t");
        insert(6, 100);
        stop();
        start(5);
        insert(5, 2);
        stop();

        assertThat(committed(6)).containsExactly(100);
        assertThat(committed(5)).containsExactly(1, 2);
        assertThat(streamed.count()).isZero();
        assertThat(streamed.memoryBytes()).isZero();
    }

    @Test
    void rollbacksDropExactlyTheirChanges() {
        start(5);
        relation(5, "t");
        insert(5, 1);
        insert(7, 2);
        insert(8, 3);
        insert(5, 4);
        stop();
        abort(5, 8);
        start(5);
        relation(8, "other");
        insert(8, 5);
        insert(9, 6);
        stop();
        abort(99, 99);

        assertThat(committed(5)).containsExactly(1, 2, 4, 6);

        start(10);
        relation(10, "t");
        insert(10, 1);
        stop();
        abort(10, 10);
        assertThatThrownBy(() -> commit(10)).hasMessageContaining("was not streamed");
    }

    @Test
    void aRelationTakesEffectWhenItsTransactionDoes() {
        start(5);
        relation(5, "late");
        stop();
        ByteBuffer begin =
                ByteBuffer.allocate(21).put((byte) 'B').putLong(1).putLong(0).putInt(6);
        send(begin);
        ByteBuffer row = ByteBuffer.allocate(12)
                .put((byte) 'I')
                .putInt(RELATION)
                .put((byte) 'N')
                .putShort((short) 0);
        assertThatThrownBy(() -> send(row)).hasMessageContaining("not described");
    }

    @Test
    void messagesOutOfPlaceAreErrors() {
        assertViolation(this::stop);
        start(1);
        assertViolation(() -> start(2));
        assertViolation(() -> abort(1, 1));
        assertViolation(() -> commit(1));
        assertViolation(() -> send(ByteBuffer.allocate(2).put(new byte[] {'I', 1})));
        assertViolation(() -> send(ByteBuffer.allocate(2).put(new byte[] {'B', 1})));
    }

    private static void assertViolation(Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION));
    }

    @Test
    void whatIsOpenNeverUsesMoreThanItsMemory() {
        long max = 1 << 20;
        limit(max);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Integer, List<Integer>> expected = new HashMap<>();
        Map<Integer, Map<Integer, List<Integer>>> bySub = new HashMap<>();
        int next = 0;
        for (int round = 0; round < 3_000; round++) {
            int xid = 1_000 * (1 + random.nextInt(20));
            start(xid);
            List<Integer> all = expected.computeIfAbsent(xid, _ -> new ArrayList<>());
            if (all.isEmpty()) {
                relation(xid, "t");
            }
            int rows = random.nextInt(20);
            for (int i = 0; i < rows; i++) {
                int sub = xid + random.nextInt(5);
                byte[] value = new byte[4 + (random.nextInt(200) == 0 ? random.nextInt(3 << 20) : random.nextInt(500))];
                ByteBuffer.wrap(value).putInt(next);
                insert(sub, value);
                all.add(next);
                bySub.computeIfAbsent(xid, _ -> new HashMap<>())
                        .computeIfAbsent(sub, _ -> new ArrayList<>())
                        .add(next);
                next++;
                assertThat(streamed.memoryBytes()).as("seed %d", seed).isBetween(0L, max);
            }
            stop();
            if (random.nextInt(40) == 0) {
                for (int sub = xid + 1; sub < xid + 5; sub += 1 + random.nextInt(3)) {
                    abort(xid, sub);
                    all.removeAll(bySub.getOrDefault(xid, Map.of()).getOrDefault(sub, List.of()));
                }
                assertThat(committed(xid)).as("seed %d", seed).isEqualTo(all);
                expected.remove(xid);
                bySub.remove(xid);
            }
        }
        expected.forEach(
                (xid, all) -> assertThat(committed(xid)).as("seed %d", seed).isEqualTo(all));
        assertThat(streamed.memoryBytes()).isZero();
    }

    @Test
    void closingEndsAReplayFromAFile() {
        limit(0);
        start(5);
        relation(5, "t");
        for (int i = 0; i < 100; i++) {
            insert(5, new byte[10_000]);
        }
        stop();
        commit(5);
        decoder.replay();
        streamed.close();

        assertThatThrownBy(() -> {
                    while (true) {
                        decoder.replay();
                    }
                })
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_STOPPING));
    }

    @Test
    void setsOfIdsHoldWhatWasAdded() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TransactionIdSet set = new TransactionIdSet();
        java.util.Set<Integer> expected = new java.util.HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            int id = random.nextInt(4) == 0 ? random.nextInt() : -3 + random.nextInt(20_000);
            set.add(id);
            expected.add(id);
        }
        for (int id = -20_000; id < 40_000; id++) {
            assertThat(set.contains(id)).as("seed %d id %d", seed, id).isEqualTo(expected.contains(id));
        }
        assertThat(expected).allMatch(set::contains);
    }
}
