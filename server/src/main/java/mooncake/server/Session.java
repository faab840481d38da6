package mooncake.server;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import mooncake.lake.Lake;
import mooncake.lake.LakeTable;
import mooncake.lake.ParquetRows;
import mooncake.mirror.MirrorTable;
import mooncake.model.Change;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.copy.TableCopy;
import mooncake.source.replication.ReplicationStream;
import mooncake.source.replication.Slots;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of following a database: from the lake's state through its slot until the stream breaks.
///
/// The lock orders the applier, the flushes and the copies: whoever holds it may change mirrors. A broken stream ends
/// the whole session, since a transaction may have been applied in part; the next one starts from what is durable.
final class Session implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Session.class);
    private static final long TICK_MILLIS = 50;
    private static final long JOBS_SECONDS_MAX = 60;
    private static final long SLOT_SECONDS_MAX = 30;
    private static final long SLOT_POLL_MILLIS = 20;
    private static final long COPY_RETRY_MILLIS = 2_000;
    static final String PUBLICATION = "mooncake";

    /// Why a session is over.
    sealed interface End {
        record Extensionless() implements End {}

        record Broken(String error, boolean hadWorked) implements End {}
    }

    private final int database;
    private final Endpoint endpoint;
    private final SessionResources resources;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flushed = lock.newCondition();
    private final StreamPosition position = new StreamPosition();
    private final MirrorSet mirrors = new MirrorSet();
    private final Publisher publisher;
    private final RegistryFollower registry = new RegistryFollower(this, mirrors, position);
    private final Map<MirrorPipeline, MirrorFlusher> flushers = new HashMap<>();
    private final Map<MirrorPipeline, MirrorCopier> copiers = new HashMap<>();
    private final LeavingNames leaving = new LeavingNames();

    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final Closer closer = new Closer();
    private @Nullable Lake lake;
    private @Nullable ReplicationStream stream;
    private int registryRelation;
    private volatile Lsn confirmed = Lsn.NONE;
    private volatile @Nullable String lastError;
    private volatile boolean closed;

    Session(int database, Endpoint endpoint, SessionResources resources, SnapshotBoard board) {
        this.database = database;
        this.endpoint = endpoint;
        this.resources = resources;
        this.publisher = new Publisher(board, mirrors, position);
    }

    static String slotName(int database) {
        return "mooncake_" + Integer.toUnsignedString(database);
    }

    /// Connects, loads every registered mirror and starts to follow the slot; false when the extension is not there.
    boolean open() throws SQLException {
        Lsn start;
        try (Connection connection = connect()) {
            if (!Connections.hasExtension(connection)) {
                return false;
            }
            Lake opened = closer.register(newLake());
            lake = opened;
            MirrorLoader loader = new MirrorLoader(this, opened, position);
            if (Slots.read(connection, slotName(database)).isEmpty()) {
                loader.forgetCommits(connection);
            }
            start = Slots.ensure(connection, slotName(database));
            confirmed = start;
            registryRelation = (int) Connections.number(connection, "SELECT 'mooncake.tables'::regclass::oid::int8");
            loader.loadAll(connection, mirrors, publisher);
        }
        ReplicationStream opened =
                closer.register(ReplicationStream.start(endpoint, slotName(database), PUBLICATION, start));
        stream = opened;
        Thread.ofPlatform()
                .name("apply-" + endpoint.database())
                .start(new StreamApplier(this, opened, position, mirrors));
        Thread.ofPlatform().name("tick-" + endpoint.database()).daemon().start(this::tick);
        mirrors.all().stream()
                .filter(pipeline -> pipeline.state() instanceof MirrorState.Copying)
                .forEach(this::startCopy);
        log.info("database={} slot={} follows from lsn={}", endpoint.database(), slotName(database), start);
        return true;
    }

    private Lake newLake() {
        Map<String, String> login = new HashMap<>();
        Properties properties = endpoint.jdbcProperties();
        properties.stringPropertyNames().forEach(name -> login.put(name, properties.getProperty(name)));
        String separator = endpoint.jdbcUrl().contains("?") ? "&" : "?";
        return new Lake(
                warehouse(), endpoint.jdbcUrl() + separator + "currentSchema=mooncake", login, resources.duckDb());
    }

    /// This database's part of the warehouse; the OID keeps databases apart that had the same name one after another.
    private Path warehouse() {
        String safe = endpoint.database().replaceAll("[^A-Za-z0-9_.]", "_");
        return resources.settings().warehouse().resolve(safe + "-" + Integer.toUnsignedString(database));
    }

    End awaitEnd() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void stop() {
        end.complete(new End.Broken("the engine stops", true));
    }

    void streamEnded(Throwable failure) {
        if (!closed && !end.isDone()) {
            log.warn("database={} stream ended: {}", endpoint.database(), failure.getMessage(), failure);
            end.complete(new End.Broken(String.valueOf(failure.getMessage()), true));
        }
    }

    // What the applier calls, under the lock.

    int registryRelation() {
        return registryRelation;
    }

    void registryChanged(Change change) {
        registry.change(change);
    }

    void message(Change.Message message) {
        registry.message(message);
    }

    void relation(Change.Relation relation) {
        for (MirrorPipeline pipeline : mirrors.of(relation.oid())) {
            MooncakeException failure = pipeline.checkRelation(relation);
            if (failure != null) {
                mirrorFailed(pipeline, failure);
            }
        }
    }

    /// A change of this source cannot be read.
    void sourceFailed(int relation, MooncakeException cause) {
        lock.lock();
        try {
            mirrors.of(relation).forEach(pipeline -> mirrorFailed(pipeline, cause));
        } finally {
            lock.unlock();
        }
    }

    void transactionEnded() {
        registry.transactionEnded();
        for (MirrorPipeline pipeline : mirrors.all()) {
            pipeline.becomeLiveIfCaughtUp();
        }
    }

    void considerFlushes() {
        mirrors.all().forEach(pipeline -> flusher(pipeline).consider());
    }

    void mirrorFailed(MirrorPipeline pipeline, MooncakeException cause) {
        pipeline.fail(cause);
        releaseFailed(pipeline);
        resources.work().execute(() -> recordFailure(pipeline, cause));
    }

    /// The registry says so: nothing is left to be recorded.
    void mirrorFailedInRegistry(MirrorPipeline pipeline, MooncakeException cause) {
        pipeline.fail(cause);
        pipeline.failureRecorded();
        releaseFailed(pipeline);
    }

    /// A failed mirror's rows are of no use any more; a copy lets go of them itself.
    private void releaseFailed(MirrorPipeline pipeline) {
        if (!copiers.containsKey(pipeline) && !flusher(pipeline).running()) {
            pipeline.close();
        }
    }

    /// Marks the failure in the registry, so that no later engine takes the mirror's files for complete; until that is
    /// durable the mirror holds the slot back.
    private void recordFailure(MirrorPipeline pipeline, MooncakeException cause) {
        try (Connection connection = connect()) {
            RegistryReader.recordFailure(connection, pipeline.mirror(), cause);
            pipeline.failureRecorded();
        } catch (SQLException | RuntimeException e) {
            log.warn("mirror={} failure not recorded yet: {}", pipeline.displayName(), e.getMessage());
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, resources.work())
                    .execute(() -> {
                        if (!closed) {
                            recordFailure(pipeline, cause);
                        }
                    });
        }
    }

    /// Waits, outside the lock, while in-memory rows have no room and a flush is under way or will be tried again.
    void awaitMemory() throws InterruptedException {
        if (!resources.rowMemory().isTight()) {
            return;
        }
        lock.lock();
        try {
            considerFlushes();
            while (!closed
                    && resources.rowMemory().isTight()
                    && flushers.values().stream().anyMatch(MirrorFlusher::busy)) {
                flushed.await(TICK_MILLIS, TimeUnit.MILLISECONDS);
                considerFlushes();
            }
        } finally {
            lock.unlock();
        }
    }

    // What background jobs call, under the lock.

    void flushEnded(MirrorPipeline pipeline) {
        flushed.signalAll();
        switch (pipeline.state()) {
            case MirrorState.Dropped _ -> discard(pipeline);
            case MirrorState.Failed _ -> releaseFailed(pipeline);
            case MirrorState.Copying _, MirrorState.CatchingUp _, MirrorState.Live _ -> {}
        }
        confirm();
    }

    void handedOver(MirrorPipeline pipeline) {
        if (pipeline.becomeLiveIfCaughtUp() && !position.inTransaction()) {
            publisher.publish();
        }
        flusher(pipeline).consider();
    }

    ChangeQueue newChangeQueue() {
        return new ChangeQueue(resources.scratch());
    }

    void startCopy(MirrorPipeline pipeline) {
        MirrorCopier copier = new MirrorCopier(this, pipeline, resources.settings());
        copiers.put(pipeline, copier);
        Thread.ofPlatform()
                .name("copy-" + Integer.toUnsignedString(pipeline.mirror()))
                .start(copier);
    }

    void retryCopy(MirrorPipeline pipeline) {
        CompletableFuture.delayedExecutor(COPY_RETRY_MILLIS, TimeUnit.MILLISECONDS, resources.work())
                .execute(() -> {
                    lock.lock();
                    try {
                        if (!closed && pipeline.state() instanceof MirrorState.Copying) {
                            startCopy(pipeline);
                        }
                    } finally {
                        lock.unlock();
                    }
                });
    }

    void copyEnded(MirrorPipeline pipeline) {
        lock.lock();
        try {
            copiers.remove(pipeline);
            flushed.signalAll();
            if (pipeline.state() instanceof MirrorState.Dropped) {
                discard(pipeline);
            }
        } finally {
            lock.unlock();
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
            pipeline.lease().onFree(() -> resources.work().execute(() -> dropFiles(pipeline, registration)));
        } else {
            leaving.remove(pipeline);
            flushed.signalAll();
        }
        pipeline.lease().release();
    }

    private void dropFiles(MirrorPipeline pipeline, Registration registration) {
        try {
            lakeOrFail().drop(registration.namespace(), registration.name());
            log.info("mirror={} dropped", registration.qualifiedName());
        } catch (RuntimeException e) {
            log.warn("mirror={} files not removed yet: {}", registration.qualifiedName(), e.getMessage());
        }
        lock.lock();
        try {
            leaving.remove(pipeline);
            flushed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// `DROP EXTENSION` was committed: nothing of this database is followed any more.
    void extensionDropped() {
        log.info("database={} extension dropped", endpoint.database());
        ReplicationStream open = stream;
        if (open != null) {
            open.close();
        }
        publisher.clear();
        dropSlot();
        try {
            Directories.delete(warehouse());
        } catch (IOException e) {
            log.warn("database={} warehouse not removed: {}", endpoint.database(), e.getMessage());
        }
        end.complete(new End.Extensionless());
    }

    /// The slot stays in use until the server has noticed that its reader went away.
    private void dropSlot() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SLOT_SECONDS_MAX);
        while (true) {
            try (Connection connection = connect()) {
                Slots.drop(connection, slotName(database));
                return;
            } catch (SQLException e) {
                throw new MooncakeException(ErrorCode.SLOT_UNAVAILABLE, slotName(database) + " not dropped", e);
            } catch (MooncakeException e) {
                if (e.code() != ErrorCode.SLOT_UNAVAILABLE || System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
            try {
                Thread.sleep(SLOT_POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    // Any thread.

    ReentrantLock lock() {
        return lock;
    }

    SessionResources resources() {
        return resources;
    }

    Publisher publisher() {
        return publisher;
    }

    MirrorSet mirrors() {
        return mirrors;
    }

    Lsn confirmed() {
        return confirmed;
    }

    boolean isClosed() {
        return closed;
    }

    @Nullable
    String lastError() {
        return lastError;
    }

    Connection connect() throws SQLException {
        return Connections.open(endpoint);
    }

    TableCopy openCopy() {
        return TableCopy.open(endpoint);
    }

    /// A new, empty Iceberg table; waits until a dropped mirror of the same name is gone for good.
    LakeTable createLakeTable(Registration registration, BooleanSupplier cancelled) throws InterruptedException {
        lock.lock();
        try {
            while (leaving.contains(registration.qualifiedName()) && !closed && !cancelled.getAsBoolean()) {
                flushed.await(TICK_MILLIS, TimeUnit.MILLISECONDS);
            }
            if (closed || cancelled.getAsBoolean()) {
                throw new CancellationException("the mirror was dropped");
            }
        } finally {
            lock.unlock();
        }
        Lake open = lakeOrFail();
        if (open.exists(registration.namespace(), registration.name())) {
            open.drop(registration.namespace(), registration.name());
        }
        return open.create(
                registration.namespace(), registration.name(), registration.schema(), registration.properties());
    }

    /// Removes what a copy that failed or was cancelled has written; what is left all the same goes with the next copy
    /// or at the next start.
    void abandonLakeTable(Registration registration) {
        try {
            lakeOrFail().drop(registration.namespace(), registration.name());
        } catch (RuntimeException e) {
            log.warn("mirror={} half a copy is left: {}", registration.qualifiedName(), e.getMessage());
        }
    }

    MirrorTable newMirrorTable(Registration registration, LakeTable lakeTable) {
        return new MirrorTable(
                registration.mirror(),
                registration.qualifiedName(),
                registration.schema(),
                resources.rowMemory(),
                resources.scratch(),
                new ParquetRows(resources.duckDb(), registration.schema()),
                lakeTable::unneeded);
    }

    void requestProgress() {
        ReplicationStream open = stream;
        if (open != null && !closed) {
            open.requestProgress();
        }
    }

    /// Commits the mirror to Iceberg at or after `lsn` and waits for it; the LSN that became durable.
    Lsn commitSnapshot(int mirror, Lsn lsn, Wait wait) throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                MirrorPipeline pipeline = mirrors.find(mirror);
                if (pipeline == null || closed) {
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
                flushed.await(TICK_MILLIS, TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private MirrorFlusher flusher(MirrorPipeline pipeline) {
        return flushers.computeIfAbsent(
                pipeline, each -> new MirrorFlusher(this, each, position, resources.settings()));
    }

    private Lake lakeOrFail() {
        Lake open = lake;
        if (open == null) {
            throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "the session is not open");
        }
        return open;
    }

    /// Looks at ages and confirms what is durable, also when the stream is quiet.
    private void tick() {
        while (!closed) {
            try {
                Thread.sleep(TICK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            lock.lock();
            try {
                if (!closed) {
                    considerFlushes();
                    confirm();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Tells the slot up to where everything is durable: what no mirror needs again after a crash.
    private void confirm() {
        Lsn safe = position.applied();
        for (MirrorPipeline pipeline : mirrors.all()) {
            Lsn own = pipeline.safeToConfirm(flusher(pipeline).busy());
            if (own != null) {
                safe = Lsn.min(safe, own);
            }
        }
        ReplicationStream open = stream;
        if (open != null && !confirmed.reaches(safe)) {
            confirmed = safe;
            open.confirm(safe);
        }
    }

    /// Flushes and copies read memory that closing frees.
    private void awaitJobs() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(JOBS_SECONDS_MAX);
        while (flushers.values().stream().anyMatch(MirrorFlusher::running) || !copiers.isEmpty()) {
            try {
                if (System.nanoTime() - deadline > 0 || !flushed.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                    Check.that(System.nanoTime() - deadline <= 0, "jobs of %s do not end", endpoint.database());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            copiers.values().forEach(MirrorCopier::cancel);
            flushed.signalAll();
            awaitJobs();
        } finally {
            lock.unlock();
        }
        closer.close();
        lock.lock();
        try {
            mirrors.all().forEach(MirrorPipeline::close);
        } finally {
            lock.unlock();
        }
    }
}
