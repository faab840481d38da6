package mooncake.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import mooncake.model.Holdings;
import mooncake.model.Lsn;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;
import org.junit.jupiter.api.Test;

class SnapshotBoardTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long LIMIT_NANOS = LIMIT.toNanos();

    private static final TableSchema SCHEMA = new TableSchema(
            List.of(new mooncake.model.Column(1, "id", mooncake.model.ColumnType.Scalar.INT4, true)), List.of(0));

    @Test
    void pinsOnlyWhatHasReachedTheTarget() {
        SnapshotBoard board = new SnapshotBoard();
        board.publish(new Lsn(100), ViewSet.EMPTY);
        assertThat(board.tryPin(new Lsn(101))).isNull();
        assertThat(board.tryPin(new Lsn(100))).isNotNull();
        board.advance(new Lsn(200));
        assertThat(board.lsn()).isEqualTo(new Lsn(200));
        board.advance(new Lsn(150));
        assertThat(board.lsn()).isEqualTo(new Lsn(200));
    }

    @Test
    void aPinnedViewOutlivesItsPublication() {
        SnapshotBoard board = new SnapshotBoard();
        AtomicInteger freed = new AtomicInteger();
        board.publish(new Lsn(1), ViewSet.EMPTY.with(Map.of(7, shown(freed)), Set.of()));
        SnapshotBoard.Snapshot pinned = Objects.requireNonNull(board.tryPin(Lsn.NONE));
        board.publish(new Lsn(2), board.published().with(Map.of(), Set.of(7)));
        assertThat(freed).hasValue(0);
        assertThat(pinned.views().view(7)).isNotNull();
        SnapshotBoard.unpin(pinned);
        assertThat(freed).hasValue(1);
        assertThat(board.published().view(7)).isNull();
    }

    @Test
    void unchangedViewsAreSharedByTheNextSet() {
        SnapshotBoard board = new SnapshotBoard();
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        board.publish(new Lsn(1), ViewSet.EMPTY.with(Map.of(1, shown(first), 2, shown(second)), Set.of()));
        board.publish(new Lsn(2), board.published().with(Map.of(2, shown(second)), Set.of()));
        assertThat(first).hasValue(0);
        assertThat(second).hasValue(1);
    }

    @Test
    void aThousandMirrorsComeChangeAndGoOneByOne() {
        AtomicInteger freed = new AtomicInteger();
        ViewSet views = ViewSet.EMPTY;
        for (int mirror = 16_384; mirror < 17_384; mirror++) {
            views = replaced(views, views.with(Map.of(mirror, shown(freed)), Set.of()));
        }
        assertThat(freed).hasValue(0);
        views = replaced(views, views.with(Map.of(16_500, shown(freed)), Set.of(16_384), Set.of(17_000)));
        assertThat(freed).as("one was replaced and one removed").hasValue(2);
        assertThat(views.view(16_384)).isNull();
        assertThat(Objects.requireNonNull(views.shown(17_000)).stale()).isTrue();
        assertThat(Objects.requireNonNull(views.shown(17_001)).stale()).isFalse();
        for (int mirror = 16_384; mirror < 17_384; mirror++) {
            views = replaced(views, views.with(Map.of(), Set.of(mirror)));
            assertThat(views.view(mirror)).isNull();
        }
        assertThat(freed).hasValue(1_001);
    }

    private static ViewSet replaced(ViewSet before, ViewSet after) {
        if (before != ViewSet.EMPTY) {
            before.release();
        }
        return after;
    }

    @Test
    void waitersAreWokenByWhatTheyWaitFor() throws Exception {
        SnapshotBoard board = new SnapshotBoard();
        Thread waiter =
                Thread.ofPlatform().start(() -> uninterrupted(() -> board.awaitLsn(new Lsn(5), LIMIT_NANOS, () -> {})));
        SnapshotBoard.Snapshot seen = board.current();
        Thread other =
                Thread.ofPlatform().start(() -> uninterrupted(() -> board.awaitOther(seen, LIMIT_NANOS, () -> {})));
        while (!isWaiting(waiter) || !isWaiting(other)) {
            Thread.onSpinWait();
        }
        board.publish(new Lsn(4), ViewSet.EMPTY);
        other.join(LIMIT);
        assertThat(other.isAlive()).isFalse();
        assertThat(waiter.isAlive()).isTrue();
        board.publish(new Lsn(5), ViewSet.EMPTY);
        waiter.join(LIMIT);
        assertThat(waiter.isAlive()).isFalse();
    }

    @Test
    void nobodyWaitsForWhatIsThere() throws Exception {
        SnapshotBoard board = new SnapshotBoard();
        SnapshotBoard.Snapshot seen = board.current();
        board.publish(new Lsn(5), ViewSet.EMPTY);
        board.awaitLsn(new Lsn(5), LIMIT_NANOS, () -> {});
        board.awaitOther(seen, LIMIT_NANOS, () -> {});
        assertThat(board.lsn()).isEqualTo(new Lsn(5));
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING;
    }

    private interface Interruptible {
        void run() throws InterruptedException;
    }

    private static void uninterrupted(Interruptible action) {
        try {
            action.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A view whose lease counts when it is freed.
    private static ViewSet.Shown shown(AtomicInteger freed) {
        Lease lease = new Lease();
        lease.onFree(freed::incrementAndGet);
        return new ViewSet.Shown(
                new ReadView(7, SCHEMA, List.of(), List.of(), new Holdings(List.of(), List.of())), lease);
    }
}
