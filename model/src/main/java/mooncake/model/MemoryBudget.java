package mooncake.model;

import java.util.concurrent.atomic.AtomicLong;

/// The bytes of off-heap rows that the engine may hold in all. DuckDB's own limit does not see this memory.
///
/// A reservation never fails below twice the limit: the writer flushes when [#isTight] and stops with a clear error
/// only when flushing cannot keep up.
public final class MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    public MemoryBudget(long limit) {
        this.limit = limit;
    }

    public void reserve(long bytes) {
        if (used.addAndGet(bytes) > 2 * limit) {
            used.addAndGet(-bytes);
            throw new MooncakeException(
                    ErrorCode.OUT_OF_MEMORY,
                    "in-memory rows would exceed twice their limit of " + limit + " bytes",
                    "Raise pg_mooncake.engine_memory or lower pg_mooncake.flush_size.",
                    null);
        }
    }

    public void release(long bytes) {
        used.addAndGet(-bytes);
    }

    public boolean isTight() {
        return used.get() > limit;
    }

    public long used() {
        return used.get();
    }
}
