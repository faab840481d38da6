package mooncake.benchmarks.read;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import mooncake.benchmarks.Console;
import mooncake.benchmarks.FigureTable;
import mooncake.benchmarks.Figures;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// What the parts share: the server, where they write to, and whether every answer was equal so far. Tables lie in one
/// schema, their mirrors under the same names in another.
final class Stage {
    private static final String PUBLIC = "public";

    final PostgresServer server;
    final Console console;
    final FigureTable figures;
    final ReadOptions options;
    private final AtomicBoolean equal;
    private final String schema;

    private Stage(
            PostgresServer server,
            Console console,
            FigureTable figures,
            ReadOptions options,
            AtomicBoolean equal,
            String schema) {
        this.server = server;
        this.console = console;
        this.figures = figures;
        this.options = options;
        this.equal = equal;
        this.schema = schema;
    }

    static Stage open(PostgresServer server, Console console, FigureTable figures, ReadOptions options) {
        return new Stage(server, console, figures, options, new AtomicBoolean(true), PUBLIC);
    }

    /// The same with tables in another schema, which is made.
    Stage in(String other) {
        server.execute("CREATE SCHEMA " + other);
        return new Stage(server, console, figures, options, equal, other);
    }

    /// Notes whether an answer was what it should be.
    void check(boolean right) {
        if (!right) {
            equal.set(false);
        }
    }

    boolean isEqual() {
        return equal.get();
    }

    /// A session in which tables' names mean the heap tables.
    Connection heap() {
        return session(schema);
    }

    /// A session in which tables' names mean the mirrors.
    Connection mirrors() {
        return session(mirrorSchema());
    }

    private Connection session(String path) {
        Connection connection = server.connect();
        try {
            Sql.execute(connection, "SET search_path = " + path);
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String mirrorSchema() {
        return schema + "_mirrors";
    }

    String mirror(String table) {
        return mirrorSchema() + "." + table;
    }

    /// The mirrors of tables, by the tables' names.
    Map<String, String> views(Collection<String> tables) {
        Map<String, String> views = new TreeMap<>();
        tables.forEach(table -> views.put(table, mirror(table)));
        return views;
    }

    /// Mirrors tables and writes their rows to files.
    void mirror(Collection<String> tables) throws SQLException {
        server.execute("CREATE SCHEMA IF NOT EXISTS " + mirrorSchema());
        for (String table : tables) {
            try (Connection connection = server.connect()) {
                long start = System.nanoTime();
                Sql.execute(
                        connection,
                        "CALL mooncake.create_table('" + mirror(table) + "', '" + schema + "." + table + "')");
                Sql.execute(connection, "SET pg_mooncake.freshness_timeout = 0");
                String rows = Sql.value(connection, "SELECT count(*) FROM " + mirror(table));
                Sql.execute(connection, "CALL mooncake.create_snapshot('" + mirror(table) + "')");
                console.line("mirror of %s: %s rows in %.1f s", table, rows, Figures.millis(start) / 1000);
            }
        }
    }

    void drop(Collection<String> tables) {
        for (String table : tables) {
            server.execute("DROP TABLE " + mirror(table), "DROP TABLE " + schema + "." + table);
        }
    }
}
