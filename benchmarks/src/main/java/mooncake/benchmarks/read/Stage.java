package mooncake.benchmarks.read;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import mooncake.benchmarks.Console;
import mooncake.benchmarks.FigureTable;
import mooncake.benchmarks.Figures;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// What the parts share: the server, where they write to, and whether every answer was equal so far.
final class Stage {
    /// The schema that holds the mirrors under the names of their tables.
    private static final String MIRRORS = "mirrors";

    final PostgresServer server;
    final Console console;
    final FigureTable figures;
    final ReadOptions options;
    private boolean equal = true;

    Stage(PostgresServer server, Console console, FigureTable figures, ReadOptions options) {
        this.server = server;
        this.console = console;
        this.figures = figures;
        this.options = options;
    }

    /// Notes whether an answer was what it should be.
    void check(boolean right) {
        equal &= right;
    }

    boolean isEqual() {
        return equal;
    }

    /// A session in which tables' names mean the heap tables.
    Connection heap() {
        return server.connect();
    }

    /// A session in which tables' names mean the mirrors.
    Connection mirrors() throws SQLException {
        Connection connection = server.connect();
        Sql.execute(connection, "SET search_path = " + MIRRORS);
        return connection;
    }

    static String mirror(String table) {
        return MIRRORS + "." + table;
    }

    static Map<String, String> views(Collection<String> tables) {
        Map<String, String> views = new TreeMap<>();
        tables.forEach(table -> views.put(table, mirror(table)));
        return views;
    }

    /// Mirrors tables and writes their rows to files.
    void mirror(Collection<String> tables) throws SQLException {
        server.execute("CREATE SCHEMA IF NOT EXISTS " + MIRRORS);
        for (String table : tables) {
            try (Connection connection = server.connect()) {
                long start = System.nanoTime();
                Sql.execute(connection, "CALL mooncake.create_table('" + mirror(table) + "', 'public." + table + "')");
                Sql.execute(connection, "SET pg_mooncake.freshness_timeout = 0");
                String rows = Sql.value(connection, "SELECT count(*) FROM " + mirror(table));
                Sql.execute(connection, "CALL mooncake.create_snapshot('" + mirror(table) + "')");
                console.line("mirror of %s: %s rows in %.1f s", table, rows, Figures.millis(start) / 1000);
            }
        }
    }

    void drop(Collection<String> tables) {
        for (String table : tables) {
            server.execute("DROP TABLE " + mirror(table), "DROP TABLE " + table);
        }
    }
}
