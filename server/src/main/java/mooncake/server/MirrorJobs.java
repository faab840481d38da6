package mooncake.server;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import mooncake.lake.LakeTable;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;

/// What runs beside a session's stream: copies, flushes and the removal of dropped mirrors. All methods are called
/// under the session's lock unless they say otherwise.
final class MirrorJobs {
    private static final long POLL_MILLIS = 50;
    private static final long END_SECONDS_MAX = 60;
    private static final long COPY_RETRY_MILLIS = 2_000;

    private final Session session;
    private final MirrorSet mirrors;
    private final StreamPosition position;
    private final Condition flushed;
    private final Map<MirrorPipeline, MirrorFlusher> flushers = new HashMap<>();
    private final Map<MirrorPipeline, MirrorCopier> copiers = new HashMap<>();
    private final LeavingNames leaving = new LeavingNames();

    MirrorJobs(Session session, MirrorSet mirrors, StreamPosition position) {
        this.session = session;
        this.mirrors = mirrors;
        this.position = position;
        this.flushed = session.lock().newCondition();
    }

    private MirrorFlusher flusher(MirrorPipeline pipeline) {
        return flushers.computeIfAbsent(
                pipeline,
                each -> new MirrorFlusher(
                        session, each, position, session.resources().settings()));
    }

    void considerFlushes() {
        mirrors.all().forEach(pipeline -> flusher(pipeline).consider());
    }

    /// Whether rows of this mirror are on their way to the lake or wait for another try.
    boolean flushing(MirrorPipeline pipeline) {
        return flusher(pipeline).busy();
    }

    /// Any thread. Waits while in-memory rows have no room and a flush is under way or will be tried again.
    void awaitMemory() throws InterruptedException {
        if (!session.resources().rowMemory().isTight()) {
            return;
        }
        session.lock().lock();
        try {
            considerFlushes();
            while (!session.isClosed()
                    && session.resources().rowMemory().isTight()
                    && flushers.values().stream().anyMatch(MirrorFlusher::busy)) {
                flushed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
                considerFlushes();
            }
        } finally {
            session.lock().unlock();
        }
    }

    void flushEnded(MirrorPipeline pipeline) {
        flushed.signalAll();
        switch (pipeline.state()) {
            case MirrorState.Dropped _ -> discard(pipeline);
            case MirrorState.Failed _ -> releaseFailed(pipeline);
            case MirrorState.Copying _, MirrorState.CatchingUp _, MirrorState.Live _ -> {}
        }
        session.confirm();
    }

    /// Any thread. Commits the mirror to Iceberg at or after `lsn` and waits for it; the LSN that became durable.
    Lsn commitSnapshot(int mirror, Lsn lsn, Wait wait) throws InterruptedException {
        session.lock().lock();
        try {
            while (true) {
                MirrorPipeline pipeline = mirrors.find(mirror);
                if (pipeline == null || session.isClosed()) {
                    throw new MooncakeException(ErrorCode.UNKNOWN_MIRROR, "the mirror is not followed any more");
                }
                if (!pipeline.committed().isNone() && pipeline.committed().reaches(lsn)) {
                    return pipeline.committed();
                }
                wait.checkCancelled();
                if (wait.isOver()) {
                    String error = pipeline.lastError();
                    throw wait.timeout("an Iceberg commit of mirror " + pipeline.displayName()
                            + (error == null ? "" : "; last error: " + error));
                }
                flusher(pipeline).want(lsn);
                flusher(pipeline).consider();
                flushed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        } finally {
            session.lock().unlock();
        }
    }

    ChangeQueue newChangeQueue() {
        return new ChangeQueue(session.resources().scratch());
    }

    void startCopy(MirrorPipeline pipeline) {
        MirrorCopier copier =
                new MirrorCopier(session, pipeline, session.resources().settings());
        copiers.put(pipeline, copier);
        Thread.ofPlatform()
                .name("copy-" + Integer.toUnsignedString(pipeline.mirror()))
                .start(copier);
    }

    void retryCopy(MirrorPipeline pipeline) {
        CompletableFuture.delayedExecutor(
                        COPY_RETRY_MILLIS,
                        TimeUnit.MILLISECONDS,
                        session.resources().work())
                .execute(() -> {
                    session.lock().lock();
                    try {
                        if (!session.isClosed() && pipeline.state() instanceof MirrorState.Copying) {
                            startCopy(pipeline);
                        }
                    } finally {
                        session.lock().unlock();
                    }
                });
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
            copiers.remove(pipeline);
            flushed.signalAll();
            if (pipeline.state() instanceof MirrorState.Dropped) {
                discard(pipeline);
            }
        } finally {
            session.lock().unlock();
        }
    }

    /// Any thread. A new, empty Iceberg table; waits until a dropped mirror of the same name is gone for good.
    LakeTable createLakeTable(Registration registration, BooleanSupplier cancelled) throws InterruptedException {
        session.lock().lock();
        try {
            while (leaving.contains(registration.qualifiedName()) && !session.isClosed() && !cancelled.getAsBoolean()) {
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

    /// A failed mirror's rows are of no use any more; a copy lets go of them itself.
    void releaseFailed(MirrorPipeline pipeline) {
        if (!copiers.containsKey(pipeline) && !flusher(pipeline).running()) {
            pipeline.close();
        }
    }

    /// Removes a dropped mirror's files once no background job works on it and no reader holds them. Its name is not
    /// used again before that.
    void discard(MirrorPipeline pipeline) {
        leaving.add(pipeline);
        MirrorCopier copier = copiers.get(pipeline);
        if (copier != null) {
            copier.cancel();
            flushed.signalAll();
            return;
        }
        if (flusher(pipeline).running()) {
            return;
        }
        flushers.remove(pipeline);
        Registration registration = pipeline.registration();
        boolean hasFiles = pipeline.location() != null;
        pipeline.close();
        if (hasFiles && registration != null) {
            pipeline.lease()
                    .onFree(() -> session.resources().work().execute(() -> {
                        session.tables().drop(registration);
                        left(pipeline);
                    }));
        } else {
            leaving.remove(pipeline);
            flushed.signalAll();
        }
        pipeline.lease().release();
    }

    private void left(MirrorPipeline pipeline) {
        session.lock().lock();
        try {
            leaving.remove(pipeline);
            flushed.signalAll();
        } finally {
            session.lock().unlock();
        }
    }

    /// Ends all jobs: they read memory that closing frees.
    void end() {
        copiers.values().forEach(MirrorCopier::cancel);
        flushed.signalAll();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS_MAX);
        while (flushers.values().stream().anyMatch(MirrorFlusher::running) || !copiers.isEmpty()) {
            try {
                if (System.nanoTime() - deadline > 0 || !flushed.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    Check.that(System.nanoTime() - deadline <= 0, "%d jobs do not end", copiers.size());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
