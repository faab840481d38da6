package mooncake.benchmarks.write;

import java.sql.Connection;
import java.sql.SQLException;
import mooncake.benchmarks.Figures;
import mooncake.benchmarks.Mirrors;
import mooncake.testing.Command;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// The same stretch of the log, once into the mirror and twice into nothing: the engine is stopped while the changes
/// are written, then goes on, and is timed until a query sees the last of them.
final class ChangeRace {
    private static final String TABLE = "raced";
    private static final String BEHIND = "behind_the_race";

    private final PostgresServer server;
    private final long rows;

    /// Rows per second of both sides.
    record Result(WideTable.Kind kind, double engine, double reader) {
        double ratio() {
            return engine / reader;
        }
    }

    ChangeRace(PostgresServer server, long rows) throws SQLException {
        this.server = server;
        this.rows = rows;
        WideTable.create(server, TABLE);
        Mirrors.create(server, TABLE);
        server.execute("CREATE TABLE " + BEHIND + " (id serial PRIMARY KEY)");
        Mirrors.create(server, BEHIND);
    }

    Result run(WideTable.Kind kind) throws SQLException {
        LogReader reader = new LogReader(server);
        String engine = Long.toString(server.enginePid());
        signal("STOP", engine);
        try {
            WideTable.change(server, TABLE, kind, rows);
            String end = server.value("SELECT pg_current_wal_insert_lsn()");
            // The reader ends at the first message behind `end`.
            server.execute("INSERT INTO " + BEHIND + " DEFAULT VALUES");
            server.execute("CHECKPOINT");
            double before = reader.read(end);
            double mirror = followed(engine);
            double after = reader.read(end);
            return new Result(kind, rows / mirror, rows / ((before + after) / 2));
        } finally {
            signal("CONT", engine);
            reader.forget();
            server.execute("CALL mooncake.create_snapshot('" + Mirrors.name(TABLE) + "')");
        }
    }

    boolean equal() {
        return WideTable.digest(server, TABLE).equals(WideTable.digest(server, Mirrors.name(TABLE)));
    }

    private double followed(String engine) throws SQLException {
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET pg_mooncake.freshness_timeout = 0");
            long start = System.nanoTime();
            signal("CONT", engine);
            Sql.value(connection, "SELECT count(*) FROM " + Mirrors.name(BEHIND));
            return Figures.millis(start) / 1000;
        }
    }

    private static void signal(String name, String pid) {
        Command.mustRun(Command.asServerUser(java.util.List.of("kill", "-" + name, pid)));
    }
}
