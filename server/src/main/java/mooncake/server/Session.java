package mooncake.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.copy.TableCopy;
import mooncake.source.replication.ReplicationStream;
import mooncake.source.replication.Slots;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of following one source: from the lake's state through its slot until the stream breaks.
///
/// A session knows one [Followed] source and the mirrors of it; everything that is written under its lock belongs to
/// it alone. A database's own log is followed by the session that [Database] keeps, whose [RegistryFollower] hears of
/// mirrors; a remote source is followed by a session of its own, with a [SnapshotBoard] of its own since its LSNs say
/// nothing about ours, and is told of its mirrors by the local one.
///
/// The lock orders the applier, the flushes and the copies: whoever holds it may change mirrors. A broken stream ends
/// the whole session, since a transaction may have been applied in part; the next one starts from what is durable.
final class Session implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Session.class);
    private static final long TICK_MILLIS = 50;
    private static final long SLOT_SECONDS_MAX = 30;
    private static final long SLOT_POLL_MILLIS = 20;

    /// Why a session is over.
    sealed interface End {
        record Extensionless() implements End {}

        record Broken(String error, boolean hadWorked) implements End {}
    }

    private final Followed followed;
    private final SessionResources resources;
    private final ReentrantLock lock = new ReentrantLock();
    private final StreamPosition position = new StreamPosition();
    private final MirrorSet mirrors = new MirrorSet();
    private final Publisher publisher;
    private final MirrorJobs jobs = new MirrorJobs(this, mirrors, position);
    private final MirrorFailures failures = new MirrorFailures(this);
    private final RegistryFollower registry = new RegistryFollower(this, mirrors, position);

    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final Closer closer = new Closer();
    private @Nullable MirrorTables tables;
    private @Nullable ReplicationStream stream;
    private int registryRelation;
    private volatile Lsn confirmed = Lsn.NONE;
    private volatile @Nullable String lastError;
    private volatile boolean closed;

    Session(Followed followed, SessionResources resources, SnapshotBoard board) {
        this.followed = followed;
        this.resources = resources;
        this.publisher = new Publisher(board, mirrors, position);
    }

    /// Connects, loads every registered mirror and starts to follow the slot; false when the extension is not there.
    boolean open() throws SQLException {
        Lsn start;
        try (Connection home = connectHome()) {
            if (!Connections.hasExtension(home)) {
                return false;
            }
            MirrorTables opened = closer.register(new MirrorTables(followed, resources));
            tables = opened;
            MirrorLoader loader = new MirrorLoader(this, opened, position);
            try (Connection source = connectSource()) {
                if (Slots.read(source, followed.slot()).isEmpty()) {
                    loader.forgetCommits(home);
                }
                start = Slots.ensure(source, followed.slot());
            }
            confirmed = start;
            registryRelation = (int) Connections.number(home, "SELECT 'mooncake.tables'::regclass::oid::int8");
            loader.loadAll(home, mirrors, publisher);
        }
        ReplicationStream opened = closer.register(ReplicationStream.start(
                followed.source(), followed.slot(), followed.publication(), start, resources.scratch()));
        stream = opened;
        Thread.ofPlatform()
                .name("apply-" + followed.displayName())
                .start(new StreamApplier(this, opened, position, mirrors));
        Thread.ofPlatform().name("tick-" + followed.displayName()).daemon().start(this::tick);
        mirrors.all().stream()
                .filter(pipeline -> pipeline.state() instanceof MirrorState.Copying)
                .forEach(jobs::startCopy);
        log.info("database={} slot={} follows from lsn={}", followed.displayName(), followed.slot(), start);
        return true;
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
            log.warn("database={} stream ended: {}", followed.displayName(), failure.getMessage(), failure);
            end.complete(new End.Broken(String.valueOf(failure.getMessage()), true));
        }
    }

    // What the applier calls, under the lock.

    /// Whether the changes of this relation say which mirrors there are; never true for a remote source.
    boolean isRegistry(int relation) {
        return relation == registryRelation && followed.isLocal();
    }

    void registryChanged(Change change) {
        registry.change(change);
    }

    void message(Change.Message message) {
        if (followed.isLocal()) {
            registry.message(message);
        }
    }

    void relation(Change.Relation relation) {
        for (MirrorPipeline pipeline : mirrors.of(relation.oid())) {
            MooncakeException failure = pipeline.checkRelation(relation);
            if (failure != null) {
                failures.failed(pipeline, failure);
            }
        }
    }

    /// A change of this source cannot be read.
    void sourceFailed(int relation, MooncakeException cause) {
        lock.lock();
        try {
            mirrors.of(relation).forEach(pipeline -> failures.failed(pipeline, cause));
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

    /// `DROP EXTENSION` was committed: nothing of this database is followed any more.
    void extensionDropped() {
        log.info("database={} extension dropped", followed.displayName());
        ReplicationStream open = stream;
        if (open != null) {
            open.close();
        }
        publisher.clear();
        dropSlot();
        tables().deleteWarehouse();
        end.complete(new End.Extensionless());
    }

    /// The slot stays in use until the server has noticed that its reader went away.
    private void dropSlot() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SLOT_SECONDS_MAX);
        while (true) {
            try (Connection connection = connectSource()) {
                Slots.drop(connection, followed.slot());
                return;
            } catch (SQLException e) {
                throw new MooncakeException(ErrorCode.SLOT_UNAVAILABLE, followed.slot() + " not dropped", e);
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

    MirrorJobs jobs() {
        return jobs;
    }

    MirrorFailures failures() {
        return failures;
    }

    MirrorTables tables() {
        MirrorTables open = tables;
        if (open == null) {
            throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "the session is not open");
        }
        return open;
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

    /// To the database with the mirrors and the registry.
    Connection connectHome() throws SQLException {
        return Connections.open(followed.home());
    }

    /// To the database with the sources and the slot.
    Connection connectSource() throws SQLException {
        return Connections.open(followed.source());
    }

    TableCopy openCopy() {
        return TableCopy.open(followed.source());
    }

    void requestProgress() {
        ReplicationStream open = stream;
        if (open != null && !closed) {
            open.requestProgress();
        }
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
                    jobs.considerFlushes();
                    confirm();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Tells the slot up to where everything is durable: what no mirror needs again after a crash. Under the lock.
    void confirm() {
        Lsn safe = position.applied();
        for (MirrorPipeline pipeline : mirrors.all()) {
            Lsn own = pipeline.safeToConfirm(jobs.flushing(pipeline));
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

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            jobs.end();
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
