package mooncake.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import mooncake.model.Counted;
import mooncake.model.ReadView;
import org.jspecify.annotations.Nullable;

/// The views of all readable mirrors of one database at one moment; whoever retains it keeps their batches and files.
final class ViewSet extends Counted {
    static final ViewSet EMPTY = new ViewSet(Map.of());

    /// One mirror's view; `lease` keeps its files from being removed when the mirror is dropped.
    record Shown(ReadView view, Lease lease) {
        private void retain() {
            view.holdings().retain();
            lease.retain();
        }

        private void release() {
            view.holdings().release();
            lease.release();
        }
    }

    private final Map<Integer, Shown> shown;

    private ViewSet(Map<Integer, Shown> shown) {
        this.shown = Map.copyOf(shown);
    }

    /// The next set: `changed` replaces or adds views (one hold of each view and lease passes to the set), `gone`
    /// leaves them out.
    ViewSet with(Map<Integer, Shown> changed, Set<Integer> gone) {
        Map<Integer, Shown> next = new HashMap<>(shown);
        next.keySet().removeAll(gone);
        next.keySet().removeAll(changed.keySet());
        next.values().forEach(Shown::retain);
        next.putAll(changed);
        return new ViewSet(next);
    }

    @Nullable
    ReadView view(int mirror) {
        Shown one = shown.get(mirror);
        return one == null ? null : one.view();
    }

    @Override
    protected void free() {
        shown.values().forEach(Shown::release);
    }
}
