package mooncake.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import mooncake.lake.LakeTable;
import mooncake.mirror.MirrorTable;
import mooncake.mirror.Seal;
import mooncake.model.Change;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.copy.CopySnapshot;
import mooncake.source.copy.TableCopy;
import mooncake.source.copy.WriterBarrier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fills a new mirror from its source while the applier queues the source's changes, then replays the queue and hands
/// the mirror over to the applier. Runs on a thread of its own; until the hand-over it is the table's only writer.
final class MirrorCopier implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(MirrorCopier.class);

    /// How long a committed registration may stay invisible to a new snapshot: commit records precede visibility.
    private static final long VISIBLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    /// Queued bytes that are few enough to be replayed while the applier waits.
    private static final long HAND_OVER_BYTES = 1 << 20;

    /// How long transactions that had written before the table was published may go on; then the copy is tried again.
    private static final Duration WRITERS_MAX = Duration.ofHours(1);

    private static final long PROGRESS_ROWS = 1_000_000;

    private final Session session;
    private final MirrorPipeline pipeline;
    private final EngineSettings settings;
    private final Deque<Writing> writing = new ArrayDeque<>();
    private volatile @Nullable TableCopy running;
    private volatile boolean cancelled;
    private long copied;

    private record Writing(Seal seal, Future<@Nullable DataFile> file) {}

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
        Registration registration = awaitRegistration();
        if (registration == null) {
            return;
        }
        identify(registration);
        log.info("mirror={} source={} copy starts", registration.qualifiedName(), registration.qualifiedSource());
        LakeTable lakeTable = session.jobs().createLakeTable(registration, () -> cancelled);
        MirrorTable table = session.tables().newMirrorTable(registration, lakeTable);
        boolean handedOver = false;
        try (Connection connection = session.connectSource()) {
            checkSource(connection, registration);
            WriterBarrier.await(connection, registration.source(), WRITERS_MAX);
            CopySnapshot snapshot = copyRows(registration, table, lakeTable);
            pipeline.attach(registration, table, lakeTable, Lsn.NONE);
            handOver(snapshot, table, lakeTable);
            handedOver = true;
            log.info("mirror={} rows={} copied", registration.qualifiedName(), copied);
        } finally {
            if (!handedOver) {
                drainWriting();
                pipeline.detach();
                table.close();
                session.tables().abandonLakeTable(registration);
            }
        }
    }

    private void identify(Registration registration) {
        session.lock().lock();
        try {
            if (!(pipeline.state() instanceof MirrorState.Copying)) {
                throw new CancellationException("the mirror was dropped");
            }
            MooncakeException wrong = pipeline.identify(registration);
            if (wrong != null) {
                throw wrong;
            }
        } finally {
            session.lock().unlock();
        }
    }

    /// A change of the definition that no engine has seen in the log, or that one saw and could not write down.
    private static void checkSource(Connection connection, Registration registration) throws SQLException {
        List<Change.RelationColumn> columns = RegistryReader.currentColumns(connection, registration.source());
        if (columns.isEmpty()) {
            throw new MooncakeException(ErrorCode.SOURCE_SCHEMA_CHANGED, "the source was dropped before it was copied");
        }
        MooncakeException wrong =
                SchemaComparison.failure(registration, SchemaComparison.difference(registration.schema(), columns));
        if (wrong != null) {
            throw wrong;
        }
    }

    /// The registry row, or null when it was dropped before it could be read.
    private @Nullable Registration awaitRegistration() throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + VISIBLE_NANOS_MAX;
        try (Connection connection = session.connectHome()) {
            while (true) {
                Optional<Registration> found = RegistryReader.find(connection, pipeline.mirror());
                if (found.isPresent()) {
                    return found.get();
                }
                if (cancelled || System.nanoTime() - deadline > 0) {
                    return null;
                }
                Thread.sleep(2);
            }
        }
    }

    private CopySnapshot copyRows(Registration registration, MirrorTable table, LakeTable lakeTable) {
        try (TableCopy copy = session.openCopy()) {
            running = copy;
            if (cancelled) {
                throw new CancellationException("the mirror was dropped");
            }
            copy.copy(
                    registration.sourceNamespace(),
                    registration.sourceName(),
                    registration.columnNames(),
                    TableCopy.Extent.ONLY,
                    row -> {
                        table.appendCopied(row);
                        copied++;
                        writeIfFull(table, lakeTable);
                    });
            while (!writing.isEmpty()) {
                installFirst(table);
            }
            return copy.snapshot();
        } finally {
            running = null;
        }
    }

    /// Writes full batches in the background; at most one file is being written while the next one's rows arrive.
    private void writeIfFull(MirrorTable table, LakeTable lakeTable) {
        if (copied % PROGRESS_ROWS == 0) {
            log.info("mirror={} rows={} copied so far", pipeline.displayName(), copied);
        }
        if (table.unsealedRows() < settings.flushRows()
                && table.unsealedBytes() < settings.flushBytes()
                && !(session.resources().rowMemory().isTight() && table.unsealedRows() > 0)) {
            return;
        }
        if (!writing.isEmpty()) {
            installFirst(table);
        }
        Seal seal = table.seal();
        writing.add(new Writing(
                seal,
                session.resources()
                        .work()
                        .submit(() -> lakeTable
                                .write(pipeline.schema(), seal.toWrite())
                                .orElse(null))));
    }

    private void installFirst(MirrorTable table) {
        Writing first = writing.remove();
        try {
            table.install(first.seal(), first.file().get());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MooncakeException known
                    ? known
                    : new MooncakeException(ErrorCode.STORAGE_FAILED, "writing a copied file failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MooncakeException(ErrorCode.ENGINE_STOPPING, "the engine is stopping", e);
        }
    }

    private void drainWriting() {
        for (Writing each : writing) {
            try {
                each.file().get();
            } catch (ExecutionException | InterruptedException e) {
                log.debug("mirror={} abandoned file: {}", pipeline.displayName(), e.getMessage());
            }
        }
        writing.clear();
    }

    /// Replays the queue beside the applier until little is left, then the rest under the lock.
    private void handOver(CopySnapshot snapshot, MirrorTable table, LakeTable lakeTable) {
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
                    replay(queue, queue.mark(), snapshot, table, lakeTable);
                    while (!writing.isEmpty()) {
                        installFirst(table);
                    }
                    queue.close();
                    pipeline.startCatchingUp(snapshot);
                    session.jobs().handedOver(pipeline);
                    return;
                }
                end = queue.mark();
            } finally {
                session.lock().unlock();
            }
            replay(queue, end, snapshot, table, lakeTable);
        }
    }

    private void replay(ChangeQueue queue, long end, CopySnapshot snapshot, MirrorTable table, LakeTable lakeTable) {
        queue.replay(pipeline.source(), end, new ChangeQueue.Replay() {
            private boolean seen = replayedTransactionSeen;

            @Override
            public void begin(int xid) {
                seen = snapshot.sees(xid);
                replayedTransactionSeen = seen;
            }

            @Override
            public void change(Change change) {
                if (!seen) {
                    pipeline.applyToTable(change);
                    writeIfFull(table, lakeTable);
                }
            }
        });
    }

    /// Whether the snapshot saw the transaction that the last replay ended in.
    private boolean replayedTransactionSeen;
}
