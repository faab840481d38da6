package mooncake.server;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.model.ColumnRange;
import mooncake.model.ReadView;
import mooncake.query.frame.Reply;
import mooncake.query.translate.Translation;

/// The mirrors of one running query, readable by its SQL until it is closed.
final class RegisteredViews implements Translation.MirrorSource, AutoCloseable {
    private static final long NANOS_PER_MICRO = 1_000;

    private final DuckDb duckDb;
    private final DuckConnection connection;
    private final SnapshotBoard.Snapshot snapshot;
    private final Shipped shipped;
    private final List<Long> registered = new ArrayList<>();
    private int files;
    private int filesLeftOut;
    private long rows;

    /// The SELECT of a shipment's rows.
    interface Shipped {
        Shipped NONE = number -> {
            throw new IllegalStateException("shipment " + number + " of a query that nothing is shipped with");
        };

        String select(int number);
    }

    RegisteredViews(DuckDb duckDb, DuckConnection connection, SnapshotBoard.Snapshot snapshot) {
        this(duckDb, connection, snapshot, Shipped.NONE);
    }

    RegisteredViews(DuckDb duckDb, DuckConnection connection, SnapshotBoard.Snapshot snapshot, Shipped shipped) {
        this.duckDb = duckDb;
        this.connection = connection;
        this.snapshot = snapshot;
        this.shipped = shipped;
    }

    @Override
    public String shipped(int shipment) {
        return shipped.select(shipment);
    }

    @Override
    public String select(Translation.MirrorUse use) {
        ReadView view = QueryService.view(snapshot, use.relation());
        return select(view, ViewColumns.positions(view, use.columns()), use.ranges());
    }

    /// The sub-SELECT of the columns at the given positions, without files that have no row in the ranges.
    String select(ReadView view, List<Integer> positions, List<ColumnRange> ranges) {
        long handle = duckDb.views().register(view);
        registered.add(handle);
        DuckDb.Selection selection = duckDb.select(connection, view, handle, positions, ranges);
        files += selection.files();
        filesLeftOut += view.files().size() - selection.files();
        rows += selection.rows();
        return selection.sql();
    }

    /// What the SELECTs read, which took so long.
    Reply.Effort effort(long nanos) {
        return new Reply.Effort(nanos / NANOS_PER_MICRO, rows, files, filesLeftOut);
    }

    @Override
    public void close() {
        registered.forEach(duckDb.views()::release);
    }
}
