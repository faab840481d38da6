package mooncake.server;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import mooncake.lake.LakeTable;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;

/// What runs beside a session's stream: copies, flushes and merges. All methods are called under the session's lock
/// unless they say otherwise.
final class MirrorJobs {
    private static final long POLL_MILLIS = 50;
    private static final long END_SECONDS_MAX = 60;

    private final Session session;
    private final MirrorSet mirrors;
    private final StreamPosition position;
    private final Condition flushed;
    private final Map<MirrorPipeline, MirrorFlusher> flushers = new HashMap<>();
    private final CopyJobs copies;
    private final Compactor compactor;
    private final Departures departures;

    MirrorJobs(Session session, MirrorSet mirrors, StreamPosition position) {
        this.session = session;
        this.mirrors = mirrors;
        this.position = position;
        this.flushed = session.lock().newCondition();
        this.copies = new CopyJobs(session);
        this.compactor = new Compactor(session, position);
        this.departures = new Departures(session, mirrors, this);
    }

    private MirrorFlusher flusher(MirrorPipeline pipeline) {
        return flushers.computeIfAbsent(
                pipeline,
                each -> new MirrorFlusher(
                        session, each, position, session.resources().settings()));
    }

    /// The mirrors that leave, and their files.
    Departures departures() {
        return departures;
    }

    /// Whether a flush or merge reads the mirror's rows.
    private boolean isBusy(MirrorPipeline pipeline) {
        MirrorFlusher flusher = flushers.get(pipeline);
        return (flusher != null && flusher.running()) || compactor.isRunning(pipeline);
    }

    /// Looks at the mirrors that changed since the last look.
    void considerChanged() {
        if (session.resources().rowMemory().isTight()) {
            considerActive();
        } else {
            for (MirrorPipeline pipeline : mirrors.takeUnconsidered()) {
                flusher(pipeline).consider();
            }
        }
    }

    /// Looks at every mirror that has anything to flush or to confirm, and forgets those that have
    /// not.
    void considerActive() {
        mirrors.takeUnconsidered();
        for (Iterator<MirrorPipeline> all = mirrors.active().iterator(); all.hasNext(); ) {
            MirrorPipeline pipeline = all.next();
            MirrorFlusher flusher = flusher(pipeline);
            flusher.consider();
            if (!flusher.busy() && !pipeline.needsAttention()) {
                all.remove();
                flushers.remove(pipeline);
            }
        }
    }

    /// The slot may be advanced to here as far as the mirrors are concerned, at most `applied`.
    Lsn safeToConfirm(Lsn applied) {
        Lsn safe = applied;
        for (MirrorPipeline pipeline : mirrors.active()) {
            Lsn own = pipeline.safeToConfirm(flusher(pipeline).busy());
            if (own != null) {
                safe = Lsn.min(safe, own);
            }
        }
        return safe;
    }

    /// Any thread. Waits while in-memory rows have no room and a flush is under way or will be
    /// tried again.
    void awaitMemory() throws InterruptedException {
        if (!session.resources().rowMemory().isTight()) {
            return;
        }
        session.lock().lock();
        try {
            considerActive();
            while (!session.isClosed()
                    && session.resources().rowMemory().isTight()
                    && flushers.values().stream().anyMatch(MirrorFlusher::busy)) {
                flushed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
                considerActive();
            }
        } finally {
            session.lock().unlock();
        }
    }

    void flushEnded(MirrorPipeline pipeline) {
        backgroundEnded(pipeline);
        compactor.consider(pipeline);
        session.confirm();
    }

    /// A flush, merge or copy has let go of the mirror's rows.
    void backgroundEnded(MirrorPipeline pipeline) {
        signal();
        switch (pipeline.state()) {
            case MirrorState.Dropped _ -> departures.proceed(pipeline);
            case MirrorState.Failed _, MirrorState.Broken _ -> releaseStopped(pipeline);
            case MirrorState.Copying _, MirrorState.CatchingUp _, MirrorState.Live _ -> {}
        }
    }

    /// Any thread. Commits the mirror to Iceberg at or after `lsn` and waits for it; the LSN that
    /// became durable.
    Lsn commitSnapshot(int mirror, Lsn lsn, Wait wait) throws InterruptedException {
        session.lock().lock();
        try {
            MirrorPipeline asked = null;
            while (true) {
                MirrorPipeline pipeline = mirrors.find(mirror);
                if (pipeline == null || session.isClosed()) {
                    throw new MooncakeException(ErrorCode.UNKNOWN_MIRROR, "the mirror is not followed any more");
                }
                Lsn committed = pipeline.durability().committed();
                if (!committed.isNone() && committed.reaches(lsn)) {
                    return committed;
                }
                wait.checkCancelled();
                if (wait.isOver()) {
                    String error = pipeline.lastError();
                    throw wait.timeout("an Iceberg commit of mirror " + pipeline.displayName()
                            + (error == null ? "" : "; last error: " + error));
                }
                mirrors.active().add(pipeline);
                MirrorFlusher flusher = flusher(pipeline);
                flusher.want(lsn);
                if (asked != pipeline) {
                    asked = pipeline;
                    flusher.endPause();
                }
                flusher.consider();
                flushed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        } finally {
            session.lock().unlock();
        }
    }

    void startCopy(MirrorPipeline pipeline) {
        copies.start(pipeline);
    }

    void retryCopy(MirrorPipeline pipeline) {
        copies.retry(pipeline);
    }

    /// The applier has taken over from the copier.
    void handedOver(MirrorPipeline pipeline) {
        if (pipeline.becomeLiveIfCaughtUp() && !position.inTransaction()) {
            session.publisher().publish();
        }
        flusher(pipeline).consider();
    }

    /// Any thread.
    void copyEnded(MirrorPipeline pipeline) {
        session.lock().lock();
        try {
            copies.ended(pipeline);
            backgroundEnded(pipeline);
        } finally {
            session.lock().unlock();
        }
    }

    /// Any thread. A new, empty Iceberg table; waits until what had the same name before is gone
    /// for good.
    LakeTable createLakeTable(Registration registration, BooleanSupplier cancelled) throws InterruptedException {
        session.lock().lock();
        try {
            while (departures.occupies(registration.qualifiedName())
                    && !session.isClosed()
                    && !cancelled.getAsBoolean()) {
                flushed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
            if (session.isClosed() || cancelled.getAsBoolean()) {
                throw new CancellationException("the mirror was dropped");
            }
        } finally {
            session.lock().unlock();
        }
        return session.tables().newLakeTable(registration);
    }

    /// The rows of a mirror that has stopped are of no use any more; a copy lets go of them itself.
    void releaseStopped(MirrorPipeline pipeline) {
        if (!copies.isRunning(pipeline) && !isBusy(pipeline)) {
            pipeline.close();
        }
    }

    /// Ends a leaving mirror's jobs; whether one still works on it, which will say when it has ended.
    boolean endFor(MirrorPipeline pipeline) {
        if (copies.cancel(pipeline)) {
            signal();
            return true;
        }
        if (isBusy(pipeline)) {
            return true;
        }
        flushers.remove(pipeline);
        return false;
    }

    /// What a mirror showed before it is copied anew has another shape: nobody sees it any more.
    void hideOld(MirrorPipeline pipeline) {
        pipeline.showOld(false);
        if (!position.inTransaction()) {
            session.publisher().publish();
        }
    }

    /// Something that a waiting thread may wait for has changed.
    void signal() {
        flushed.signalAll();
    }

    /// Ends all jobs: they read memory that closing frees.
    void end() {
        copies.cancelAll();
        flushed.signalAll();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS_MAX);
        while (flushers.values().stream().anyMatch(MirrorFlusher::running)
                || copies.anyRunning()
                || compactor.anyRunning()) {
            try {
                if (System.nanoTime() - deadline > 0 || !flushed.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    Check.that(System.nanoTime() - deadline <= 0, "jobs do not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
