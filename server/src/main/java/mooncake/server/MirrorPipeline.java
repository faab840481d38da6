package mooncake.server;

import mooncake.lake.LakeTable;
import mooncake.mirror.MirrorTable;
import mooncake.model.Change;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.copy.CopySnapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One mirror from change to table: routes each change by the mirror's [MirrorState].
///
/// All methods are called under the session's lock unless they say otherwise.
final class MirrorPipeline {
    private static final Logger log = LoggerFactory.getLogger(MirrorPipeline.class);

    private final int mirror;
    private final int source;
    private final StreamPosition position;
    private final Lease lease = new Lease();
    private volatile MirrorState state;
    private volatile @Nullable Registration registration;
    private @Nullable MirrorTable table;
    private volatile @Nullable LakeTable lakeTable;
    private volatile Lsn committed = Lsn.NONE;

    /// Where the first Iceberg commit stands that was begun: it may be durable before anyone knows.
    private Lsn firstBegun = Lsn.NONE;
    private volatile @Nullable String lastError;
    private Change.@Nullable Relation unchecked;
    private int queuedXid;
    private boolean changedSincePublish;
    private long oldestChangeNanos;
    private boolean dirty;
    private volatile boolean failureRecorded;

    MirrorPipeline(int mirror, int source, StreamPosition position, MirrorState state) {
        this.mirror = mirror;
        this.source = source;
        this.position = position;
        this.state = state;
    }

    int mirror() {
        return mirror;
    }

    int source() {
        return source;
    }

    /// Any thread.
    MirrorState state() {
        return state;
    }

    /// Any thread: the LSN of the last Iceberg commit, `NONE` before the first.
    Lsn committed() {
        return committed;
    }

    /// Any thread: the last background failure that is being retried, or null.
    @Nullable
    String lastError() {
        return lastError;
    }

    void lastError(@Nullable String error) {
        lastError = error;
    }

    /// Any thread: null until the registry row has been read.
    @Nullable
    Registration registration() {
        return registration;
    }

    String displayName() {
        Registration known = registration;
        return known == null ? "OID " + Integer.toUnsignedLong(mirror) : known.qualifiedName();
    }

    MirrorTable table() {
        MirrorTable known = table;
        if (known == null) {
            throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "mirror " + displayName() + " has no table yet");
        }
        return known;
    }

    LakeTable lakeTable() {
        LakeTable known = lakeTable;
        if (known == null) {
            throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "mirror " + displayName() + " has no lake table");
        }
        return known;
    }

    boolean hasLakeTable() {
        return lakeTable != null;
    }

    /// The registry holds the failure durably.
    void failureRecorded() {
        failureRecorded = true;
    }

    /// Gives the mirror its tables, before any change is applied to them.
    void attach(Registration known, MirrorTable newTable, LakeTable newLakeTable, Lsn alreadyCommitted) {
        registration = known;
        table = newTable;
        lakeTable = newLakeTable;
        committed = alreadyCommitted;
    }

    /// The copy that made the tables failed; the next one makes new ones.
    void detach() {
        table = null;
        lakeTable = null;
        dirty = false;
    }

    mooncake.model.TableSchema schema() {
        Registration known = registration;
        if (known == null) {
            throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "mirror " + displayName() + " is not identified");
        }
        return known.schema();
    }

    /// What is wrong with the description of the source that the log gave before the registry row was read, or null.
    @Nullable
    MooncakeException identify(Registration known) {
        registration = known;
        Change.Relation described = unchecked;
        unchecked = null;
        return described == null ? null : checkRelation(described);
    }

    /// Applies, queues or skips one row change of the source.
    void apply(Change change) {
        switch (state) {
            case MirrorState.Copying copying -> {
                if (queuedXid != position.xid()) {
                    queuedXid = position.xid();
                    copying.queue().begin(queuedXid);
                }
                copying.queue().append(change);
            }
            case MirrorState.CatchingUp catchingUp -> {
                if (!catchingUp.snapshot().sees(position.xid())) {
                    applyToTable(change);
                }
            }
            case MirrorState.Live _ -> {
                if (position.commitLsn().reaches(committed)) {
                    applyToTable(change);
                }
            }
            case MirrorState.Failed _, MirrorState.Dropped _ -> {}
        }
    }

    /// Also called by the copier for queued changes, when it is the table's only writer.
    void applyToTable(Change change) {
        MirrorTable target = table();
        markChanged();
        switch (change) {
            case Change.Insert insert -> target.insert(insert.row());
            case Change.Update update -> target.update(update.old(), update.row());
            case Change.Delete delete -> target.delete(delete.old());
            case Change.Truncate _ -> target.truncate();
            case Change.Begin _, Change.Commit _, Change.Relation _, Change.Message _, Change.Progress _ ->
                throw new IllegalArgumentException("no row change: " + change);
        }
    }

    void markChanged() {
        if (!dirty) {
            dirty = true;
            oldestChangeNanos = System.nanoTime();
        }
        changedSincePublish = true;
    }

    /// The source's columns, as the log describes them, must still be those that the mirror was made for; what is
    /// wrong otherwise, or null.
    @Nullable
    MooncakeException checkRelation(Change.Relation relation) {
        Registration known = registration;
        if (known == null) {
            unchecked = relation;
            return null;
        }
        if (state instanceof MirrorState.Failed || state instanceof MirrorState.Dropped) {
            return null;
        }
        return SchemaComparison.failure(known, SchemaComparison.difference(known.schema(), relation));
    }

    void startCatchingUp(CopySnapshot snapshot) {
        Check.that(state instanceof MirrorState.Copying, "mirror %s is %s", displayName(), state.label());
        state = new MirrorState.CatchingUp(snapshot);
    }

    /// Whether the log has passed the copy's snapshot, so that the mirror became readable just now.
    boolean becomeLiveIfCaughtUp() {
        if (state instanceof MirrorState.CatchingUp(CopySnapshot snapshot)
                && position.applied().reaches(snapshot.lsn())) {
            becomeLive();
            return true;
        }
        return false;
    }

    void becomeLive() {
        state = new MirrorState.Live();
        changedSincePublish = true;
        log.info("mirror={} state=live lsn={}", displayName(), position.applied());
    }

    void fail(MooncakeException cause) {
        if (state instanceof MirrorState.Dropped) {
            return;
        }
        log.error("mirror={} code={} failed: {}", displayName(), cause.code().label(), cause.text(), cause);
        closeQueue();
        state = new MirrorState.Failed(cause);
        lastError = cause.text();
        changedSincePublish = true;
    }

    void drop() {
        closeQueue();
        state = new MirrorState.Dropped();
    }

    private void closeQueue() {
        if (state instanceof MirrorState.Copying(ChangeQueue queue)) {
            queue.close();
        }
    }

    boolean isLive() {
        return state instanceof MirrorState.Live;
    }

    /// Whether changes go to the table directly.
    boolean isFollowing() {
        return state instanceof MirrorState.Live || state instanceof MirrorState.CatchingUp;
    }

    /// Rows moved from memory to a file: the next view stands on other parts and says the same.
    void markContainersMoved() {
        changedSincePublish = true;
    }

    boolean changedSincePublish() {
        return changedSincePublish;
    }

    /// Readers no longer see the mirror.
    void published() {
        changedSincePublish = false;
    }

    /// Any thread: where the Iceberg table lies, or null before it exists.
    @Nullable
    String location() {
        LakeTable known = lakeTable;
        return known == null ? null : known.location();
    }

    /// What to publish; the caller takes over one hold of the view and of the lease.
    ViewSet.Shown takeView() {
        changedSincePublish = false;
        lease.retain();
        return new ViewSet.Shown(table().view(), lease);
    }

    /// The hold on the mirror's files that every published view shares.
    Lease lease() {
        return lease;
    }

    /// Whether the table holds anything that no Iceberg commit holds.
    boolean dirty() {
        return dirty;
    }

    long ageNanos() {
        return dirty ? System.nanoTime() - oldestChangeNanos : 0;
    }

    /// A flush captured the table's whole state: what changes from now on is new.
    void markSealed() {
        dirty = false;
    }

    /// The captured state did not become durable after all.
    void markDirtyAgain() {
        markChanged();
    }

    /// An Iceberg commit at `lsn` is under way.
    void commitBegins(Lsn lsn) {
        if (firstBegun.isNone()) {
            firstBegun = lsn;
        }
    }

    void committed(Lsn lsn) {
        committed = lsn;
        lastError = null;
    }

    /// The slot may be advanced to here as far as this mirror is concerned; null when it does not care: nothing is
    /// pending, or a restart would copy the source again anyway.
    @Nullable
    Lsn safeToConfirm(boolean flushing) {
        return switch (state) {
            case MirrorState.Live _ -> dirty || flushing ? restartsFrom() : null;
            case MirrorState.Failed _ -> failureRecorded ? null : restartsFrom();
            case MirrorState.Copying _, MirrorState.CatchingUp _, MirrorState.Dropped _ -> null;
        };
    }

    /// The earliest commit that the next engine may find, or null when it will surely find none and copy.
    private @Nullable Lsn restartsFrom() {
        Lsn earliest = committed.isNone() ? firstBegun : committed;
        return earliest.isNone() ? null : earliest;
    }

    void close() {
        closeQueue();
        if (table != null) {
            table.close();
            table = null;
        }
    }
}
