package mooncake.server;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.replication.ReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one database's slot and applies every change in commit order: the database's one writer,
/// on its own thread.
///
/// Works in bursts under the session's lock: everything that has already arrived is applied, then
/// the state is published once, so that a busy stream costs one publication per burst and a quiet
/// one follows each commit at once.
final class StreamApplier implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(StreamApplier.class);

    /// Changes applied before the lock is given to others.
    private static final int BURST_CHANGES_MAX = 4_096;

    /// Age of unpublished commits within a burst after which they are published.
    private static final long PUBLISH_NANOS_MAX = 2_000_000;

    /// How long the log may gather while nobody waits for the newest.
    private static final long GATHER_NANOS = 2_000_000;

    /// After bursts of more changes the log is not left to gather: the server would have to wait when the
    /// socket is full, which then takes about a millisecond.
    private static final int GATHERED_CHANGES_MAX = 100;

    private final Session session;
    private final ReplicationStream stream;
    private final StreamPosition position;
    private final MirrorSet mirrors;
    private long publishedNanos = System.nanoTime();

    StreamApplier(Session session, ReplicationStream stream, StreamPosition position, MirrorSet mirrors) {
        this.session = session;
        this.stream = stream;
        this.position = position;
        this.mirrors = mirrors;
    }

    @Override
    public void run() {
        try {
            while (!session.isClosed()) {
                Change change = stream.next();
                int applied;
                session.lock().lock();
                try {
                    // Whoever closed the session while this thread waited has freed the mirrors' rows.
                    if (session.isClosed()) {
                        return;
                    }
                    applied = burst(change);
                } finally {
                    session.lock().unlock();
                }
                session.jobs().awaitMemory();
                if (applied <= GATHERED_CHANGES_MAX) {
                    gather();
                }
            }
        } catch (Throwable failure) {
            session.streamEnded(failure);
        }
    }

    /// While nobody waits for the newest, the log is left to gather: each wake-up costs the server and
    /// this engine more than a change does.
    private void gather() {
        if (!stream.hasBuffered() && !session.publisher().isAwaited() && !session.isClosed()) {
            LockSupport.parkNanos(this, GATHER_NANOS);
        }
    }

    /// How many changes there were.
    private int burst(Change first) {
        Change change = first;
        int applied = 1;
        while (true) {
            apply(change);
            if (applied >= BURST_CHANGES_MAX
                    || session.isClosed()
                    || session.resources().rowMemory().isTight()
                    || !stream.hasBuffered()) {
                break;
            }
            change = stream.next();
            applied++;
        }
        if (!position.inTransaction()) {
            publish();
        }
        session.jobs().considerChanged();
        return applied;
    }

    private void publish() {
        for (MirrorPipeline pipeline : mirrors.unpublished()) {
            try {
                if (pipeline.isLive()) {
                    pipeline.table().complete();
                }
            } catch (RuntimeException e) {
                failed(pipeline, e);
            }
        }
        session.publisher().publish();
        publishedNanos = System.nanoTime();
    }

    private void apply(Change change) {
        switch (change) {
            case Change.Begin begin -> position.begin(begin.xid(), begin.commitLsn());
            case Change.Commit commit -> {
                position.commit(commit.end());
                session.transactionEnded();
                if (System.nanoTime() - publishedNanos > PUBLISH_NANOS_MAX) {
                    publish();
                }
            }
            case Change.Relation relation -> session.relation(relation);
            case Change.Insert insert -> route(insert.relation(), change);
            case Change.Update update -> route(update.relation(), change);
            case Change.Delete delete -> route(delete.relation(), change);
            case Change.Truncate truncate -> truncate.relations().forEach(relation -> route(relation, change));
            case Change.Message message -> session.message(message);
            case Change.Progress progress -> progress(progress.lsn());
        }
    }

    private void progress(Lsn lsn) {
        if (!position.inTransaction()) {
            position.progress(lsn);
            session.transactionEnded();
        }
    }

    private void route(int relation, Change change) {
        if (session.isRegistry(relation)) {
            session.registryChanged(change);
            return;
        }
        List<MirrorPipeline> pipelines = mirrors.of(relation);
        for (int i = 0; i < pipelines.size(); i++) {
            MirrorPipeline pipeline = pipelines.get(i);
            try {
                pipeline.apply(change);
            } catch (RuntimeException e) {
                failed(pipeline, e);
            }
        }
    }

    /// What goes wrong with one mirror is that mirror's alone.
    private void failed(MirrorPipeline pipeline, RuntimeException failure) {
        if (failure instanceof MooncakeException known) {
            session.failures().failed(pipeline, known);
            return;
        }
        log.error("mirror={} lsn={}", pipeline.displayName(), position.commitLsn(), failure);
        session.failures()
                .failed(
                        pipeline,
                        new MooncakeException(
                                ErrorCode.BROKEN_INVARIANT,
                                "a change at " + position.commitLsn() + " could not be applied to mirror "
                                        + pipeline.displayName() + ": " + failure,
                                failure));
    }
}
