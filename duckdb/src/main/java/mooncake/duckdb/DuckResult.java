package mooncake.duckdb;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of one statement as a stream of chunks. A chunk is valid until the next one is asked for or the result is
/// closed; closing early abandons the rest.
public final class DuckResult implements AutoCloseable {
    private final DuckConnection connection;
    private final long result;
    private final List<String> names;
    private final List<DuckType> types;
    private long chunk;
    private boolean finished;
    private boolean closed;

    DuckResult(DuckConnection connection, long result) {
        this.connection = connection;
        this.result = result;
        int count = (int) Api.COLUMN_COUNT.call(result);
        List<String> names = new ArrayList<>(count);
        List<DuckType> types = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(Memory.string(Api.COLUMN_NAME.call(result, i)));
            types.add(DuckType.take(Api.COLUMN_LOGICAL_TYPE.call(result, i)));
        }
        this.names = List.copyOf(names);
        this.types = List.copyOf(types);
    }

    public int columnCount() {
        return names.size();
    }

    public String name(int column) {
        return names.get(column);
    }

    public DuckType type(int column) {
        return types.get(column);
    }

    public List<DuckType> types() {
        return types;
    }

    /// The next chunk with at least one row, null at the end.
    public @Nullable DuckChunk next() {
        dropChunk();
        while (!finished) {
            if (connection.isInterrupted()) {
                throw DuckConnection.cancelled();
            }
            chunk = Api.fetchChunk(result);
            if (chunk == 0) {
                finished = true;
                String error = Memory.string(Api.RESULT_ERROR.call(result));
                if (!error.isEmpty()) {
                    throw connection.failure(error);
                }
            } else {
                int rows = (int) Api.CHUNK_SIZE.call(chunk);
                if (rows > 0) {
                    return new DuckChunk(chunk, rows, types);
                }
                dropChunk();
            }
        }
        return null;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            dropChunk();
            if (!finished) {
                finished = true;
                connection.stopTasks();
            }
            destroy(result);
            connection.resultClosed();
        }
    }

    static void destroy(long result) {
        Api.DESTROY_RESULT.call(result);
        Api.FREE.call(result);
    }

    private void dropChunk() {
        if (chunk != 0) {
            try (Arena arena = Arena.ofConfined()) {
                Api.DESTROY_CHUNK.call(arena.allocateFrom(Memory.LONG, chunk).address());
            }
            chunk = 0;
        }
    }
}
