package mooncake.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.query.translate.Translation;
import mooncake.source.remote.RemotePublication;
import mooncake.source.replication.Slots;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One remote source of one database: a session that follows it, a board of its own, and a thread that keeps the
/// session's mirrors as the registry has them and looks after the source.
final class RemoteSource implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RemoteSource.class);

    /// How often the source's definition is looked at when nothing tells of a change.
    private static final long CHECK_SECONDS = 30;

    private static final long RETRY_MILLIS = 1_000;
    private static final long SESSION_POLL_MILLIS = 50;

    /// How long readers may hold a dropped mirror's files before they are left to the next start.
    private static final Duration FILES_DROP_MAX = Duration.ofSeconds(5);

    private static final long FILES_POLL_MILLIS = 20;
    private static final Duration SLOT_DROP_MAX = Duration.ofSeconds(30);

    private final Followed followed;
    private final SessionKeeper keeper;
    private final RemoteClock clock;
    private final Signal signal = new Signal();
    private final Thread watcher;
    private volatile Set<Integer> mirrors = Set.of();
    private volatile boolean closed;

    RemoteSource(Followed followed, SessionResources resources, Path notes) {
        this.followed = followed;
        this.clock = new RemoteClock(followed.source());
        RemoteSide side = new RemoteSide(followed, notes);
        this.keeper = new SessionKeeper(
                "source " + followed.displayName(),
                board -> new Session(followed, resources, board, _ -> signal.raise(), side),
                signal::raise);
        this.watcher = Thread.ofPlatform()
                .name("watch " + followed.displayName())
                .daemon()
                .unstarted(() -> watch(side));
    }

    void start() {
        keeper.start();
        watcher.start();
    }

    SessionKeeper keeper() {
        return keeper;
    }

    Set<Integer> mirrors() {
        return mirrors;
    }

    /// The registry has changed.
    void registered(Set<Integer> nowRegistered) {
        mirrors = Set.copyOf(nowRegistered);
        signal.raise();
    }

    /// Waits for what the reader asks for, and pins it.
    ///
    /// @param strict whether everything that was committed there before counts
    SnapshotBoard.Snapshot pin(boolean strict, List<Translation.MirrorUse> wanted, Wait wait)
            throws InterruptedException {
        SnapshotBoard.Snapshot last = strict ? null : keeper.tryPin(wanted);
        if (last != null) {
            return last;
        }
        awaitKnown(wanted, wait);
        return keeper.pin(strict ? now(wait) : Lsn.NONE, wanted, wait);
    }

    private void awaitKnown(List<Translation.MirrorUse> wanted, Wait wait) throws InterruptedException {
        while (true) {
            Session session = keeper.awaitSession(wait);
            if (wanted.stream().allMatch(use -> session.mirrors().find(use.relation()) != null)) {
                return;
            }
            pause("the mirrors of " + keeper.name() + " to be known", wait);
        }
    }

    private Lsn now(Wait wait) throws InterruptedException {
        while (true) {
            try {
                return clock.now();
            } catch (MooncakeException e) {
                pause(keeper.name() + " to answer (" + e.text() + ")", wait);
            }
        }
    }

    private void pause(String what, Wait wait) throws InterruptedException {
        wait.checkCancelled();
        if (wait.isOver()) {
            throw wait.timeout(what);
        }
        keeper.board().awaitOther(keeper.board().current(), Pauses.LAST_NANOS, () -> {});
    }

    private void watch(RemoteSide side) {
        while (!closed) {
            try {
                signal.await(CHECK_SECONDS * 1_000);
                Session session = keeper.session();
                if (session != null && !closed) {
                    reconcile(session, side);
                } else {
                    signal.raiseAfter(SESSION_POLL_MILLIS);
                }
            } catch (InterruptedException e) {
                return;
            } catch (SQLException | RuntimeException e) {
                log.warn("source=\"{}\" not looked after yet: {}", followed.displayName(), e.getMessage());
                signal.raiseAfter(RETRY_MILLIS);
            }
        }
    }

    private void reconcile(Session session, RemoteSide side) throws SQLException {
        try (Connection home = session.connectHome();
                Connection source = session.connectSource()) {
            List<Registration> wanted = side.registrations(home, source, session.types());
            session.lock().lock();
            try {
                if (session.isClosed()) {
                    return;
                }
                apply(session, wanted);
            } finally {
                session.lock().unlock();
            }
            Set<Integer> sources = new HashSet<>();
            wanted.forEach(each -> sources.add(each.source()));
            for (int member : RemotePublication.members(source, followed.publication())) {
                if (!sources.contains(member)) {
                    RemotePublication.withdraw(source, followed.publication(), member);
                }
            }
            for (Registration each : wanted) {
                check(session, side, home, source, each);
            }
        }
    }

    /// A mirror that cannot go on is told so and does not hinder the others.
    private static void check(
            Session session, RemoteSide side, Connection home, Connection source, Registration registration)
            throws SQLException {
        try {
            side.check(home, source, registration);
        } catch (MooncakeException e) {
            session.lock().lock();
            try {
                MirrorPipeline pipeline = session.mirrors().find(registration.mirror());
                if (pipeline != null && e.code().kind() != mooncake.model.ErrorCode.Kind.EXTERNAL) {
                    session.failures().failed(pipeline, e);
                } else {
                    log.warn("mirror={} source not checked: {}", registration.qualifiedName(), e.text());
                }
            } finally {
                session.lock().unlock();
            }
        }
    }

    /// Brings the session's mirrors to what is registered.
    private static void apply(Session session, List<Registration> wanted) {
        Map<Integer, Registration> byMirror = new HashMap<>();
        wanted.forEach(each -> byMirror.put(each.mirror(), each));
        for (MirrorPipeline pipeline : List.copyOf(session.mirrors().all())) {
            if (!byMirror.containsKey(pipeline.mirror())) {
                pipeline.drop();
                session.mirrors().remove(pipeline);
                session.jobs().departures().begin(pipeline);
            }
        }
        for (Registration each : wanted) {
            MirrorPipeline pipeline = session.mirrors().find(each.mirror());
            if (pipeline == null) {
                MirrorPipeline added = session.newPipeline(each.mirror(), each.source(), each.resync());
                session.mirrors().add(added);
                session.jobs().startCopy(added);
            } else if (each.resync() > pipeline.resync()) {
                session.jobs()
                        .departures()
                        .replace(pipeline, each.source(), each.resync())
                        .run();
            }
        }
        session.publishIfBetween();
    }

    /// Removes the mirrors' files and what was made on the remote; throws while that is not possible.
    void undo() throws SQLException {
        discardAll();
        close();
        try (Connection source = Connections.open(followed.source())) {
            Slots.dropActive(source, followed.slot(), SLOT_DROP_MAX);
            RemotePublication.drop(source, followed.publication());
        }
    }

    private void discardAll() throws SQLException {
        Session session = keeper.session();
        if (session == null) {
            return;
        }
        session.lock().lock();
        try {
            if (!session.isClosed()) {
                apply(session, List.of());
            }
        } finally {
            session.lock().unlock();
        }
        long deadline = System.nanoTime() + FILES_DROP_MAX.toNanos();
        try (Connection home = session.connectHome()) {
            while (System.nanoTime() - deadline < 0 && hasFilesWithoutMirror(home)) {
                Thread.sleep(FILES_POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean hasFilesWithoutMirror(Connection home) throws SQLException {
        if (!Connections.hasExtension(home)) {
            return false;
        }
        Set<List<String>> known = new HashSet<>(RegistryReader.names(home));
        return RegistryReader.catalogued(home).stream()
                .anyMatch(table -> !known.contains(List.of(table.namespace(), table.name())));
    }

    boolean isClosed() {
        return closed;
    }

    @Nullable
    String lastError() {
        return keeper.lastError();
    }

    Followed followed() {
        return followed;
    }

    @Override
    public void close() {
        closed = true;
        watcher.interrupt();
        keeper.close();
        clock.close();
    }
}
