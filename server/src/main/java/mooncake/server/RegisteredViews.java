package mooncake.server;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.ViewHandles;
import mooncake.duckdb.ViewSql;
import mooncake.model.ReadView;
import mooncake.query.translate.Translation;

/// The mirrors of one running query, readable by its SQL until it is closed.
final class RegisteredViews implements Translation.MirrorSource, AutoCloseable {
    private final ViewHandles handles;
    private final SnapshotBoard.Snapshot snapshot;
    private final List<Long> registered = new ArrayList<>();

    RegisteredViews(ViewHandles handles, SnapshotBoard.Snapshot snapshot) {
        this.handles = handles;
        this.snapshot = snapshot;
    }

    @Override
    public String select(Translation.MirrorUse use) {
        ReadView view = QueryService.view(snapshot, use.relation());
        long handle = handles.register(view);
        registered.add(handle);
        return ViewSql.select(
                view, handle, use.columns().stream().map(attribute -> attribute - 1).toList());
    }

    @Override
    public void close() {
        registered.forEach(handles::release);
    }
}
