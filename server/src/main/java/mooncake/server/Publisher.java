package mooncake.server;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import mooncake.model.Lsn;

/// Publishes what a session's writer has applied; called under the session's lock, between
/// transactions only.
///
/// After a start, mirrors come from Iceberg commits at different LSNs: nothing is published before
/// the log has passed all of them and what an earlier session had published, so that readers never
/// see mirrors of different moments.
final class Publisher {
    private final SnapshotBoard board;
    private final MirrorSet mirrors;
    private final StreamPosition position;
    private Lsn barrier;
    private boolean first = true;

    Publisher(SnapshotBoard board, MirrorSet mirrors, StreamPosition position) {
        this.board = board;
        this.mirrors = mirrors;
        this.position = position;
        this.barrier = board.lsn();
    }

    /// A mirror was loaded with everything up to `lsn`.
    void loaded(Lsn lsn) {
        barrier = Lsn.max(barrier, lsn);
    }

    /// Any thread: whether a reader waits for something to be published.
    boolean isAwaited() {
        return board.isAwaited();
    }

    /// Nothing is shown any more.
    void clear() {
        board.publish(board.lsn(), ViewSet.EMPTY);
        board.wake();
    }

    void publish() {
        Lsn applied = position.applied();
        if (!applied.reaches(barrier) || applied.isNone()) {
            return;
        }
        Map<Integer, ViewSet.Shown> changed = new HashMap<>();
        Set<Integer> gone = new HashSet<>();
        Set<Integer> stale = new HashSet<>();
        for (MirrorPipeline pipeline : mirrors.takeUnpublished()) {
            ViewSet.Shown loaded = pipeline.takeLoaded();
            if (!pipeline.isLive() && pipeline.showsOld() && loaded != null) {
                changed.put(pipeline.mirror(), loaded);
                continue;
            }
            if (loaded != null) {
                loaded.release();
            }
            if (pipeline.isLive()) {
                changed.put(pipeline.mirror(), pipeline.takeView());
            } else if (pipeline.showsOld()) {
                stale.add(pipeline.mirror());
            } else {
                gone.add(pipeline.mirror());
            }
        }
        gone.addAll(mirrors.takeRemoved());
        gone.removeAll(changed.keySet());
        if (first) {
            first = false;
            board.publish(applied, ViewSet.EMPTY.with(changed, Set.of()));
        } else if (changed.isEmpty() && gone.isEmpty() && stale.isEmpty()) {
            board.advance(applied);
            return;
        } else {
            board.publish(applied, board.published().with(changed, gone, stale));
        }
        if (!gone.isEmpty() || !stale.isEmpty()) {
            board.wake();
        }
    }
}
