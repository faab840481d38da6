package mooncake.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import mooncake.testing.PostgresServer;
import mooncake.testing.PostgresServerBuilder;
import mooncake.testing.TpchDatabase;

/// A private server that holds TPC-H on heap tables and, once asked, on mirrors. Its Postgres is set up as one would
/// for
/// analytical queries, so that the heap side of every ratio is a fair one.
public final class TpchServer {
    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            "shared_buffers", "1GB",
            "effective_cache_size", "4GB",
            "work_mem", "64MB",
            "maintenance_work_mem", "256MB",
            "random_page_cost", "1.1",
            "max_wal_size", "4GB",
            "checkpoint_timeout", "15min"));

    private TpchServer() {}

    /// Ready to be started; to be closed by the caller, also from a shutdown hook.
    public static PostgresServer prepare() {
        PostgresServerBuilder builder = PostgresServer.preferred().durable();
        SETTINGS.forEach(builder::set);
        return builder.prepare();
    }

    public static void load(PostgresServer server, double scale, Console console) {
        console.step("Loading TPC-H at scale " + scale);
        TpchDatabase.load(server::connect, scale, step -> console.line("%s", step));
    }

    /// Mirrors every table; the seconds that each took until its first copy could be read.
    public static Map<String, Double> mirror(PostgresServer server, Console console) throws SQLException, IOException {
        console.step("CREATE EXTENSION ivy_mooncake CASCADE");
        server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
        server.awaitEngineAnswers();
        console.step("Mirroring the tables");
        Map<String, Double> seconds = new TreeMap<>();
        for (String table : TpchDatabase.TABLES) {
            long start = System.nanoTime();
            long rows = Mirrors.create(server, table);
            double took = Figures.millis(start) / 1000;
            seconds.put(table, took);
            console.line("%-9s %,10d rows in %5.1f s", table, rows, took);
        }
        return seconds;
    }
}
