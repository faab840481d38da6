package mooncake.source.copy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import mooncake.model.Check;
import mooncake.model.Lsn;
import mooncake.source.Endpoint;
import mooncake.source.Quoting;
import mooncake.source.wire.Row;
import mooncake.source.wire.ServerConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session that reads tables at one snapshot, which it holds until it is closed.
///
/// One thread calls [#copy], any thread may [#close]: a copy that is under way then fails with
/// [mooncake.model.ErrorCode#ENGINE_STOPPING] and the server stops its work.
public final class TableCopy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TableCopy.class);

    /// Which rows belong to the copy.
    public enum Extent {
        /// The named table alone; generated columns cannot be named.
        ONLY,
        /// The named table with its partitions or children.
        WITH_CHILDREN
    }

    private final ServerConnection connection;
    private final CopySnapshot snapshot;
    private final AtomicBoolean copying = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private TableCopy(ServerConnection connection, CopySnapshot snapshot) {
        this.connection = connection;
        this.snapshot = snapshot;
    }

    /// Connects and takes the snapshot.
    public static TableCopy open(Endpoint endpoint) {
        return open(endpoint, "");
    }

    /// Connects and takes the snapshot of a database in which this table has been locked as any SELECT does, so that
    /// no rewrite of it can come between the snapshot and the copy.
    public static TableCopy open(Endpoint endpoint, String schema, String table) {
        String lock = "LOCK TABLE " + Quoting.qualified(schema, table) + " IN ACCESS SHARE MODE";
        return open(endpoint, lock);
    }

    private static TableCopy open(Endpoint endpoint, String first) {
        ServerConnection connection = ServerConnection.open(endpoint, ServerConnection.Mode.ORDINARY);
        try {
            connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            if (!first.isEmpty()) {
                connection.query(first);
            }
            String taken = only(connection.query("SELECT pg_catalog.pg_current_snapshot()::text"));
            // A transaction is visible only after its commit record was inserted, so this lies behind all of them.
            String inserted = only(connection.query("SELECT pg_catalog.pg_current_wal_insert_lsn()::text"));
            return new TableCopy(connection, CopySnapshot.parse(taken, Lsn.parse(inserted)));
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static String only(List<Row> rows) {
        Check.that(rows.size() == 1, "%d rows instead of one", rows.size());
        return rows.getFirst().text(0);
    }

    public CopySnapshot snapshot() {
        return snapshot;
    }

    /// The answer of a query at the snapshot.
    public List<Row> query(String sql) {
        return connection.query(sql);
    }

    /// Reads all rows of a table, as [#copy(CopySource, RowConsumer)] does.
    public long copy(String schema, String table, List<String> columns, Extent extent, RowConsumer consumer) {
        return copy(new CopySource(schema, table, columns, extent, null), consumer);
    }

    /// Reads a table and returns the number of its rows. After an error the session is closed.
    ///
    /// Values of a type that has no binary form come as text, as they do in the log.
    public long copy(CopySource source, RowConsumer consumer) {
        boolean complete = false;
        try {
            String from = source.sql(withoutBinaryForm(source));
            copying.set(true);
            connection.startCopyOut("COPY " + from + " TO STDOUT (FORMAT binary)");
            CopyRowReader reader = new CopyRowReader(source.columns().size(), consumer);
            while (connection.nextCopyData()) {
                reader.read(connection.bytes(), connection.start(), connection.end());
            }
            long rows = reader.finish();
            copying.set(false);
            complete = true;
            log.debug("event=copied table=\"{}\" rows={}", source.qualifiedName(), rows);
            return rows;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private Set<String> withoutBinaryForm(CopySource source) {
        String sql = "SELECT a.attname FROM pg_catalog.pg_attribute a"
                + " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
                + " WHERE a.attrelid = pg_catalog.to_regclass(" + Quoting.literal(source.qualifiedName()) + ")"
                + " AND a.attnum > 0 AND t.typsend = 0";
        return connection.query(sql).stream().map(row -> row.text(0)).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            if (copying.get()) {
                connection.cancel();
            }
            connection.close();
        }
    }
}
