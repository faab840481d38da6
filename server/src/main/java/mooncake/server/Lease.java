package mooncake.server;

import mooncake.model.Counted;

/// Held by every published set that shows a mirror and by the session that follows it; when the
/// last lets go, the mirror's files may be removed.
final class Lease extends Counted {
    private volatile Runnable onFree = () -> {};

    /// Says what happens at the end; by the session, before it lets go.
    void onFree(Runnable action) {
        onFree = action;
    }

    @Override
    protected void free() {
        onFree.run();
    }
}
