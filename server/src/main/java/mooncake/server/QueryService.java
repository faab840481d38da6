package mooncake.server;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.model.Column;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;
import mooncake.query.frame.BatchBuilder;
import mooncake.query.frame.Kind;
import mooncake.query.frame.Reply;
import mooncake.query.frame.Request;
import mooncake.query.translate.MirrorTypes;
import mooncake.query.translate.Translation;
import mooncake.query.translate.TranslationCache;
import mooncake.query.translate.Translator;

/// Runs queries on pinned snapshots in DuckDB and streams their rows. Any number of threads.
final class QueryService implements AutoCloseable {
    /// Queries that run at the same time per processor; more only take memory from each other.
    private static final int QUERIES_PER_THREAD = 4;

    private final DuckDb duckDb;
    private final ConnectionPool connections;
    private final BindCheck bindCheck;
    private final TranslationCache translations = new TranslationCache();

    QueryService(DuckDb duckDb, EngineSettings settings) {
        this.duckDb = duckDb;
        this.connections = new ConnectionPool(duckDb, settings.effectiveThreads() * QUERIES_PER_THREAD);
        this.bindCheck = new BindCheck(duckDb);
    }

    /// A query that is translated and waits for its snapshot.
    ///
    /// @param schemas of the mirrors, as far as they were known
    /// @param shipments how what is shipped is expected to be kept
    record Prepared(
            Request.Execute request,
            Catalogs catalogs,
            Translation.Pushed translation,
            Map<Integer, TableSchema> schemas,
            List<TableSchema> shipments) {
        List<Translation.MirrorUse> mirrors() {
            return translation.mirrors();
        }
    }

    /// May the query run whole in DuckDB? `newest` is looked at only for how its mirrors are built.
    Reply plan(Request.Plan plan, Catalogs catalogs, SnapshotBoard.Snapshot newest, List<TableSchema> shipments) {
        return switch (translate(plan, catalogs, false, newest, shipments)) {
            case Translation.Pushed pushed ->
                // Numbers may turn out too large for DuckDB's, and then it is too late to refuse.
                switch (translate(plan, catalogs, true, newest, shipments)) {
                    case Translation.Pushed _ ->
                        bindCheck
                                .refusal(pushed, newest, shipments)
                                .<Reply>map(Reply.Refused::new)
                                .orElseGet(() -> new Reply.Planned(pushed.explain(), pushed.mayRefuse()));
                    case Translation.Refused(String reason) -> new Reply.Refused(reason);
                };
            case Translation.Refused(String reason) -> new Reply.Refused(reason);
        };
    }

    private Translation translate(
            Request.Plan plan,
            Catalogs catalogs,
            boolean allNumericsFree,
            SnapshotBoard.Snapshot newest,
            List<TableSchema> shipments) {
        return translations.translate(
                plan.tree(),
                plan.values(),
                plan.targets(),
                new Translator.Settings(
                        plan.session(),
                        catalogs.collations(),
                        allNumericsFree,
                        types(newest),
                        ShippedTypes.types(shipments),
                        catalogs.types()));
    }

    /// `newest` is looked at only for how its mirrors are built.
    Prepared prepare(
            Request.Execute execute, Catalogs catalogs, SnapshotBoard.Snapshot newest, List<TableSchema> shipments) {
        Translation.Pushed translation = translate(execute, catalogs, false, newest, shipments);
        Map<Integer, TableSchema> schemas = new HashMap<>();
        for (Translation.MirrorUse use : translation.mirrors()) {
            ReadView view = newest.views().view(use.relation());
            if (view != null) {
                schemas.put(use.relation(), view.schema());
            }
        }
        return new Prepared(execute, catalogs, translation, schemas, shipments);
    }

    private static MirrorTypes types(SnapshotBoard.Snapshot snapshot) {
        return (mirror, attribute) -> {
            ReadView view = snapshot.views().view(mirror);
            return view == null
                    ? Optional.empty()
                    : view.schema().columns().stream()
                            .filter(column -> column.fieldId() == attribute)
                            .map(Column::type)
                            .findFirst();
        };
    }

    private Translation.Pushed translate(
            Request.Execute execute,
            Catalogs catalogs,
            boolean allNumericsFree,
            SnapshotBoard.Snapshot snapshot,
            List<TableSchema> shipments) {
        Translation translation = translations.translate(
                execute.tree(),
                execute.values(),
                execute.targets(),
                new Translator.Settings(
                        execute.session(),
                        catalogs.collations(),
                        allNumericsFree,
                        types(snapshot),
                        ShippedTypes.types(shipments),
                        catalogs.types()));
        return switch (translation) {
            case Translation.Pushed pushed -> pushed;
            case Translation.Refused(String reason) ->
                throw new MooncakeException(
                        ErrorCode.NOT_PUSHED, "the query cannot run in DuckDB with these parameters: " + reason);
        };
    }

    /// What was sent, and what that took.
    record Sent(long rows, Reply.Effort effort) {}

    /// Runs a prepared query.
    Sent run(Prepared prepared, SnapshotBoard.Snapshot snapshot, ActiveRequest active, RequestHandler.BatchSink sink)
            throws IOException, InterruptedException {
        OptionalInt countOf = prepared.translation().countOf();
        if (countOf.isPresent()) {
            return new Sent(sendCount(view(snapshot, countOf.getAsInt()).liveRows(), sink), Reply.Effort.NONE);
        }
        try (ConnectionPool.Lent lent = connections.take(active)) {
            Shipments shipments =
                    new Shipments(duckDb, lent.connection(), prepared.request().shipments(), prepared.shipments());
            HeldRows held = new HeldRows(lent.connection());
            try {
                shipments.receive(active);
                return run(prepared, snapshot, shipments, new Running(lent, active, new Counting(sink), held));
            } finally {
                lent.connection().clearInterrupt();
                boolean dropped = held.end();
                if (!shipments.end() || !dropped) {
                    lent.spoil();
                }
            }
        }
    }

    /// What a query runs with.
    private record Running(ConnectionPool.Lent lent, ActiveRequest active, Counting sink, HeldRows held) {}

    private Sent run(Prepared prepared, SnapshotBoard.Snapshot snapshot, Shipments shipments, Running running)
            throws IOException {
        try {
            boolean same = prepared.shipments().equals(shipments.schemas())
                    && prepared.mirrors().stream()
                            .allMatch(use -> view(snapshot, use.relation())
                                    .schema()
                                    .equals(prepared.schemas().get(use.relation())));
            Translation.Pushed translation = same
                    ? prepared.translation()
                    : translate(prepared.request(), prepared.catalogs(), false, snapshot, shipments.schemas());
            return run(prepared, translation, snapshot, shipments, running);
        } catch (MooncakeException e) {
            if (e.code() != ErrorCode.NUMERIC_OUT_OF_RANGE || running.sink().sent) {
                throw e;
            }
            // DuckDB's decimals end at 38 digits where Postgres' numerics do not, and DuckDB may have computed with
            // rows that a condition removes: compute with numbers of any length, and behind the conditions.
            Translation.Pushed free =
                    translate(prepared.request(), prepared.catalogs(), true, snapshot, shipments.schemas());
            return run(prepared, free, snapshot, shipments, running);
        }
    }

    /// Remembers whether rows have left, after which an answer cannot be begun anew.
    private static final class Counting implements RequestHandler.BatchSink {
        private final RequestHandler.BatchSink sink;
        private boolean sent;

        private Counting(RequestHandler.BatchSink sink) {
            this.sink = sink;
        }

        @Override
        public void send(BatchBuilder batch) throws IOException {
            sent = true;
            sink.send(batch);
        }
    }

    private Sent run(
            Prepared prepared,
            Translation.Pushed translation,
            SnapshotBoard.Snapshot snapshot,
            Shipments shipments,
            Running running)
            throws IOException {
        DuckConnection connection = running.lent().connection();
        try (RegisteredViews views = new RegisteredViews(duckDb, connection, snapshot, shipments::select)) {
            String sql = translation.render(views);
            Runnable interrupt = connection::interrupt;
            running.active().onCancel(interrupt);
            RowStream stream = new RowStream(connection, prepared.request().targets(), running.sink());
            try {
                long rows = stream.send(sql, translation.mayRefuse() ? running.held() : null);
                return new Sent(rows, views.effort(stream.nanos()));
            } finally {
                running.active().forget(interrupt);
            }
        }
    }

    private static long sendCount(long count, RequestHandler.BatchSink sink) throws IOException {
        try (BatchBuilder batch = new BatchBuilder(List.of(Kind.BYTES_8))) {
            batch.putLong(0, count);
            batch.endRow();
            sink.send(batch);
        }
        return 1;
    }

    /// All rows of one mirror, some columns.
    Sent scan(Request.Scan scan, SnapshotBoard.Snapshot snapshot, ActiveRequest active, RequestHandler.BatchSink sink)
            throws IOException, InterruptedException {
        ReadView view = view(snapshot, scan.mirror());
        List<Integer> positions = ViewColumns.positions(view, scan.columns());
        if (positions.isEmpty()) {
            return new Sent(sendRowCount(view.liveRows(), sink), Reply.Effort.NONE);
        }
        try (ConnectionPool.Lent lent = connections.take(active);
                RegisteredViews views = new RegisteredViews(duckDb, lent.connection(), snapshot)) {
            DuckConnection connection = lent.connection();
            Runnable interrupt = connection::interrupt;
            active.onCancel(interrupt);
            RowStream stream = new RowStream(connection, scan.targets(), sink);
            try {
                long rows = stream.send(views.select(view, positions, List.of()), null);
                return new Sent(rows, views.effort(stream.nanos()));
            } finally {
                active.forget(interrupt);
            }
        }
    }

    static ReadView view(SnapshotBoard.Snapshot snapshot, int mirror) {
        ReadView view = snapshot.views().view(mirror);
        if (view == null) {
            throw new MooncakeException(
                    ErrorCode.UNKNOWN_MIRROR,
                    "the mirror with OID " + Integer.toUnsignedString(mirror)
                            + " cannot be read in this transaction's snapshot, which is older than the mirror",
                    "Read it in a new transaction.",
                    null);
        }
        return view;
    }

    private static long sendRowCount(long rows, RequestHandler.BatchSink sink) throws IOException {
        try (BatchBuilder batch = new BatchBuilder(List.of())) {
            for (long left = rows; left > 0; ) {
                int count = (int) Math.min(left, mooncake.model.Limits.FRAME_ROWS_MAX);
                batch.endRows(count);
                sink.send(batch);
                left -= count;
            }
        }
        return rows;
    }

    @Override
    public void close() {
        bindCheck.close();
        connections.close();
    }
}
