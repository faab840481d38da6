package mooncake.server;

import java.util.List;
import java.util.function.Consumer;
import mooncake.lake.LakeTable;
import mooncake.mirror.MirrorTable;
import mooncake.model.Change;
import mooncake.model.Check;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
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
    private final int resync;
    private final StreamPosition position;
    private final Lease lease = new Lease();
    private final Durability durability = new Durability();
    private Consumer<MirrorPipeline> watcher = _ -> {};
    private volatile MirrorState state;
    private volatile @Nullable Registration registration;
    private @Nullable MirrorWriter writer;
    private volatile @Nullable LakeTable lakeTable;
    private @Nullable Inheritance inheritance;
    private ViewSet.@Nullable Shown loaded;
    private List<DataFile> files = List.of();
    private volatile @Nullable String lastError;
    private volatile boolean detached;
    private boolean showsOld;
    private int queuedXid;
    private boolean changedSincePublish;
    private boolean changedSinceConsidered;

    /// @param resync which copy of the source this is
    MirrorPipeline(int mirror, int source, int resync, StreamPosition position, MirrorState state) {
        this.mirror = mirror;
        this.source = source;
        this.resync = resync;
        this.position = position;
        this.state = state;
    }

    int mirror() {
        return mirror;
    }

    int source() {
        return source;
    }

    int resync() {
        return resync;
    }

    /// Any thread.
    MirrorState state() {
        return state;
    }

    /// Any thread: the state as users see it.
    String label() {
        return detached && isLive() ? "detached" : state.label();
    }

    /// Any thread: what of it is in Iceberg.
    Durability durability() {
        return durability;
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

    Registration registered() {
        Registration known = registration;
        if (known == null) {
            throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "mirror " + displayName() + " is not identified");
        }
        return known;
    }

    String displayName() {
        Registration known = registration;
        return known == null ? "OID " + Integer.toUnsignedLong(mirror) : known.qualifiedName();
    }

    MirrorTable table() {
        return writer().table();
    }

    private MirrorWriter writer() {
        MirrorWriter known = writer;
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

    /// Any thread: where the Iceberg table lies, or null before it exists.
    @Nullable
    String location() {
        LakeTable known = lakeTable;
        return known == null ? null : known.location();
    }

    /// Told whenever there is something to publish or to flush.
    void watch(Consumer<MirrorPipeline> newWatcher) {
        watcher = newWatcher;
    }

    /// Says which mirror this is, before it has tables.
    void identify(Registration known) {
        registration = known;
        detached = known.detached();
    }

    /// Any thread: whether the source was dropped, so that it cannot be copied again.
    boolean isDetached() {
        return detached;
    }

    /// The source was dropped.
    void detach() {
        detached = true;
    }

    /// Gives the mirror its tables, before any change is applied to them.
    void attach(MirrorWriter filled, LakeTable newLakeTable, Lsn alreadyCommitted) {
        registration = filled.registration();
        writer = filled;
        lakeTable = newLakeTable;
        inheritance = null;
        durability.committed(alreadyCommitted);
    }

    /// Applies, queues or skips one row change of the source.
    void apply(Change change) {
        switch (state) {
            case MirrorState.Copying(ChangeQueue queue) -> {
                beginQueued(queue);
                queue.append(change);
            }
            case MirrorState.CatchingUp _, MirrorState.Live _ -> {
                if (isNew()) {
                    writer().apply(change);
                    markChanged();
                }
            }
            case MirrorState.Broken _, MirrorState.Failed _, MirrorState.Dropped _ -> {}
        }
    }

    /// How the source's rows are made up from here on.
    void relation(Change.Relation relation) {
        switch (state) {
            case MirrorState.Copying(ChangeQueue queue) -> queue.append(relation);
            case MirrorState.CatchingUp _, MirrorState.Live _ -> writer().relation(relation);
            case MirrorState.Broken _, MirrorState.Failed _, MirrorState.Dropped _ -> {}
        }
    }

    /// The definition changed at this point of the log.
    void evolve(int generation, String definition) {
        switch (state) {
            case MirrorState.Copying(ChangeQueue queue) -> {
                beginQueued(queue);
                queue.append(generation, definition);
            }
            case MirrorState.CatchingUp _, MirrorState.Live _ -> {
                if (isNew() && writer().evolve(generation, definition)) {
                    registration = writer().registration();
                    markChanged();
                    log.info("mirror={} generation={} evolved", displayName(), generation);
                }
            }
            case MirrorState.Broken _, MirrorState.Failed _, MirrorState.Dropped _ -> {}
        }
    }

    private void beginQueued(ChangeQueue queue) {
        if (queuedXid != position.xid()) {
            queuedXid = position.xid();
            queue.begin(queuedXid);
        }
    }

    /// Whether the table does not hold the current transaction yet.
    private boolean isNew() {
        return switch (state) {
            case MirrorState.CatchingUp(CopySnapshot snapshot) -> !snapshot.sees(position.xid());
            case MirrorState.Live _ -> position.commitLsn().reaches(durability.committed());
            case MirrorState.Copying _, MirrorState.Broken _, MirrorState.Failed _, MirrorState.Dropped _ -> false;
        };
    }

    /// The table holds something that no Iceberg commit holds.
    void markChanged() {
        durability.changed();
        if (!changedSincePublish || !changedSinceConsidered) {
            touch();
        }
    }

    /// There is something to publish or to consider.
    void touch() {
        changedSincePublish = true;
        changedSinceConsidered = true;
        watcher.accept(this);
    }

    void startCatchingUp(CopySnapshot snapshot) {
        Check.that(state instanceof MirrorState.Copying, "mirror %s is %s", displayName(), state.label());
        state = new MirrorState.CatchingUp(snapshot);
        markChanged();
    }

    /// Whether the log has passed the copy's snapshot, so that the mirror became readable just now.
    boolean becomeLiveIfCaughtUp() {
        if (state instanceof MirrorState.CatchingUp(CopySnapshot snapshot)
                && position.applied().reaches(snapshot.lsn())) {
            state = new MirrorState.Live();
            showsOld = false;
            lastError = null;
            touch();
            log.info("mirror={} state=live lsn={}", displayName(), position.applied());
            return true;
        }
        return false;
    }

    /// Waits to be copied anew or resynced by the user; `newState` says which.
    void stop(MirrorState newState, MooncakeException cause) {
        if (state instanceof MirrorState.Dropped) {
            return;
        }
        closeQueue();
        state = newState;
        lastError = cause.text();
        showsOld = newState instanceof MirrorState.Broken;
        touch();
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

    /// Any thread.
    boolean isLive() {
        return state instanceof MirrorState.Live;
    }

    /// Whether changes go to the table directly.
    boolean isFollowing() {
        return state instanceof MirrorState.Live || state instanceof MirrorState.CatchingUp;
    }

    /// Whether readers that do not ask for the newest may see rows of an earlier copy.
    boolean showsOld() {
        return showsOld;
    }

    void showOld(boolean shows) {
        showsOld = shows;
        touch();
    }

    /// A view of an earlier copy that was found at the start, handed over once; else null.
    ViewSet.@Nullable Shown takeLoaded() {
        ViewSet.Shown taken = loaded;
        loaded = null;
        return taken;
    }

    /// Has rows of an earlier copy that were found at the start shown.
    void showLoaded(ViewSet.Shown view) {
        loaded = view;
        showsOld = true;
    }

    /// A mirror to be copied anew takes over what an earlier copy left behind.
    void inherit(@Nullable Inheritance inherited) {
        inheritance = inherited;
    }

    @Nullable
    Inheritance inheritance() {
        return inheritance;
    }

    /// What the next copy takes over; this one is closed.
    @Nullable
    Inheritance bequeath() {
        close();
        Inheritance own = inheritance;
        inheritance = null;
        LakeTable table = lakeTable;
        if (own != null || table == null) {
            lease.release();
            return own;
        }
        return new Inheritance(table, registered(), lease, files);
    }

    /// Readers have been shown, or no longer see, the newest of it.
    void published() {
        changedSincePublish = false;
    }

    void considered() {
        changedSinceConsidered = false;
    }

    /// What to publish; the caller takes over one hold of the view and of the lease.
    ViewSet.Shown takeView() {
        lease.retain();
        return new ViewSet.Shown(table().view(), lease);
    }

    /// Whether the mirror's rows lie in this file, among others.
    boolean hasFile(String path) {
        ReadView now = table().view();
        try {
            return now.files().stream().anyMatch(view -> view.file().path().equals(path));
        } finally {
            now.holdings().release();
        }
    }

    /// The hold on the mirror's files that every published view shares.
    Lease lease() {
        return lease;
    }

    /// The slot may be advanced to here as far as this mirror is concerned; null when it does not
    /// care: nothing is pending, or a restart would copy the source again anyway.
    @Nullable
    Lsn safeToConfirm(boolean flushing) {
        return switch (state) {
            case MirrorState.Live _ -> durability.pending() || flushing ? durability.restartsFrom() : null;
            case MirrorState.Failed _, MirrorState.Broken _ ->
                durability.failureRecorded() ? null : durability.restartsFrom();
            case MirrorState.Copying _, MirrorState.CatchingUp _, MirrorState.Dropped _ -> null;
        };
    }

    /// Whether a look at it now and then is needed: something is to be flushed or holds the slot
    /// back.
    boolean needsAttention() {
        return switch (state) {
            case MirrorState.Live _ ->
                durability.pending() || durability.committed().isNone();
            case MirrorState.CatchingUp _ -> true;
            case MirrorState.Failed _, MirrorState.Broken _ -> !durability.failureRecorded();
            case MirrorState.Copying _, MirrorState.Dropped _ -> false;
        };
    }

    void close() {
        closeQueue();
        ViewSet.Shown unseen = takeLoaded();
        if (unseen != null) {
            unseen.release();
        }
        MirrorWriter open = writer;
        if (open != null) {
            ReadView last = open.table().view();
            files = last.files().stream()
                    .map(ReadView.FileView::file)
                    .distinct()
                    .toList();
            last.holdings().release();
            open.close();
            writer = null;
        }
    }
}
