package mooncake.server;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.model.ReadView;
import mooncake.query.translate.Translation;

/// The mirrors of one running query, readable by its SQL until it is closed.
final class RegisteredViews implements Translation.MirrorSource, AutoCloseable {
    private final DuckDb duckDb;
    private final DuckConnection connection;
    private final SnapshotBoard.Snapshot snapshot;
    private final List<Long> registered = new ArrayList<>();

    RegisteredViews(DuckDb duckDb, DuckConnection connection, SnapshotBoard.Snapshot snapshot) {
        this.duckDb = duckDb;
        this.connection = connection;
        this.snapshot = snapshot;
    }

    @Override
    public String select(Translation.MirrorUse use) {
        ReadView view = QueryService.view(snapshot, use.relation());
        return select(view, ViewColumns.positions(view, use.columns()));
    }

    /// The sub-SELECT of the columns at the given positions.
    String select(ReadView view, List<Integer> positions) {
        long handle = duckDb.views().register(view);
        registered.add(handle);
        return duckDb.select(connection, view, handle, positions);
    }

    @Override
    public void close() {
        registered.forEach(duckDb.views()::release);
    }
}
