package mooncake.server;

import java.io.IOException;
import java.util.List;
import mooncake.duckdb.DuckChunk;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckResult;
import mooncake.duckdb.DuckType;
import mooncake.query.encode.ResultEncoder;
import mooncake.query.frame.BatchBuilder;
import mooncake.query.frame.Target;
import org.jspecify.annotations.Nullable;

/// Runs SQL and sends its rows as they come.
final class RowStream {
    private final DuckConnection connection;
    private final List<Target> targets;
    private final RequestHandler.BatchSink sink;
    private long nanos;

    RowStream(DuckConnection connection, List<Target> targets, RequestHandler.BatchSink sink) {
        this.connection = connection;
        this.targets = targets;
        this.sink = sink;
    }

    /// The number of rows.
    ///
    /// @param held what keeps the rows until the last is there, null to send each when it comes
    long send(String sql, @Nullable HeldRows held) throws IOException {
        long from = System.nanoTime();
        String rows = held == null ? sql : held.hold(sql);
        try (DuckResult result = connection.query(rows)) {
            nanos += System.nanoTime() - from;
            return send(result);
        }
    }

    private long send(DuckResult result) throws IOException {
        List<DuckType> types = result.types().subList(0, targets.size());
        ResultEncoder encoder = new ResultEncoder(targets, types);
        long rows = 0;
        try (BatchBuilder batch = new BatchBuilder(ResultEncoder.kinds(targets, types))) {
            for (DuckChunk chunk = next(result); chunk != null; chunk = next(result)) {
                encoder.append(chunk, batch, sink::send);
                rows += chunk.rows();
            }
            if (batch.rows() > 0) {
                sink.send(batch);
            }
        }
        return rows;
    }

    private @Nullable DuckChunk next(DuckResult result) {
        long from = System.nanoTime();
        DuckChunk chunk = result.next();
        nanos += System.nanoTime() - from;
        return chunk;
    }

    /// How long DuckDB has worked, without the time that sending took.
    long nanos() {
        return nanos;
    }
}
