package mooncake.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mooncake.model.Holdings;
import mooncake.model.Lsn;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;
import org.junit.jupiter.api.Test;

class SnapshotBoardTest {
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
    void waitersAreWokenByAPublication() throws Exception {
        SnapshotBoard board = new SnapshotBoard();
        AtomicInteger nudges = new AtomicInteger();
        Thread waiter = Thread.ofPlatform().start(() -> {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            try {
                while (board.tryPin(new Lsn(5)) == null) {
                    board.awaitMove(board.lsn(), nudges::incrementAndGet, deadline);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        while (nudges.get() == 0) {
            Thread.onSpinWait();
        }
        board.publish(new Lsn(5), ViewSet.EMPTY);
        waiter.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(waiter.isAlive()).isFalse();
    }

    /// A view whose lease counts when it is freed.
    private static ViewSet.Shown shown(AtomicInteger freed) {
        Lease lease = new Lease();
        lease.onFree(freed::incrementAndGet);
        return new ViewSet.Shown(
                new ReadView(7, SCHEMA, List.of(), List.of(), new Holdings(List.of(), List.of())), lease);
    }
}
