package mooncake.benchmarks.write;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooncake.benchmarks.Mirrors;
import mooncake.testing.Command;
import mooncake.testing.PostgresServer;

/// Postgres' own benchmark, with its default script, on its own tables.
final class Pgbench {
    private static final int SCALE = 10;
    private static final int CLIENTS = 4;
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+) ");
    private static final List<String> TABLES =
            List.of("pgbench_accounts", "pgbench_branches", "pgbench_tellers", "pgbench_history");

    private final PostgresServer server;

    Pgbench(PostgresServer server) {
        this.server = server;
        run("--initialize", "--quiet", "--scale=" + SCALE);
    }

    /// Transactions per second.
    double run(int seconds) {
        server.execute("VACUUM pgbench_branches", "VACUUM pgbench_tellers", "CHECKPOINT");
        Command done = run("--no-vacuum", "--client=" + CLIENTS, "--jobs=1", "--time=" + seconds);
        Matcher found = TPS.matcher(done.out());
        if (!found.find()) {
            throw new IllegalStateException("pgbench printed no rate: " + done.out());
        }
        return Double.parseDouble(found.group(1));
    }

    void mirror() throws SQLException {
        for (String table : TABLES) {
            Mirrors.create(server, table);
        }
    }

    void unmirror() {
        for (String table : TABLES) {
            server.execute("DROP TABLE " + Mirrors.name(table));
        }
    }

    /// The first table whose mirror does not add up to the same; empty when all do.
    String firstDifference() {
        for (String table : TABLES) {
            String sums = "SELECT count(*), sum(" + (table.endsWith("history") ? "delta" : table.charAt(8) + "balance")
                    + ") FROM ";
            if (!server.rows(sums + table).equals(server.rows(sums + Mirrors.name(table)))) {
                return table;
            }
        }
        return "";
    }

    private Command run(String... arguments) {
        Command done = server.client("pgbench", arguments);
        if (done.exit() != 0) {
            throw new IllegalStateException("pgbench failed: " + done.err());
        }
        return done;
    }
}
