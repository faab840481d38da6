package mooncake.server;

import java.util.Map;
import java.util.Set;
import mooncake.model.Counted;
import mooncake.model.ReadView;
import org.jspecify.annotations.Nullable;

/// The views of all readable mirrors of one database at one moment; whoever retains it keeps their
/// batches and files.
///
/// The next set shares everything that did not change, so that publishing costs what changed and
/// not what there is.
final class ViewSet extends Counted {
    static final ViewSet EMPTY = new ViewSet(null);

    /// One mirror's view; `lease` keeps its files from being removed when the mirror is dropped.
    ///
    /// @param stale rows of an earlier copy, only for readers that do not ask for the newest
    record Shown(ReadView view, Lease lease, boolean stale) {
        Shown(ReadView view, Lease lease) {
            this(view, lease, false);
        }

        Shown retained(boolean asStale) {
            view.holdings().retain();
            lease.retain();
            return new Shown(view, lease, asStale);
        }

        void release() {
            view.holdings().release();
            lease.release();
        }
    }

    private final @Nullable ViewNode root;

    /// Takes over one hold of the tree.
    private ViewSet(@Nullable ViewNode root) {
        this.root = root;
    }

    /// The next set: `changed` replaces or adds views (one hold of each view and lease passes to
    /// the set), `gone` leaves them out.
    ViewSet with(Map<Integer, Shown> changed, Set<Integer> gone) {
        return with(changed, gone, Set.of());
    }

    /// The same; of the `stale` ones that are shown already it becomes known that they are old.
    ViewSet with(Map<Integer, Shown> changed, Set<Integer> gone, Set<Integer> stale) {
        ViewNode next = root;
        if (next != null) {
            next.retain();
        }
        for (int mirror : gone) {
            next = replaced(next, mirror, null);
        }
        for (int mirror : stale) {
            Shown before = shown(mirror);
            if (before != null && !before.stale()) {
                next = replaced(next, mirror, before.retained(true));
            }
        }
        for (Map.Entry<Integer, Shown> entry : changed.entrySet()) {
            next = replaced(next, entry.getKey(), entry.getValue());
        }
        return new ViewSet(next);
    }

    /// Uses up a hold of `before`.
    private static @Nullable ViewNode replaced(@Nullable ViewNode before, int mirror, @Nullable Shown shown) {
        ViewNode next;
        if (before == null) {
            next = shown == null ? null : new ViewNode.Leaf(mirror, shown);
        } else {
            next = before.with(mirror, shown, 0);
            before.release();
        }
        return next;
    }

    @Nullable
    Shown shown(int mirror) {
        return root == null ? null : root.find(mirror, 0);
    }

    /// The mirror's view, however old.
    @Nullable
    ReadView view(int mirror) {
        Shown one = shown(mirror);
        return one == null ? null : one.view();
    }

    @Override
    protected void free() {
        if (root != null) {
            root.release();
        }
    }
}
