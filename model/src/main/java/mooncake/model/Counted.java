package mooncake.model;

import java.util.concurrent.atomic.AtomicInteger;

/// Something shared that is freed when its last holder lets go. Born with one holder: its maker.
public abstract class Counted {
    private final AtomicInteger holders = new AtomicInteger(1);

    /// Adds a holder; only by one who is a holder already.
    public final void retain() {
        Check.that(tryRetain(), "retained after it was freed: %s", this);
    }

    /// Adds a holder unless it has been freed.
    public final boolean tryRetain() {
        for (int now = holders.get(); now > 0; now = holders.get()) {
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    public final void release() {
        int left = holders.decrementAndGet();
        Check.that(left >= 0, "released more often than retained: %s", this);
        if (left == 0) {
            free();
        }
    }

    /// Called once, on the thread of the last holder; must not block for long.
    protected abstract void free();
}
