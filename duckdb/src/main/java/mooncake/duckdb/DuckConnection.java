package mooncake.duckdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// A session of a [DuckDb], used by one thread at a time, with at most one open [DuckResult].
///
/// An interrupt sticks: the running statement and every later one fail with `QUERY_CANCELLED` until
/// [#clearInterrupt]. So an interrupt is never lost, however it races with the start of a statement.
public final class DuckConnection implements AutoCloseable {
    private final long connection;
    private final Runnable onClose;
    private final ReentrantLock life = new ReentrantLock();
    private boolean closed;
    private volatile boolean interrupted;
    private int openResults;

    DuckConnection(long connection, Runnable onClose) {
        this.connection = connection;
        this.onClose = onClose;
    }

    long handle() {
        return connection;
    }

    boolean isInterrupted() {
        return interrupted;
    }

    void resultClosed() {
        openResults--;
    }

    /// Runs one statement to its end and drops its rows.
    public void execute(String sql) {
        try (DuckResult result = query(sql)) {
            while (result.next() != null) {
                // The stream must be drained for the statement to have run.
            }
        }
    }

    /// Starts one statement; its rows are produced as they are read. The result must be closed before the next
    /// statement.
    public DuckResult query(String sql) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statement = arena.allocate(Memory.LONG);
            try {
                prepare(arena, sql, statement);
                return start(arena, statement.get(Memory.LONG, 0));
            } finally {
                Api.DESTROY_PREPARE.call(statement.address());
            }
        }
    }

    /// Binds and plans one statement without running it; fails as running it would for SQL that DuckDB does not take.
    public void prepare(String sql) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statement = arena.allocate(Memory.LONG);
            try {
                prepare(arena, sql, statement);
            } finally {
                Api.DESTROY_PREPARE.call(statement.address());
            }
        }
    }

    private void prepare(Arena arena, String sql, MemorySegment statement) {
        Check.that(!closed, "statement on a closed connection");
        Check.that(openResults == 0, "statement while a result is open");
        long state = Api.PREPARE.call(connection, Memory.cString(arena, sql), statement.address());
        if (NativeCall.asInt(state) != 0) {
            throw failure(Memory.string(Api.PREPARE_ERROR.call(statement.get(Memory.LONG, 0))));
        }
    }

    /// Sets the time zone that this session computes in, by its IANA name.
    public void setTimeZone(String zone) {
        execute("SET TimeZone = " + ViewSql.quote(zone));
    }

    /// Stops the running statement, from any thread; harmless on a closed connection.
    public void interrupt() {
        life.lock();
        try {
            interrupted = true;
            if (!closed) {
                Api.INTERRUPT.call(connection);
            }
        } finally {
            life.unlock();
        }
    }

    /// Makes the connection usable again after an interrupt; for the owner, once nobody else can interrupt the old use.
    public void clearInterrupt() {
        interrupted = false;
    }

    @Override
    public void close() {
        life.lock();
        try {
            if (closed) {
                return;
            }
            Check.that(openResults == 0, "connection closed while a result is open");
            closed = true;
            try (Arena arena = Arena.ofConfined()) {
                Api.DISCONNECT.call(arena.allocateFrom(Memory.LONG, connection).address());
            }
            onClose.run();
        } finally {
            life.unlock();
        }
    }

    /// An error of this connection; whatever DuckDB says after an interrupt means that it was cancelled.
    MooncakeException failure(String text) {
        return interrupted ? cancelled() : DuckErrors.of(text);
    }

    static MooncakeException cancelled() {
        return new MooncakeException(ErrorCode.QUERY_CANCELLED, "the query was cancelled");
    }

    /// Tells tasks of the current statement to end. Without it, dropping an unfinished statement waits for its tasks.
    void stopTasks() {
        Api.INTERRUPT.call(connection);
    }

    /// DuckDB forgets earlier interrupts when a statement becomes pending. So the flag is looked at between that and
    /// the
    /// execution: an interrupt before is seen here, one after reaches the execution.
    private DuckResult start(Arena arena, long statement) {
        MemorySegment pending = arena.allocate(Memory.LONG);
        try {
            long state = Api.PENDING_STREAMING.call(statement, pending.address());
            if (NativeCall.asInt(state) != 0) {
                throw failure(Memory.string(Api.PENDING_ERROR.call(pending.get(Memory.LONG, 0))));
            }
            if (interrupted) {
                stopTasks();
                throw cancelled();
            }
            long result = Api.MALLOC.call(Api.RESULT_BYTES);
            Memory.ALL.asSlice(result, Api.RESULT_BYTES).fill((byte) 0);
            long executed = Api.EXECUTE_PENDING.call(pending.get(Memory.LONG, 0), result);
            if (NativeCall.asInt(executed) != 0) {
                String text = Memory.string(Api.RESULT_ERROR.call(result));
                DuckResult.destroy(result);
                throw failure(text);
            }
            openResults++;
            return new DuckResult(this, result);
        } finally {
            Api.DESTROY_PENDING.call(pending.address());
        }
    }
}
