package mooncake.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mooncake.mirror.Seal;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView.FileView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns one mirror's in-memory rows into files and Iceberg commits, one cycle at a time.
///
/// A cycle seals the table under the session's lock, writes the sealed rows on a worker, swaps them
/// for the file under the lock, and, when the seal was made between transactions, commits the
/// sealed picture with that LSN. A failure keeps everything in memory and is tried again with
/// growing pauses.
final class MirrorFlusher {
    private static final Logger log = LoggerFactory.getLogger(MirrorFlusher.class);
    private static final long RETRY_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long RETRY_LAST_NANOS = TimeUnit.SECONDS.toNanos(15);

    /// A sealed picture on its way to disk, of a mirror as it was then; `boundary` is `NONE` when
    /// it was made inside a transaction.
    private record Cycle(Seal seal, Lsn boundary, Registration mirror) {}

    private final Session session;
    private final MirrorPipeline pipeline;
    private final StreamPosition position;
    private final EngineSettings settings;
    private boolean running;
    private @Nullable Cycle unfinished;
    private Lsn wanted = Lsn.NONE;
    private volatile boolean commitFailed;
    private long pauseNanos = RETRY_FIRST_NANOS;
    private long notBefore = System.nanoTime();

    MirrorFlusher(Session session, MirrorPipeline pipeline, StreamPosition position, EngineSettings settings) {
        this.session = session;
        this.pipeline = pipeline;
        this.position = position;
        this.settings = settings;
    }

    /// Whether something is on its way to the lake or waits for another try.
    boolean busy() {
        return running || unfinished != null;
    }

    boolean running() {
        return running;
    }

    /// Asks for an Iceberg commit at or after `lsn`.
    void want(Lsn lsn) {
        wanted = Lsn.max(wanted, lsn);
    }

    /// Someone waits: the next try is due now, the pauses after it grow as before.
    void endPause() {
        notBefore = System.nanoTime();
    }

    /// Starts a cycle when there is a reason. Under the session's lock.
    void consider() {
        if (running || session.isClosed() || !pipeline.isFollowing() || System.nanoTime() - notBefore < 0) {
            return;
        }
        Cycle cycle = unfinished;
        if (cycle == null) {
            boolean mayCommit = pipeline.isLive() && !position.inTransaction();
            if (!isFull() && !(mayCommit && isDue())) {
                return;
            }
            Lsn boundary = mayCommit ? position.applied() : Lsn.NONE;
            cycle = new Cycle(pipeline.table().seal(), boundary, pipeline.registered());
            if (mayCommit) {
                pipeline.durability().sealed();
                pipeline.durability().commitBegins(boundary);
            }
            unfinished = cycle;
        }
        running = true;
        Cycle next = cycle;
        session.resources().work().execute(() -> run(next));
    }

    private boolean isFull() {
        return pipeline.table().unsealedRows() >= settings.flushRows()
                || pipeline.table().unsealedBytes() >= settings.flushBytes()
                || (session.resources().rowMemory().isTight()
                        && pipeline.table().unsealedRows() > 0);
    }

    private boolean isDue() {
        Durability durability = pipeline.durability();
        boolean asked = !wanted.isNone() && !durability.committed().reaches(wanted);
        boolean firstCommit = durability.committed().isNone();
        boolean old = durability.pending()
                && durability.ageNanos() >= TimeUnit.MILLISECONDS.toNanos(settings.flushIntervalMillis());
        return asked || firstCommit || old || commitFailed;
    }

    private void run(Cycle cycle) {
        try {
            flush(cycle);
            finished(null);
        } catch (MooncakeException e) {
            finished(e);
        } catch (Throwable e) {
            log.error("mirror={} flush", pipeline.displayName(), e);
            finished(new MooncakeException(ErrorCode.STORAGE_FAILED, "flushing failed: " + e, e));
        }
    }

    private void flush(Cycle cycle) {
        DataFile file = cycle.seal().toWrite().isEmpty()
                ? null
                : pipeline.lakeTable()
                        .write(cycle.mirror().schema(), cycle.seal().toWrite())
                        .orElse(null);
        session.lock().lock();
        try {
            if (!pipeline.isFollowing()) {
                if (file != null) {
                    pipeline.lakeTable().unneeded(file);
                }
                return;
            }
            pipeline.table().install(cycle.seal(), file);
            pipeline.touch();
            unfinished = null;
            if (!position.inTransaction()) {
                session.publisher().publish();
            }
        } finally {
            session.lock().unlock();
        }
        if (!cycle.boundary().isNone()) {
            commit(cycle, file);
        }
    }

    private void commit(Cycle cycle, @Nullable DataFile file) {
        List<FileView> state = new ArrayList<>(cycle.seal().files());
        if (file != null) {
            state.add(new FileView(file, mooncake.model.Deletes.NONE));
        }
        try {
            pipeline.lakeTable()
                    .commit(
                            cycle.boundary(),
                            cycle.mirror().schema(),
                            cycle.mirror().properties(),
                            state);
            pipeline.durability().committed(cycle.boundary());
            pipeline.lastError(null);
            commitFailed = false;
        } catch (RuntimeException e) {
            commitFailed = true;
            session.lock().lock();
            try {
                pipeline.markChanged();
            } finally {
                session.lock().unlock();
            }
            throw e;
        }
    }

    private void finished(@Nullable MooncakeException failure) {
        session.lock().lock();
        try {
            running = false;
            if (failure == null) {
                pauseNanos = RETRY_FIRST_NANOS;
            } else {
                log.warn(
                        "mirror={} code={} flush failed, will be tried again: {}",
                        pipeline.displayName(),
                        failure.code().label(),
                        failure.text());
                pipeline.lastError(failure.text());
                notBefore = System.nanoTime() + pauseNanos;
                pauseNanos = Math.min(2 * pauseNanos, RETRY_LAST_NANOS);
            }
            session.jobs().flushEnded(pipeline);
        } finally {
            session.lock().unlock();
        }
    }
}
