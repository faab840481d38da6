package mooncake.server;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.query.translate.Translation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a [Session] of one source running and starts the next when one ends.
///
/// The board outlives sessions: while a new one starts, queries that ask for no newer LSN still
/// read what was published last.
final class SessionKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SessionKeeper.class);

    /// Makes the next session for the board.
    @FunctionalInterface
    interface Sessions {
        Session next(SnapshotBoard board) throws Exception;
    }

    private static final long RETRY_FIRST_MILLIS = 100;
    private static final long RETRY_LAST_MILLIS = 10_000;
    private static final long WAKE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String RESYNC = "CALL mooncake.resync copies it anew.";

    private final String name;
    private final Sessions sessions;
    private final Runnable opened;
    private final SnapshotBoard board = new SnapshotBoard();
    private final Thread keeper;
    private final Object signal = new Object();
    private final AtomicLong lastWake = new AtomicLong(System.nanoTime() - WAKE_PAUSE_NANOS);
    private boolean woken;
    private volatile @Nullable Session session;
    private volatile @Nullable String lastError;
    private volatile boolean closed;

    /// @param name of what is followed, for messages
    /// @param opened told when a session has opened, before it is shown, and when there is nothing to follow
    SessionKeeper(String name, Sessions sessions, Runnable opened) {
        this.name = name;
        this.sessions = sessions;
        this.opened = opened;
        this.keeper = Thread.ofPlatform().name(name).unstarted(this::keepRunning);
    }

    void start() {
        keeper.start();
    }

    String name() {
        return name;
    }

    SnapshotBoard board() {
        return board;
    }

    /// The running session, or null while none runs.
    @Nullable
    Session session() {
        return session;
    }

    @Nullable
    String lastError() {
        Session running = session;
        String own = running == null ? null : running.lastError();
        return own == null ? lastError : own;
    }

    /// Something may have changed: the extension was created, a mirror registered.
    void wake() {
        synchronized (signal) {
            woken = true;
            signal.notifyAll();
        }
    }

    /// Whoever waits for a session wants it tried at once, but not over and over.
    private void wakeNowAndThen() {
        long now = System.nanoTime();
        long last = lastWake.get();
        if (now - last > WAKE_PAUSE_NANOS && lastWake.compareAndSet(last, now)) {
            wake();
        }
    }

    private void keepRunning() {
        long pause = RETRY_FIRST_MILLIS;
        while (!closed) {
            Session.End end = runOnce();
            if (closed) {
                return;
            }
            switch (end) {
                case Session.End.Extensionless _ -> {
                    lastError = null;
                    pause = awaitWake(Math.min(pause * 2, RETRY_LAST_MILLIS));
                }
                case Session.End.Broken(String error, boolean hadWorked) -> {
                    lastError = error;
                    pause = awaitWake(hadWorked ? RETRY_FIRST_MILLIS : Math.min(pause * 2, RETRY_LAST_MILLIS));
                }
            }
        }
    }

    private Session.End runOnce() {
        try (Session next = sessions.next(board)) {
            if (!next.open()) {
                opened.run();
                return new Session.End.Extensionless();
            }
            opened.run();
            session = next;
            lastError = null;
            board.wake();
            return next.awaitEnd();
        } catch (InterruptedException e) {
            return new Session.End.Broken("the engine stops", false);
        } catch (Throwable e) {
            // Whatever it is: this thread is the only one that starts the next session.
            if (!closed) {
                log.error("source=\"{}\" cannot be followed: {}", name, e.getMessage(), e);
            }
            return new Session.End.Broken(String.valueOf(e.getMessage()), false);
        } finally {
            session = null;
        }
    }

    /// Waits for a wake-up or at most `millis`; returns the pause to grow from.
    private long awaitWake(long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (signal) {
            while (!woken && !closed) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return millis;
                }
                try {
                    signal.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                } catch (InterruptedException e) {
                    return millis;
                }
            }
            woken = false;
            return RETRY_FIRST_MILLIS;
        }
    }

    /// The running session; waits for one to start.
    Session awaitSession(Wait wait) throws InterruptedException {
        Pauses pauses = wait.pauses();
        while (true) {
            SnapshotBoard.Snapshot seen = board.current();
            Session running = session;
            if (running != null) {
                return running;
            }
            wait.checkCancelled();
            if (wait.isOver()) {
                String error = lastError;
                throw wait.timeout(name + " to be followed" + (error == null ? "" : " (" + error + ")"));
            }
            wakeNowAndThen();
            board.awaitOther(seen, pauses.next(), () -> {});
        }
    }

    /// Waits until the newest snapshot has reached `target` and shows all the given mirrors, and
    /// pins it. The caller unpins. Without a target it also takes a mirror's last rows while that
    /// is copied anew.
    SnapshotBoard.Snapshot pin(Lsn target, List<Translation.MirrorUse> wanted, Wait wait) throws InterruptedException {
        Pauses pauses = wait.pauses();
        while (true) {
            SnapshotBoard.Snapshot seen = board.current();
            SnapshotBoard.Snapshot snapshot = board.tryPin(target);
            String missing = "the log to be applied up to " + target + " (now at " + seen.lsn() + ")";
            if (snapshot != null) {
                Integer absent = firstAbsent(snapshot, wanted, target.isNone());
                if (absent == null) {
                    return snapshot;
                }
                SnapshotBoard.unpin(snapshot);
                missing = explainAbsence(absent);
            }
            wait.checkCancelled();
            if (wait.isOver()) {
                String error = lastError();
                throw wait.timeout(missing + (error == null ? "" : "; last error: " + error));
            }
            // The log's sender tells by itself of commits only, not that there was none up to the target.
            Session running = awaitSession(wait);
            if (snapshot == null) {
                board.awaitLsn(target, pauses.next(), running::requestProgress);
            } else {
                board.awaitOther(seen, pauses.next(), running::requestProgress);
            }
        }
    }

    /// What was published last, without waiting, if it shows all of these; the caller unpins.
    SnapshotBoard.@Nullable Snapshot tryPin(List<Translation.MirrorUse> wanted) {
        SnapshotBoard.Snapshot snapshot = board.tryPin(Lsn.NONE);
        if (snapshot != null && firstAbsent(snapshot, wanted, true) != null) {
            SnapshotBoard.unpin(snapshot);
            return null;
        }
        return snapshot;
    }

    private static @Nullable Integer firstAbsent(
            SnapshotBoard.Snapshot snapshot, List<Translation.MirrorUse> wanted, boolean alsoStale) {
        for (Translation.MirrorUse use : wanted) {
            ViewSet.Shown shown = snapshot.views().shown(use.relation());
            if (shown == null || (shown.stale() && !alsoStale) || !ViewColumns.has(shown.view(), use.columns())) {
                return use.relation();
            }
        }
        return null;
    }

    /// Says what a mirror is waiting for; throws when waiting is of no use.
    private String explainAbsence(int mirror) {
        Session running = session;
        if (running == null) {
            return name + " to be followed";
        }
        MirrorPipeline pipeline = running.mirrors().find(mirror);
        if (pipeline == null) {
            throw new MooncakeException(
                    ErrorCode.UNKNOWN_MIRROR,
                    "table with OID " + Integer.toUnsignedLong(mirror) + " is not a registered mirror",
                    "Mirrors are made by mooncake.create_table, and can be read once that is committed.",
                    null);
        }
        return switch (pipeline.state()) {
            case MirrorState.Failed(MooncakeException cause) ->
                throw new MooncakeException(
                        ErrorCode.MIRROR_FAILED,
                        "mirror " + pipeline.displayName() + " has failed: " + cause.text(),
                        cause.hint() == null ? RESYNC : cause.hint(),
                        cause);
            case MirrorState.Dropped _ ->
                throw new MooncakeException(
                        ErrorCode.UNKNOWN_MIRROR, "mirror " + pipeline.displayName() + " has been dropped");
            case MirrorState.Copying _, MirrorState.Broken _ -> "the copy of mirror " + pipeline.displayName();
            case MirrorState.CatchingUp _, MirrorState.Live _ ->
                "mirror " + pipeline.displayName() + " to catch up with its source";
        };
    }

    @Override
    public void close() {
        closed = true;
        wake();
        Session running = session;
        if (running != null) {
            running.stop();
        }
        keeper.interrupt();
        try {
            keeper.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
