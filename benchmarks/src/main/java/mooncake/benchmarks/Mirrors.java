package mooncake.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// The mirrors of a server: making them and waiting for them.
public final class Mirrors {
    private static final String SUFFIX = "_mirror";

    private Mirrors() {}

    public static String name(String table) {
        return table + SUFFIX;
    }

    /// Creates a mirror and returns when its first copy can be read; the number of its rows.
    public static long create(PostgresServer server, String table) throws SQLException {
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "CALL mooncake.create_table('" + name(table) + "', '" + table + "')");
            Sql.execute(connection, "SET pg_mooncake.freshness_timeout = 0");
            return Long.parseLong(Sql.value(connection, "SELECT count(*) FROM " + name(table)));
        }
    }
}
