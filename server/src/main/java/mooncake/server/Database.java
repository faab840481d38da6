package mooncake.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooncake.model.Lsn;
import mooncake.query.translate.Translation;
import mooncake.source.Endpoint;
import org.jspecify.annotations.Nullable;

/// One Postgres database with the extension: its own log, which has the registry and the changes of its own tables,
/// and the remote sources that its mirrors have besides.
final class Database implements AutoCloseable {
    private final int oid;
    private final SessionKeeper local;
    private final RemoteSources remotes;
    private final Catalogs catalogs;

    Database(int oid, Endpoint endpoint, SessionResources resources) {
        this.oid = oid;
        this.catalogs = new Catalogs(new DatabaseCollations(endpoint::connect), new DatabaseTypes(endpoint::connect));
        this.remotes = new RemoteSources(oid, endpoint, resources);
        this.local = new SessionKeeper(
                "database " + endpoint.database(),
                board -> new Session(Followed.local(oid, endpoint), resources, board, remotes::changed),
                remotes::changed);
    }

    void start() {
        local.start();
        remotes.start();
    }

    int oid() {
        return oid;
    }

    Catalogs catalogs() {
        return catalogs;
    }

    SnapshotBoard board() {
        return local.board();
    }

    /// Who follows the database's own log.
    SessionKeeper keeper() {
        return local;
    }

    RemoteSources remotes() {
        return remotes;
    }

    /// The running session of the database's own log, or null while none runs.
    @Nullable
    Session session() {
        return local.session();
    }

    @Nullable
    String lastError() {
        return local.lastError();
    }

    /// Something may have changed: the extension was created, a mirror registered.
    void wake() {
        local.wake();
        remotes.wake();
    }

    /// The newest snapshot of all mirrors, without waiting. The caller unpins.
    SnapshotBoard.Snapshot newest() {
        SnapshotBoard.Snapshot own = pinned(local);
        return remotes.isEmpty() ? own : joined(own, newestOfRemotes(Map.of()));
    }

    /// Waits until the newest snapshot has reached `target` and shows all the given mirrors, and
    /// pins it. The caller unpins. Without a target it also takes a mirror's last rows while that
    /// is copied anew. A remote source is waited for up to where it is now; its mirrors are as of
    /// its own log, which has no order with ours.
    SnapshotBoard.Snapshot pin(Lsn target, List<Translation.MirrorUse> wanted, Wait wait) throws InterruptedException {
        awaitRegistry(wait);
        return needsRemotes(wanted) ? pinAll(target, wanted, wait) : local.pin(target, wanted, wait);
    }

    /// The same, with the newest of all other mirrors besides, for a transaction that may go on to read those.
    SnapshotBoard.Snapshot pinAll(Lsn target, List<Translation.MirrorUse> wanted, Wait wait)
            throws InterruptedException {
        awaitRegistry(wait);
        if (remotes.isEmpty()) {
            return local.pin(target, wanted, wait);
        }
        // With the log applied up to the target, every mirror that the reader can name is known.
        SnapshotBoard.unpin(local.pin(target, List.of(), wait));
        remotes.awaitSettled(wait);
        List<Translation.MirrorUse> own = new ArrayList<>();
        Map<RemoteSource, List<Translation.MirrorUse>> theirs = new HashMap<>();
        for (Translation.MirrorUse use : wanted) {
            RemoteSource source = remotes.of(use.relation());
            if (source == null) {
                own.add(use);
            } else {
                theirs.computeIfAbsent(source, _ -> new ArrayList<>()).add(use);
            }
        }
        Map<RemoteSource, SnapshotBoard.Snapshot> pins = new HashMap<>();
        boolean complete = false;
        try {
            for (Map.Entry<RemoteSource, List<Translation.MirrorUse>> each : theirs.entrySet()) {
                pins.put(each.getKey(), each.getKey().pin(!target.isNone(), each.getValue(), wait));
            }
            SnapshotBoard.Snapshot snapshot = local.pin(target, own, wait);
            complete = true;
            return joined(snapshot, newestOfRemotes(pins));
        } finally {
            if (!complete) {
                pins.values().forEach(SnapshotBoard::unpin);
            }
        }
    }

    /// Before the first session nobody knows whether there are remote sources.
    private void awaitRegistry(Wait wait) throws InterruptedException {
        if (!remotes.areAnnounced()) {
            local.awaitSession(wait);
        }
    }

    /// Only mirrors of the database's own log are known to its session.
    private boolean needsRemotes(List<Translation.MirrorUse> wanted) {
        if (remotes.isEmpty()) {
            return false;
        }
        Session running = local.session();
        return running == null
                || wanted.stream().anyMatch(use -> running.mirrors().find(use.relation()) == null);
    }

    private static SnapshotBoard.Snapshot pinned(SessionKeeper keeper) {
        SnapshotBoard.Snapshot snapshot = keeper.board().tryPin(Lsn.NONE);
        if (snapshot == null) {
            throw new IllegalStateException("every snapshot reaches no LSN");
        }
        return snapshot;
    }

    private Map<RemoteSource, SnapshotBoard.Snapshot> newestOfRemotes(Map<RemoteSource, SnapshotBoard.Snapshot> pins) {
        Map<RemoteSource, SnapshotBoard.Snapshot> all = new HashMap<>(pins);
        for (RemoteSource source : remotes.all()) {
            all.computeIfAbsent(source, each -> pinned(each.keeper()));
        }
        return all;
    }

    /// One snapshot of all; uses up the holds of the parts.
    private SnapshotBoard.Snapshot joined(
            SnapshotBoard.Snapshot own, Map<RemoteSource, SnapshotBoard.Snapshot> others) {
        Map<Integer, ViewSet.Shown> shown = new HashMap<>();
        others.forEach((source, snapshot) -> {
            for (int mirror : source.mirrors()) {
                ViewSet.Shown one = snapshot.views().shown(mirror);
                if (one != null) {
                    shown.put(mirror, one.retained(one.stale()));
                }
            }
        });
        if (shown.isEmpty()) {
            others.values().forEach(SnapshotBoard::unpin);
            return own;
        }
        ViewSet views = own.views().with(shown, java.util.Set.of());
        others.values().forEach(SnapshotBoard::unpin);
        SnapshotBoard.unpin(own);
        return new SnapshotBoard.Snapshot(own.lsn(), views);
    }

    /// Commits a mirror to Iceberg at or after `lsn`, or where its remote source is now, and waits
    /// for it; the LSN that became durable.
    Lsn commitSnapshot(int mirror, Lsn lsn, Wait wait) throws InterruptedException {
        List<Translation.MirrorUse> wanted = List.of(new Translation.MirrorUse(mirror, List.of()));
        SnapshotBoard.unpin(pin(lsn, wanted, wait));
        RemoteSource source = remotes.of(mirror);
        if (source == null) {
            return local.awaitSession(wait).jobs().commitSnapshot(mirror, lsn, wait);
        }
        SnapshotBoard.Snapshot newest = source.pin(true, wanted, wait);
        SnapshotBoard.unpin(newest);
        return source.keeper().awaitSession(wait).jobs().commitSnapshot(mirror, newest.lsn(), wait);
    }

    @Override
    public void close() {
        remotes.close();
        local.close();
    }
}
