package mooncake.diff;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import mooncake.testing.Sql;
import org.jspecify.annotations.Nullable;

/// One session with its settings; a new one takes its place when it breaks.
final class Session implements AutoCloseable {
    /// Larger results are cut on both sides and not compared.
    static final int ROWS_MAX = 100_000;

    /// How `ivy_duckdb` begins the message, of level DEBUG1.
    private static final String LEFT = "ran in Postgres: ";

    private final Supplier<Connection> connections;
    private final List<String> settings;
    private Connection connection;
    private boolean left;

    Session(Supplier<Connection> connections, List<String> settings) throws SQLException {
        this.connections = connections;
        this.settings = List.copyOf(settings);
        this.connection = open();
    }

    private Connection open() throws SQLException {
        Connection fresh = connections.get();
        try {
            for (String setting : settings) {
                Sql.execute(fresh, setting);
            }
            return fresh;
        } catch (SQLException e) {
            fresh.close();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    void execute(String statement) throws SQLException {
        Sql.execute(connection, statement);
    }

    /// Runs a query and remembers for [#route] whether the engine left it to Postgres.
    Outcome answer(String query) throws SQLException {
        left = false;
        return run(query, true);
    }

    /// Runs a query; every error of the server is an outcome.
    Outcome run(String query) throws SQLException {
        return run(query, false);
    }

    private Outcome run(String query, boolean noted) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.setMaxRows(ROWS_MAX);
            if (!statement.execute(query)) {
                return new Outcome.Rows(List.of(), List.of(), List.of());
            }
            try (ResultSet result = Objects.requireNonNull(statement.getResultSet())) {
                Outcome.Rows rows = rows(result);
                left |= noted && isLeft(statement);
                return rows;
            }
        } catch (SQLException e) {
            String sqlState = String.valueOf(e.getSQLState());
            if (sqlState.startsWith("08") || sqlState.startsWith("57P")) {
                connection.close();
                connection = open();
            }
            return new Outcome.Failed(sqlState, String.valueOf(e.getMessage()));
        }
    }

    /// Whether a message says that the engine has left the query to Postgres.
    private static boolean isLeft(Statement statement) throws SQLException {
        for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            if (String.valueOf(warning.getMessage()).startsWith(LEFT)) {
                return true;
            }
        }
        return false;
    }

    /// How the query that was answered last runs.
    Route route(String query) throws SQLException {
        Route planned = Route.of(plan(query));
        return left ? planned.left() : planned;
    }

    /// The lines of the query's plan, none when it has none.
    private List<String> plan(String query) throws SQLException {
        Outcome plan = run("EXPLAIN (VERBOSE, COSTS OFF) " + query);
        return switch (plan) {
            case Outcome.Rows(var _, var _, var rows) ->
                rows.stream().map(row -> String.valueOf(row.getFirst()).strip()).toList();
            case Outcome.Failed _ -> List.of();
        };
    }

    private static Outcome.Rows rows(ResultSet result) throws SQLException {
        ResultSetMetaData columns = Objects.requireNonNull(result.getMetaData());
        int width = columns.getColumnCount();
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
            names.add(columns.getColumnLabel(i));
            types.add(columns.getColumnTypeName(i));
        }
        List<List<@Nullable String>> rows = new ArrayList<>();
        while (result.next()) {
            List<@Nullable String> row = new ArrayList<>(width);
            for (int i = 1; i <= width; i++) {
                row.add(result.getString(i));
            }
            rows.add(Collections.unmodifiableList(row));
        }
        return new Outcome.Rows(names, types, rows);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
