package mooncake.benchmarks.write;

import java.sql.Connection;
import java.sql.SQLException;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// A table of ten columns of the usual types, and the changes that fill, change and empty it in transactions of a
/// thousand rows.
final class WideTable {
    private static final int TRANSACTION_ROWS = 1_000;

    private static final String COLUMNS = "(id bigint PRIMARY KEY, kind int NOT NULL, total bigint NOT NULL,"
            + " ratio float8 NOT NULL, price numeric(12,2) NOT NULL, name text NOT NULL, code varchar(20) NOT NULL,"
            + " at timestamptz NOT NULL, day date NOT NULL, flag boolean NOT NULL)";

    private static final String ROW = "i, i % 1000, i * 7, i * 0.5, i % 100000 * 0.25, 'the name of row ' || i,"
            + " 'code ' || i % 100, '2026-01-01'::timestamptz + i * '1 s'::interval, '2026-01-01'::date + (i % 365)::int,"
            + " i % 2 = 0";

    /// A kind of change, and the statement for the rows from the loop's `low` to `high`.
    enum Kind {
        INSERT("INSERT INTO %s SELECT " + ROW + " FROM generate_series(low, high) i"),
        UPDATE("UPDATE %s SET total = total + 1, price = price + 0.01, name = name || '!', at = at + '1 h'::interval"
                + " WHERE id BETWEEN low AND high"),
        DELETE("DELETE FROM %s WHERE id BETWEEN low AND high");

        private final String statement;

        Kind(String statement) {
            this.statement = statement;
        }

        String plural() {
            return name().toLowerCase(java.util.Locale.ROOT) + "s";
        }
    }

    private WideTable() {}

    static void create(PostgresServer server, String name) {
        server.execute("CREATE TABLE " + name + " " + COLUMNS);
    }

    /// Changes the rows with numbers from 1 to this one.
    static void change(PostgresServer server, String name, Kind kind, long rows) throws SQLException {
        String statement = kind.statement.replace("%s", name);
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET synchronous_commit = off");
            Sql.execute(connection, "SET enable_seqscan = off");
            Sql.execute(
                    connection,
                    "DO $$ DECLARE low bigint := 1; high bigint; BEGIN WHILE low <= " + rows + " LOOP"
                            + " high := least(low + " + (TRANSACTION_ROWS - 1) + ", " + rows + "); " + statement
                            + "; COMMIT; low := high + 1; END LOOP; END $$");
        }
    }

    /// The same rows in one transaction.
    static void insertAtOnce(PostgresServer server, String name, long rows) {
        server.execute("INSERT INTO " + name + " SELECT " + ROW + " FROM generate_series(1, " + rows + ") i");
    }

    /// A digest of all rows, computed by Postgres.
    static String digest(PostgresServer server, String name) {
        return server.rows("SELECT count(*), sum(hashtextextended(concat_ws('|', id, kind, total, ratio, price, name,"
                        + " code, at, day, flag), 0)::numeric) FROM " + name)
                .toString();
    }
}
