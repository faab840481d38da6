package mooncake.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.ViewSql;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import mooncake.query.translate.Translation;
import org.jspecify.annotations.Nullable;

/// Lets DuckDB bind a translated query before it is promised to Postgres, so that SQL which DuckDB
/// does not take costs the query its speed and not its answer. Queries that are new are bound one at a
/// time, on a connection of its own; those that were seen before do not wait.
final class BindCheck implements AutoCloseable {
    private static final int KNOWN_MAX = 1_000;

    private final DuckDb duckDb;
    private @Nullable DuckConnection connection;
    private boolean closed;

    /// What became of the latest texts: the reason against each, or nothing.
    private final Map<String, Optional<String>> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<String>> eldest) {
            return size() > KNOWN_MAX;
        }
    };

    BindCheck(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /// Why DuckDB does not take the query, or nothing; nothing also while one of its mirrors cannot
    /// be read yet.
    Optional<String> refusal(Translation.Pushed pushed, SnapshotBoard.Snapshot snapshot, List<TableSchema> shipments) {
        boolean readable =
                pushed.mirrors().stream().allMatch(use -> snapshot.views().view(use.relation()) != null);
        if (!readable || pushed.countOf().isPresent()) {
            return Optional.empty();
        }
        String text =
                pushed.explain() + shipments.stream().map(BindCheck::empty).toList();
        synchronized (known) {
            Optional<String> before = known.get(text);
            if (before != null) {
                return before;
            }
        }
        Optional<String> refusal = bind(pushed, snapshot, shipments);
        synchronized (known) {
            known.put(text, refusal);
        }
        return refusal;
    }

    /// A SELECT of no rows with the columns of a shipment.
    private static String empty(TableSchema schema) {
        return schema.columns().stream()
                .map(column -> "NULL::" + column.type().duckType() + " AS " + ViewSql.name(column))
                .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    }

    private synchronized Optional<String> bind(
            Translation.Pushed pushed, SnapshotBoard.Snapshot snapshot, List<TableSchema> shipments) {
        if (closed) {
            return Optional.empty();
        }
        if (connection == null) {
            connection = duckDb.connect();
        }
        try (RegisteredViews views =
                new RegisteredViews(duckDb, connection, snapshot, number -> empty(shipments.get(number)))) {
            connection.prepare(pushed.render(views));
            return Optional.empty();
        } catch (MooncakeException e) {
            if (e.code() != ErrorCode.DUCKDB_FAILED) {
                // An error of the data or of the machine; it is for the execution to report.
                return Optional.empty();
            }
            return Optional.of("DuckDB does not take the query: "
                    + e.text().lines().findFirst().orElse(""));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (connection != null) {
            connection.close();
        }
    }
}
