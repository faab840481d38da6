package mooncake.server;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import mooncake.query.frame.BatchBuilder;
import mooncake.query.frame.Kind;
import mooncake.query.frame.Reply;
import mooncake.query.frame.Request;
import mooncake.query.translate.Translation;
import mooncake.query.tree.QueryReader;
import mooncake.source.Endpoint;
import mooncake.source.remote.RemoteCatalog;
import mooncake.source.remote.RemoteTable;
import mooncake.source.remote.RemoteUri;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the requests of one backend connection; what each means is in
/// docs/internals/protocol.md.
final class RequestHandler {
    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    /// Sends one batch of rows.
    interface BatchSink {
        void send(BatchBuilder batch) throws IOException;
    }

    private static final String AFTER_ROWS =
            "Rows have been sent already. Copy the columns that it reads into a temporary table and query that.";

    private final Database database;
    private final QueryService queries;
    private final PinTable pins;

    RequestHandler(Database database, QueryService queries, PinTable pins) {
        this.database = database;
        this.queries = queries;
        this.pins = pins;
    }

    /// The terminal reply.
    Reply handle(Request request, ActiveRequest active, BatchSink sink) throws IOException, InterruptedException {
        return switch (request) {
            case Request.Hello _ ->
                throw new MooncakeException(mooncake.model.ErrorCode.PROTOCOL_VIOLATION, "a second HELLO");
            case Request.Plan plan -> plan(plan);
            case Request.Execute execute -> execute(execute, active, sink);
            case Request.Scan scan -> scan(scan, active, sink);
            case Request.Pin pin -> pin(pin, active);
            case Request.Unpin unpin -> {
                pins.remove(unpin.pin());
                yield new Reply.Done(0, Lsn.NONE);
            }
            case Request.Snapshot snapshot -> snapshot(snapshot, active);
            case Request.Ship _ -> throw new IllegalStateException("rows are no request of their own");
            case Request.Describe describe -> describe(describe, sink);
            case Request.Status _ -> StatusReport.send(database, sink);
            case Request.Wake _ -> {
                database.wake();
                yield new Reply.Done(0, Lsn.NONE);
            }
        };
    }

    private static Reply describe(Request.Describe request, BatchSink sink) throws IOException {
        Endpoint endpoint = RemoteUri.endpoint(request.uri());
        RemoteTable table;
        try (Connection connection = endpoint.connect()) {
            table = RemoteCatalog.describe(
                    connection, request.table(), request.config().isEmpty() ? null : request.config());
        } catch (SQLException e) {
            throw new MooncakeException(
                    ErrorCode.POSTGRES_FAILED, "cannot look at the remote source: " + e.getMessage(), e);
        }
        try (BatchBuilder batch = new BatchBuilder(List.of(Kind.CSTRING, Kind.CSTRING))) {
            batch.putText(0, table.definition());
            batch.putText(1, table.name());
            batch.endRow();
            sink.send(batch);
        }
        return new Reply.Done(1, Lsn.NONE);
    }

    private Reply plan(Request.Plan plan) {
        SnapshotBoard.Snapshot newest = database.newest();
        try {
            List<TableSchema> shipments = ShippedTypes.schemas(plan.shipments(), database.session());
            return queries.plan(plan, database.catalogs(), newest, shipments);
        } catch (MooncakeException e) {
            if (plan.shipments().isEmpty()) {
                throw e;
            }
            return new Reply.Refused("A table cannot be shipped: " + e.text());
        } finally {
            SnapshotBoard.unpin(newest);
        }
    }

    private Reply execute(Request.Execute execute, ActiveRequest active, BatchSink sink)
            throws IOException, InterruptedException {
        Wait wait = Wait.of(execute.timeoutMillis(), active::isCancelled);
        QueryService.Prepared prepared;
        try {
            prepared = prepare(execute);
        } catch (MooncakeException e) {
            if (e.code() != ErrorCode.NOT_PUSHED) {
                throw e;
            }
            List<Translation.MirrorUse> mirrors = uses(QueryReader.relations(execute.tree()), List.of());
            SnapshotBoard.Snapshot snapshot = pinned(execute.pin(), execute.target(), mirrors, wait);
            try {
                return left(execute, snapshot, e);
            } finally {
                SnapshotBoard.unpin(snapshot);
            }
        }
        SnapshotBoard.Snapshot snapshot = pinned(execute.pin(), execute.target(), prepared.mirrors(), wait);
        try {
            return run(execute, prepared, snapshot, active, sink);
        } catch (MooncakeException e) {
            List<Integer> mirrors = prepared.mirrors().stream()
                    .map(Translation.MirrorUse::relation)
                    .toList();
            throw LostFiles.explain(e, snapshot, mirrors, database.session());
        } finally {
            SnapshotBoard.unpin(snapshot);
        }
    }

    private Reply run(
            Request.Execute execute,
            QueryService.Prepared prepared,
            SnapshotBoard.Snapshot snapshot,
            ActiveRequest active,
            BatchSink sink)
            throws IOException, InterruptedException {
        AtomicBoolean sent = new AtomicBoolean();
        try {
            QueryService.Sent done = queries.run(prepared, snapshot, active, batch -> {
                sent.set(true);
                sink.send(batch);
            });
            return new Reply.Done(done.rows(), snapshot.lsn(), done.effort());
        } catch (MooncakeException e) {
            if (sent.get() && e.code() == ErrorCode.NOT_PUSHED) {
                throw new MooncakeException(e.code(), e.text(), AFTER_ROWS, e);
            }
            if (sent.get() || !isForPostgres(e.code())) {
                throw e;
            }
            return left(execute, snapshot, e);
        }
    }

    /// What only Postgres computes, and errors that lie in values: DuckDB may have computed with rows that Postgres
    /// never
    /// comes to. So Postgres either raises the error itself or has the answer.
    private static boolean isForPostgres(ErrorCode code) {
        return switch (code.sqlState().substring(0, 2)) {
            case "0A", "21", "22", "54" -> true;
            default -> isOfDuckDb(code) || code == ErrorCode.UNKNOWN_TYPMOD;
        };
    }

    private static boolean isOfDuckDb(ErrorCode code) {
        return code == ErrorCode.DUCKDB_FAILED || code == ErrorCode.QUERY_FAILED || code == ErrorCode.OUT_OF_MEMORY;
    }

    /// Postgres will read what the query would have read.
    private Reply left(Request.Execute execute, SnapshotBoard.Snapshot snapshot, MooncakeException failure) {
        String reason = failure.code() == ErrorCode.VALUE_FAILED ? "a constant expression failed" : failure.text();
        if (isOfDuckDb(failure.code())) {
            log.warn("event=left-to-postgres reason=\"{}\"", reason);
        }
        if (execute.pin() != 0) {
            return new Reply.Left(0, reason);
        }
        if (!PinTable.retain(snapshot)) {
            throw new IllegalStateException("a snapshot that is held cannot be held once more");
        }
        return new Reply.Left(pins.add(database.oid(), snapshot), reason);
    }

    private QueryService.Prepared prepare(Request.Execute execute) {
        SnapshotBoard.Snapshot newest = database.newest();
        try {
            List<TableSchema> shipments = ShippedTypes.schemas(execute.shipments(), database.session());
            return queries.prepare(execute, database.catalogs(), newest, shipments);
        } finally {
            SnapshotBoard.unpin(newest);
        }
    }

    private Reply scan(Request.Scan scan, ActiveRequest active, BatchSink sink)
            throws IOException, InterruptedException {
        Wait wait = Wait.of(scan.timeoutMillis(), active::isCancelled);
        SnapshotBoard.Snapshot snapshot =
                pinned(scan.pin(), scan.target(), uses(List.of(scan.mirror()), scan.columns()), wait);
        try {
            QueryService.Sent done = queries.scan(scan, snapshot, active, sink);
            return new Reply.Done(done.rows(), snapshot.lsn(), done.effort());
        } catch (MooncakeException e) {
            throw LostFiles.explain(e, snapshot, List.of(scan.mirror()), database.session());
        } finally {
            SnapshotBoard.unpin(snapshot);
        }
    }

    private SnapshotBoard.Snapshot pinned(long pin, Lsn target, List<Translation.MirrorUse> mirrors, Wait wait)
            throws InterruptedException {
        return pin == 0 ? database.pin(target, mirrors, wait) : pins.use(database.oid(), pin);
    }

    private static List<Translation.MirrorUse> uses(List<Integer> mirrors, List<Integer> columns) {
        return mirrors.stream()
                .map(mirror -> new Translation.MirrorUse(mirror, columns))
                .toList();
    }

    private Reply pin(Request.Pin pin, ActiveRequest active) throws InterruptedException {
        Wait wait = Wait.of(pin.timeoutMillis(), active::isCancelled);
        SnapshotBoard.Snapshot snapshot = database.pinAll(pin.target(), uses(pin.mirrors(), List.of()), wait);
        return new Reply.Pinned(pins.add(database.oid(), snapshot), snapshot.lsn());
    }

    private Reply snapshot(Request.Snapshot request, ActiveRequest active) throws InterruptedException {
        Wait wait = Wait.of(request.timeoutMillis(), active::isCancelled);
        return new Reply.Done(0, database.commitSnapshot(request.mirror(), request.lsn(), wait));
    }
}
