package mooncake.server;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mooncake.model.ErrorCode;
import mooncake.model.Limits;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// The snapshots that one connection has pinned, by unguessable number. Other connections of the
/// same database may read them; they end with the connection that took them.
final class PinTable implements AutoCloseable {
    /// The pins of all connections.
    static final class Registry {
        private final SecureRandom random = new SecureRandom();
        private final Map<Long, Pinned> all = new ConcurrentHashMap<>();
    }

    private record Pinned(int database, SnapshotBoard.Snapshot snapshot) {}

    private final Registry registry;
    private final List<Long> own = new ArrayList<>();
    private boolean closed;

    PinTable(Registry registry) {
        this.registry = registry;
    }

    /// Takes over the caller's pin of `snapshot`.
    synchronized long add(int database, SnapshotBoard.Snapshot snapshot) {
        if (closed || own.size() >= Limits.PINS_PER_CONNECTION_MAX) {
            SnapshotBoard.unpin(snapshot);
            throw new MooncakeException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "more than " + Limits.PINS_PER_CONNECTION_MAX + " snapshots pinned by one connection");
        }
        long number;
        do {
            number = registry.random.nextLong() & Long.MAX_VALUE;
        } while (number == 0 || registry.all.putIfAbsent(number, new Pinned(database, snapshot)) != null);
        own.add(number);
        return number;
    }

    /// The pinned snapshot with one more hold, which the caller unpins.
    SnapshotBoard.Snapshot use(int database, long number) {
        Pinned pinned = registry.all.get(number);
        if (pinned == null || pinned.database() != database || !retain(pinned.snapshot())) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "the pinned snapshot is gone");
        }
        return pinned.snapshot();
    }

    /// One more hold on a snapshot; false when the last one was given up.
    static boolean retain(SnapshotBoard.Snapshot snapshot) {
        return snapshot.views() == ViewSet.EMPTY || snapshot.views().tryRetain();
    }

    synchronized void remove(long number) {
        if (own.remove(number)) {
            drop(number);
        }
    }

    private void drop(long number) {
        @Nullable Pinned pinned = registry.all.remove(number);
        if (pinned != null) {
            SnapshotBoard.unpin(pinned.snapshot());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        own.forEach(this::drop);
        own.clear();
    }
}
