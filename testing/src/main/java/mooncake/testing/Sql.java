package mooncake.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The few shapes in which tests talk SQL: run it, get rows as text, get one value.
public final class Sql {
    private static final String NULL = "NULL";

    private Sql() {}

    public static void execute(Connection connection, String statement) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    /// All rows as the server's text, null as the word `NULL`.
    public static List<List<String>> rows(Connection connection, String query) throws SQLException {
        try (Statement sql = connection.createStatement();
                ResultSet result = sql.executeQuery(query)) {
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(row(result));
            }
            return rows;
        }
    }

    public static String value(Connection connection, String query) throws SQLException {
        return single(rows(connection, query), query);
    }

    static String single(List<List<String>> rows, String query) {
        if (rows.size() != 1 || rows.getFirst().size() != 1) {
            throw new IllegalStateException("not one value but " + rows.size() + " rows: " + query);
        }
        return rows.getFirst().getFirst();
    }

    static List<String> row(ResultSet result) throws SQLException {
        int columns = result.getMetaData().getColumnCount();
        List<String> row = new ArrayList<>(columns);
        for (int column = 1; column <= columns; column++) {
            String text = result.getString(column);
            row.add(text == null ? NULL : text);
        }
        return row;
    }
}
