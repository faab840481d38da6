package mooncake.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import mooncake.lake.LakeTable;
import mooncake.mirror.filter.RowFilter;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.Quoting;
import mooncake.source.copy.CopySnapshot;
import mooncake.source.copy.CopySource;
import mooncake.source.copy.TableCopy;
import mooncake.source.copy.WriterBarrier;
import mooncake.source.wire.Row;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fills a mirror from its source while the applier queues the source's changes, then replays the
/// queue and hands the mirror over to the applier. Runs on a thread of its own; until the hand-over
/// it is the table's only writer.
final class MirrorCopier implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(MirrorCopier.class);

    /// How long a committed registration may stay invisible to a new snapshot: commit records
    /// precede visibility.
    private static final long VISIBLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    private static final long VISIBLE_POLL_MILLIS = 2;

    /// Queued bytes that are few enough to be replayed while the applier waits.
    private static final long HAND_OVER_BYTES = 1 << 20;

    /// How long transactions that had written before the table was published may go on; then the
    /// copy is tried again.
    private static final Duration WRITERS_MAX = Duration.ofHours(1);

    private final Session session;
    private final MirrorPipeline pipeline;
    private final EngineSettings settings;
    private volatile @Nullable TableCopy running;
    private volatile boolean cancelled;

    /// Whether the rows are the mirror's, whatever fails afterwards.
    private boolean handedOver;

    /// Whether the snapshot saw the transaction that the last replay ended in.
    private boolean replayedTransactionSeen;

    MirrorCopier(Session session, MirrorPipeline pipeline, EngineSettings settings) {
        this.session = session;
        this.pipeline = pipeline;
        this.settings = settings;
    }

    void cancel() {
        cancelled = true;
        TableCopy copy = running;
        if (copy != null) {
            copy.close();
        }
    }

    @Override
    public void run() {
        try {
            copy();
        } catch (Throwable failure) {
            if (!cancelled && !session.isClosed()) {
                failed(failure);
            }
        } finally {
            session.jobs().copyEnded(pipeline);
        }
    }

    private void failed(Throwable failure) {
        MooncakeException cause = failure instanceof MooncakeException known
                ? known
                : new MooncakeException(ErrorCode.MIRROR_FAILED, "the initial copy failed: " + failure, failure);
        session.lock().lock();
        try {
            if (handedOver) {
                log.error("mirror={} failed while it was handed over", pipeline.displayName(), failure);
                session.failures().failed(pipeline, cause);
                return;
            }
            if (!(pipeline.state() instanceof MirrorState.Copying(ChangeQueue queue))) {
                return;
            }
            if (cause.code().kind() == ErrorCode.Kind.EXTERNAL) {
                log.warn("mirror={} copy will be tried again: {}", pipeline.displayName(), cause.text());
                pipeline.lastError(cause.text());
                queue.rewind();
                session.jobs().retryCopy(pipeline);
            } else {
                session.failures().failed(pipeline, cause);
            }
        } finally {
            session.lock().unlock();
        }
    }

    private void copy() throws SQLException, InterruptedException {
        Registration registered = awaitRegistration();
        Registration seen = registered == null ? null : session.prepared(registered);
        if (seen == null) {
            return;
        }
        if (seen.detached()) {
            throw new MooncakeException(ErrorCode.MIRROR_FAILED, "the source was dropped before it was copied");
        }
        try (Connection connection = session.connectSource()) {
            for (int relation : RegistryReader.withPartitions(connection, pipeline.source())) {
                WriterBarrier.await(connection, relation, WRITERS_MAX);
            }
        }
        try (TableCopy copy = session.openCopy(seen)) {
            running = copy;
            if (cancelled) {
                throw new CancellationException("the mirror was dropped");
            }
            // The definition that the rows of this snapshot have, whatever came between.
            Registration registration = session.registrationIn(copy, seen);
            identify(registration);
            copyTo(registration, copy);
        } finally {
            running = null;
        }
    }

    private void copyTo(Registration registration, TableCopy copy) throws InterruptedException {
        log.info("mirror={} source={} copy starts", registration.qualifiedName(), registration.qualifiedSource());
        LakeTable kept = keptTable();
        LakeTable lakeTable = kept == null ? session.jobs().createLakeTable(registration, () -> cancelled) : kept;
        checkFilter(registration, copy);
        MirrorWriter writer = session.tables().newWriter(registration, lakeTable, session.types());
        CopiedFiles files = new CopiedFiles(writer, lakeTable, session.resources());
        try {
            copyRows(registration, copy, writer, files);
            handOver(copy.snapshot(), writer, lakeTable, files);
            log.info("mirror={} rows={} copied", registration.qualifiedName(), files.copied());
        } finally {
            if (!handedOver) {
                files.abandon();
                if (kept == null) {
                    session.tables().abandonLakeTable(registration);
                }
            }
        }
    }

    private void identify(Registration registration) {
        session.lock().lock();
        try {
            if (!(pipeline.state() instanceof MirrorState.Copying)) {
                throw new CancellationException("the mirror was dropped");
            }
            pipeline.identify(registration);
            Inheritance inherited = pipeline.inheritance();
            if (inherited != null && !inherited.shape().sameShape(registration)) {
                session.jobs().hideOld(pipeline);
            }
        } finally {
            session.lock().unlock();
        }
    }

    /// What the engine cannot evaluate is to be said before anything is copied.
    private static void checkFilter(Registration registration, TableCopy copy) {
        String filter = registration.definition().filter();
        if (filter == null) {
            return;
        }
        String table = Quoting.qualified(registration.sourceNamespace(), registration.sourceName());
        List<Change.RelationColumn> columns = new ArrayList<>();
        for (Row row : copy.query("SELECT attname, atttypid::int8, atttypmod FROM pg_catalog.pg_attribute"
                + " WHERE attrelid = " + Quoting.literal(table) + "::pg_catalog.regclass"
                + " AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
            columns.add(new Change.RelationColumn(
                    row.text(0), (int) Long.parseLong(row.text(1)), Integer.parseInt(row.text(2)), false));
        }
        RowFilter.parse(filter, columns);
    }

    /// The Iceberg table of the copy before: the new rows take the place of the old ones in one
    /// commit.
    private @Nullable LakeTable keptTable() {
        session.lock().lock();
        try {
            Inheritance inherited = pipeline.inheritance();
            if (inherited == null) {
                return null;
            }
            pipeline.inherit(inherited.keep());
            return inherited.table();
        } finally {
            session.lock().unlock();
        }
    }

    /// The registry row, or null when it was dropped before it could be read.
    private @Nullable Registration awaitRegistration() throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + VISIBLE_NANOS_MAX;
        try (Connection connection = session.connectHome()) {
            while (true) {
                Optional<Registration> found = RegistryReader.find(connection, pipeline.mirror(), session.types());
                if (found.isPresent() && found.get().resync() >= pipeline.resync()) {
                    return found.get();
                }
                if (cancelled || System.nanoTime() - deadline > 0) {
                    return null;
                }
                Thread.sleep(VISIBLE_POLL_MILLIS);
            }
        }
    }

    private void copyRows(Registration registration, TableCopy copy, MirrorWriter writer, CopiedFiles files) {
        CopyColumns columns = CopyColumns.of(registration.definition());
        CopySource source = new CopySource(
                registration.sourceNamespace(),
                registration.sourceName(),
                columns.names(),
                registration.partitioned() ? TableCopy.Extent.WITH_CHILDREN : TableCopy.Extent.ONLY,
                registration.definition().filter());
        copy.copy(source, row -> {
            writer.copied(columns.inOrder(row));
            files.count(pipeline.displayName());
            files.writeIfFull(settings);
        });
        files.finish();
    }

    /// Replays the queue beside the applier until little is left, then the rest under the lock.
    private void handOver(CopySnapshot snapshot, MirrorWriter writer, LakeTable lakeTable, CopiedFiles files) {
        while (true) {
            ChangeQueue queue;
            long end;
            session.lock().lock();
            try {
                if (!(pipeline.state() instanceof MirrorState.Copying(ChangeQueue open))) {
                    throw new CancellationException("the mirror was dropped");
                }
                queue = open;
                if (queue.remaining() <= HAND_OVER_BYTES) {
                    // Nothing is written here: all the threads that write may be waiting for this lock.
                    replay(queue, queue.mark(), snapshot, writer, () -> {});
                    queue.close();
                    pipeline.attach(writer, lakeTable, Lsn.NONE);
                    handedOver = true;
                    pipeline.startCatchingUp(snapshot);
                    session.jobs().handedOver(pipeline);
                    return;
                }
                end = queue.mark();
            } finally {
                session.lock().unlock();
            }
            replay(queue, end, snapshot, writer, () -> files.writeIfFull(settings));
            files.finish();
        }
    }

    private void replay(ChangeQueue queue, long end, CopySnapshot snapshot, MirrorWriter writer, Runnable afterChange) {
        queue.replay(pipeline.source(), end, new ChangeQueue.Replay() {
            @Override
            public void begin(int xid) {
                replayedTransactionSeen = snapshot.sees(xid);
            }

            @Override
            public void relation(Change.Relation relation) {
                writer.relation(relation);
            }

            @Override
            public void definition(int generation, String definition) {
                if (!replayedTransactionSeen) {
                    writer.evolve(generation, definition);
                }
            }

            @Override
            public void change(Change change) {
                if (!replayedTransactionSeen) {
                    writer.apply(change);
                    afterChange.run();
                }
            }
        });
    }
}
