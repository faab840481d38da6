package mooncake.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.copy.TableCopy;
import mooncake.source.remote.RemotePublication;
import mooncake.source.replication.ReplicationStream;
import mooncake.source.replication.SlotState;
import mooncake.source.replication.Slots;
import mooncake.source.wire.Row;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of following one source: from the lake's state through its slot until the stream breaks.
///
/// A session knows one [Followed] source and the mirrors of it; everything that is written under
/// its lock belongs to it alone. A database's own log is followed by the session that [Database]
/// keeps, whose [RegistryFollower] hears of mirrors; a remote source is followed by a session of
/// its own, with a [SnapshotBoard] of its own since its LSNs say nothing about ours, and is told of
/// its mirrors by the local one.
///
/// The lock orders the applier, the flushes and the copies: whoever holds it may change mirrors. A
/// broken stream ends the whole session, since a transaction may have been applied in part; the
/// next one starts from what is durable.
final class Session implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Session.class);
    private static final long TICK_MILLIS = 50;
    private static final Duration SLOT_DROP_MAX = Duration.ofSeconds(30);

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
    private final RegistryFollower registry = new RegistryFollower(this, mirrors);
    private final Map<Integer, Change.Relation> relations = new HashMap<>();
    private final WalGuard walGuard;
    private final IntConsumer remoteMirrors;
    private final @Nullable RemoteSide remote;
    private final CatalogTypes types = new CatalogTypes(this::connectHome);

    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final Closer closer = new Closer();
    private @Nullable MirrorTables tables;
    private @Nullable ReplicationStream stream;
    private volatile @Nullable Thread applier;
    private int registryRelation;
    private volatile Lsn confirmed = Lsn.NONE;
    private volatile boolean closed;

    /// A session of the database's own log.
    ///
    /// @param remoteMirrors told of a transaction that made, changed or dropped mirrors of remote sources
    Session(Followed followed, SessionResources resources, SnapshotBoard board, IntConsumer remoteMirrors) {
        this(followed, resources, board, remoteMirrors, null);
    }

    /// @param remoteMirrors told when the mirrors of a remote source are to be looked at
    /// @param remote what is different for a remote source, null for the local one
    Session(
            Followed followed,
            SessionResources resources,
            SnapshotBoard board,
            IntConsumer remoteMirrors,
            @Nullable RemoteSide remote) {
        this.remote = remote;
        this.followed = followed;
        this.resources = resources;
        this.remoteMirrors = remoteMirrors;
        this.publisher = new Publisher(board, mirrors, position);
        this.walGuard = new WalGuard(this, followed, resources.settings());
    }

    /// Connects, loads every registered mirror and starts to follow the slot; false when the
    /// extension is not there.
    boolean open() throws SQLException {
        Lsn start;
        try (Connection home = connectHome()) {
            if (!Connections.hasExtension(home)) {
                return false;
            }
            MirrorTables opened = closer.register(new MirrorTables(followed, resources));
            tables = opened;
            MirrorLoader loader = new MirrorLoader(this, opened, position);
            if (followed.isLocal()) {
                loader.dropOrphans(home);
            }
            start = slot(home);
            confirmed = start;
            registryRelation = (int) Connections.number(home, "SELECT 'mooncake.tables'::regclass::oid::int8");
            loader.loadAll(registrations(home), mirrors, publisher);
        }
        ReplicationStream opened = closer.register(ReplicationStream.start(
                followed.source(), followed.slot(), followed.publication(), start, resources.scratch()));
        stream = opened;
        applier = Thread.ofPlatform()
                .name("apply-" + followed.displayName())
                .start(new StreamApplier(this, opened, position, mirrors));
        Thread.ofPlatform().name("tick-" + followed.displayName()).daemon().start(this::tick);
        startCopies();
        log.info("database={} slot={} follows from lsn={}", followed.displayName(), followed.slot(), start);
        return true;
    }

    private List<Registration> registrations(Connection home) throws SQLException {
        RemoteSide side = remote;
        if (side == null) {
            return RegistryReader.local(home, types());
        }
        try (Connection source = connectSource()) {
            return side.registrations(home, source, types());
        }
    }

    private void startCopies() {
        lock.lock();
        try {
            mirrors.all().stream()
                    .filter(pipeline -> pipeline.state() instanceof MirrorState.Copying)
                    .forEach(jobs::startCopy);
        } finally {
            lock.unlock();
        }
    }

    /// The slot, made when there is none. Without one that can be read nobody has kept the log
    /// since the mirrors' last commits: they are to be copied anew. That is written down before a
    /// new slot is made, so that an engine that dies in between does it once more.
    private Lsn slot(Connection home) throws SQLException {
        try (Connection source = connectSource()) {
            if (!followed.isLocal()) {
                RemotePublication.ensure(source, followed.publication());
            }
            Optional<SlotState> present = Slots.read(source, followed.slot());
            boolean lost = present.isPresent() && present.get().lost();
            if (present.isEmpty() || lost) {
                if (!RegistryReader.catalogued(home).isEmpty()) {
                    int mirrored = RegistryReader.requestResyncOfAll(home, followed.uri());
                    log.warn(
                            "event=slot_lost database={} slot={} wal_status={} mirrors={} are copied anew",
                            followed.displayName(),
                            followed.slot(),
                            present.map(SlotState::walStatus).orElse("dropped"),
                            mirrored);
                }
                if (lost) {
                    Slots.dropActive(source, followed.slot(), SLOT_DROP_MAX);
                }
            }
            return Slots.ensure(source, followed.slot(), resources.settings().failoverSlots());
        }
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

    /// Whether the changes of this relation say which mirrors there are; never true for a remote
    /// source.
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
        relations.put(relation.oid(), relation);
        for (MirrorPipeline pipeline : mirrors.of(relation.oid())) {
            pipeline.relation(relation);
            Registration known = pipeline.registration();
            if (remote != null && known != null && RemoteSide.hasNews(known, relation)) {
                remoteMirrors.accept(position.xid());
            }
        }
    }

    /// Any thread. Makes a mirror's source ready to be copied; null when the mirror has to wait.
    @Nullable
    Registration prepared(Registration registration) throws SQLException {
        RemoteSide side = remote;
        if (side == null) {
            return registration;
        }
        try (Connection home = connectHome();
                Connection source = connectSource()) {
            return side.prepared(home, source, registration);
        }
    }

    /// Shows what was changed by others than the applier, unless it is amid a transaction.
    void publishIfBetween() {
        if (!position.inTransaction()) {
            publisher.publish();
        }
    }

    void transactionEnded() {
        registry.transactionEnded();
        Set<MirrorPipeline> waiting = mirrors.catchingUp();
        if (!waiting.isEmpty()) {
            waiting.removeIf(pipeline ->
                    pipeline.becomeLiveIfCaughtUp() || !(pipeline.state() instanceof MirrorState.CatchingUp));
        }
    }

    void remoteMirrorsChanged() {
        remoteMirrors.accept(position.xid());
    }

    /// A mirror that is to be copied from here on.
    MirrorPipeline newPipeline(int mirror, int source, int resync) {
        ChangeQueue queue = new ChangeQueue(resources.scratch());
        Change.Relation known = relations.get(source);
        if (known != null) {
            queue.append(known);
        }
        return new MirrorPipeline(mirror, source, resync, position, new MirrorState.Copying(queue));
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

    private void dropSlot() {
        try (Connection connection = connectSource()) {
            Slots.dropActive(connection, followed.slot(), SLOT_DROP_MAX);
        } catch (SQLException e) {
            throw new MooncakeException(ErrorCode.SLOT_UNAVAILABLE, followed.slot() + " not dropped", e);
        }
    }

    /// Any thread. Gives the slot up: the next session copies the mirrors anew behind a new one.
    void abandonSlot(String why) {
        ReplicationStream open = stream;
        if (open != null) {
            open.close();
        }
        dropSlot();
        end.complete(new End.Broken(why, true));
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
        return walGuard.warning();
    }

    /// Finds the types of columns.
    CatalogTypes types() {
        return types;
    }

    /// To the database with the mirrors and the registry.
    Connection connectHome() throws SQLException {
        return Connections.open(followed.home());
    }

    /// To the database with the sources and the slot.
    Connection connectSource() throws SQLException {
        return Connections.open(followed.source());
    }

    TableCopy openCopy(Registration mirror) {
        return TableCopy.open(followed.source(), mirror.sourceNamespace(), mirror.sourceName());
    }

    /// The mirror as it is registered in the copy's snapshot; one of a remote source is as it was
    /// `seen`.
    Registration registrationIn(TableCopy copy, Registration seen) throws SQLException {
        if (!followed.isLocal()) {
            return seen;
        }
        List<Row> rows = copy.query(
                RegistryReader.MIRRORS + " WHERE t.mirror = " + Integer.toUnsignedString(seen.mirror()) + "::oid");
        if (rows.isEmpty()) {
            throw new CancellationException("the mirror was dropped");
        }
        Registration registration = RegistryReader.registration(rows.getFirst().values()::get, types());
        if (!registration.qualifiedSource().equals(seen.qualifiedSource())) {
            throw new MooncakeException(
                    ErrorCode.POSTGRES_FAILED, "table " + seen.qualifiedSource() + " was renamed before its copy");
        }
        return registration;
    }

    /// Someone waits for what is in the log: the applier is not to let it gather, and the server is to
    /// tell how far it is.
    void requestProgress() {
        LockSupport.unpark(applier);
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
                    jobs.considerActive();
                    confirm();
                    walGuard.tick();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Tells the slot up to where everything is durable: what no mirror needs again after a crash.
    /// Under the lock.
    void confirm() {
        Lsn safe = jobs.safeToConfirm(position.applied());
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
