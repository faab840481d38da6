package mooncake.server;

import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.ViewSql;
import mooncake.model.MooncakeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rows of a query that may turn out to be Postgres': a temporary table of DuckDB, which spills like any other and
/// keeps their order.
final class HeldRows {
    private static final Logger log = LoggerFactory.getLogger(HeldRows.class);
    private static final String TABLE = ViewSql.identifier("held rows");

    private final DuckConnection connection;
    private boolean exists;

    HeldRows(DuckConnection connection) {
        this.connection = connection;
    }

    /// Runs a query to its end; the SQL that reads its rows.
    String hold(String sql) {
        connection.execute("CREATE TEMP TABLE " + TABLE + " AS " + sql);
        exists = true;
        return "SELECT * FROM " + TABLE;
    }

    /// Drops them; false when that failed and the connection still has them.
    boolean end() {
        try {
            if (exists) {
                connection.execute("DROP TABLE " + TABLE);
            }
            return true;
        } catch (MooncakeException e) {
            log.warn("event=held-rows-not-dropped", e);
            return false;
        }
    }
}
