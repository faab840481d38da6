package mooncake.server;

import java.io.IOException;
import java.util.List;
import mooncake.model.Lsn;
import mooncake.model.ReadView;
import mooncake.query.frame.BatchBuilder;
import mooncake.query.frame.Kind;
import mooncake.query.frame.Reply;
import org.jspecify.annotations.Nullable;

/// The rows of a STATUS answer: one for each stream, the database's own first, and one per mirror.
final class StatusReport {
    private static final List<Kind> KINDS = List.of(
            Kind.BYTES_4,
            Kind.CSTRING,
            Kind.BYTES_8,
            Kind.BYTES_8,
            Kind.CSTRING,
            Kind.CSTRING,
            Kind.BYTES_8,
            Kind.BYTES_8,
            Kind.BYTES_8);

    private StatusReport() {}

    static Reply send(Database database, RequestHandler.BatchSink sink) throws IOException {
        long rows;
        try (BatchBuilder batch = new BatchBuilder(KINDS)) {
            rows = source(batch, sink, database.keeper(), Followed.slotName(database.oid()));
            for (RemoteSource remote : database.remotes().all()) {
                rows += source(batch, sink, remote.keeper(), remote.followed().slot());
            }
            if (batch.rows() > 0) {
                sink.send(batch);
            }
        }
        return new Reply.Done(rows, database.board().lsn());
    }

    private static long source(BatchBuilder batch, RequestHandler.BatchSink sink, SessionKeeper keeper, String slot)
            throws IOException {
        long rows = 1;
        Session session = keeper.session();
        stream(batch, keeper, session, slot);
        if (session != null) {
            for (MirrorPipeline pipeline : session.mirrors().all()) {
                mirror(batch, keeper.board(), pipeline);
                rows++;
                if (batch.isFull()) {
                    sink.send(batch);
                }
            }
        }
        return rows;
    }

    private static void stream(BatchBuilder batch, SessionKeeper keeper, @Nullable Session session, String slot) {
        batch.putInt(0, 0);
        batch.putText(1, session == null ? "not connected" : "streaming");
        batch.putLong(2, keeper.board().lsn().value());
        batch.putLong(3, session == null ? 0 : session.confirmed().value());
        batch.putText(4, slot);
        batch.putText(5, keeper.lastError());
        for (int column = 6; column <= 8; column++) {
            batch.putNull(column);
        }
        batch.endRow();
    }

    private static void mirror(BatchBuilder batch, SnapshotBoard board, MirrorPipeline pipeline) {
        batch.putInt(0, pipeline.mirror());
        batch.putText(1, pipeline.label());
        batch.putLong(2, pipeline.isLive() ? board.lsn().value() : 0);
        batch.putLong(3, pipeline.durability().committed().value());
        batch.putText(4, pipeline.location());
        batch.putText(5, pipeline.lastError());
        SnapshotBoard.Snapshot snapshot = board.tryPin(Lsn.NONE);
        ReadView view = snapshot == null ? null : snapshot.views().view(pipeline.mirror());
        try {
            if (view == null) {
                for (int column = 6; column <= 8; column++) {
                    batch.putNull(column);
                }
            } else {
                batch.putLong(6, view.liveRows());
                batch.putLong(
                        7,
                        view.batches().stream()
                                .mapToLong(b -> b.rows() - b.deletes().cardinality())
                                .sum());
                batch.putLong(8, view.files().size());
            }
        } finally {
            if (snapshot != null) {
                SnapshotBoard.unpin(snapshot);
            }
        }
        batch.endRow();
    }
}
