package mooncake.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// The same tables three times under the same names: in schema `heap`, as mirrors in `mirror`, and as views of the
/// mirrors with a volatile condition in `scans`, which are read by scans. One query text runs on all three by the
/// search path.
final class PathSchemas {
    static final String HEAP = "heap";
    static final String MIRROR = "mirror";
    static final String SCANS = "scans";

    private PathSchemas() {}

    /// What a statement gave: its columns and rows, or its error.
    record Outcome(List<String> columns, List<List<String>> rows) {
        Outcome sorted() {
            return new Outcome(
                    columns,
                    rows.stream().sorted(Comparator.comparing(List::toString)).toList());
        }
    }

    static PostgresServer start() {
        PostgresServer server = MirrorTestServer.start();
        server.execute(resource("paths-data.sql").split(";\n", -1));
        return server;
    }

    static Connection connect(PostgresServer server, String schema) throws SQLException {
        Connection connection = server.connect();
        Sql.execute(connection, "SET search_path TO " + schema + ", plain");
        Sql.execute(connection, "SET timezone TO 'Europe/Berlin'");
        return connection;
    }

    static Outcome run(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            List<String> columns = columns(result.getMetaData());
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns.size(); i++) {
                    row.add(Objects.requireNonNullElse(result.getString(i), "NULL"));
                }
                rows.add(row);
            }
            return new Outcome(columns, rows);
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return new Outcome(List.of("error"), List.of(List.of(String.valueOf(e.getSQLState()), message)));
        }
    }

    static String explain(Connection connection, String sql) throws SQLException {
        StringBuilder plan = new StringBuilder();
        for (List<String> line : Sql.rows(connection, "EXPLAIN (VERBOSE, COSTS OFF) " + sql)) {
            plan.append(line.getFirst()).append('\n');
        }
        return plan.toString();
    }

    static String resource(String name) {
        try (InputStream stream = Objects.requireNonNull(PathSchemas.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Names and types; the type of a whole row bears the name of its table.
    private static List<String> columns(ResultSetMetaData data) throws SQLException {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= data.getColumnCount(); i++) {
            String type = data.getColumnTypeName(i);
            boolean row = List.of("items", "orders", "nodes").stream().anyMatch(type::contains);
            columns.add(data.getColumnLabel(i) + " "
                    + (row ? "row" : type + "(" + data.getPrecision(i) + "," + data.getScale(i) + ")"));
        }
        return columns;
    }
}
