package mooncake.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import mooncake.source.Endpoint;

/// The engine's own ordinary sessions.
final class Connections {
    private static final String HAS_EXTENSION = "SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'ivy_mooncake'";

    private Connections() {}

    static Connection open(Endpoint endpoint) throws SQLException {
        return DriverManager.getConnection(endpoint.jdbcUrl(), endpoint.jdbcProperties());
    }

    static boolean hasExtension(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(HAS_EXTENSION)) {
            return rows.next();
        }
    }

    static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new SQLException("no row: " + sql);
            }
            return rows.getLong(1);
        }
    }
}
