package mooncake.benchmarks.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mooncake.benchmarks.Console;
import mooncake.benchmarks.Figures;
import mooncake.benchmarks.FreshnessProbe;
import mooncake.benchmarks.Guarded;
import mooncake.benchmarks.LiveStream;
import mooncake.benchmarks.Mirrors;
import mooncake.benchmarks.Options;
import mooncake.benchmarks.QueryRace;
import mooncake.benchmarks.TpchServer;
import mooncake.benchmarks.Warehouse;
import mooncake.testing.CommandLine;
import mooncake.testing.PostgresServer;
import mooncake.testing.TableDiff;
import mooncake.testing.TpchDatabase;
import mooncake.testing.TpchQuery;

/// `./mooncake demo [--once] [--scale F]`: exit code 0 only if every answer of a mirror was the heap's.
public final class Demo {
    private static final double DEFAULT_SCALE = 0.1;
    private static final double STREAM_PER_SECOND = 200;
    private static final double FRESHNESS_SECONDS = 5;
    private static final int RUNS = 2;
    private static final long STATUS_SECONDS = 10;

    private final Options options;
    private final Console console = new Console(System.out);

    private Demo(Options options) {
        this.options = options;
    }

    public static void main(String[] words) {
        Options options = CommandLine.optionsOrExit(
                words, line -> Options.parse(line, DEFAULT_SCALE), "./mooncake demo [--once] [--scale F]");
        Demo demo = new Demo(options);
        System.exit(Guarded.run(TpchServer.prepare(), demo.console, demo::show) ? 0 : 1);
    }

    private boolean show(PostgresServer server) throws SQLException, IOException, InterruptedException {
        console.step("Starting a private PostgreSQL");
        server.start();
        TpchServer.load(server, options.scale(), console);
        TpchServer.mirror(server, console);
        boolean equal;
        try (FreshnessProbe probe = FreshnessProbe.create(server);
                LiveStream stream = LiveStream.start(server::connect, STREAM_PER_SECOND)) {
            showFreshness(probe, stream);
            equal = showQueries(server, stream);
            equal &= showTables(server, stream);
            showWarehouse(server);
            showConnection(server);
            if (!options.once()) {
                keepRunning(probe, stream);
            }
        }
        console.step(equal ? "All answers were equal" : "SOME ANSWERS DIFFERED");
        return equal;
    }

    private void showFreshness(FreshnessProbe probe, LiveStream stream) throws SQLException {
        console.step(
                "Freshness while orders are inserted, updated and deleted: from a commit to its row on the mirror");
        long before = stream.transactions();
        List<Double> samples = probe.sampleFor(FRESHNESS_SECONDS);
        stream.failIfBroken();
        double rate = (stream.transactions() - before) / FRESHNESS_SECONDS;
        console.line(
                "p50 %.1f ms, p99 %.1f ms (%d samples, %.0f transactions/s)",
                Figures.percentile(samples, 0.5), Figures.percentile(samples, 0.99), samples.size(), rate);
    }

    private boolean showQueries(PostgresServer server, LiveStream stream) throws SQLException {
        console.step("The 22 queries on heap and mirror (the stream pauses for each comparison)");
        console.line("%-5s %10s %10s %8s %6s  %s", "query", "heap ms", "mirror ms", "faster", "rows", "answer");
        List<QueryRace> races = new ArrayList<>();
        try (Connection connection = server.connect()) {
            for (TpchQuery query : TpchQuery.all()) {
                QueryRace race = stream.whilePaused(() -> QueryRace.run(connection, query, RUNS));
                races.add(race);
                console.line(
                        "Q%-4d %10.1f %10.1f %7.1fx %6d  %s%s",
                        race.number(),
                        race.heapMillis(),
                        race.mirrorMillis(),
                        race.ratio(),
                        race.rows(),
                        race.equal() ? "equal" : "DIFFERENT",
                        race.whole() ? "" : " (not whole in DuckDB)");
            }
        }
        console.line(
                "geometric mean: %.1fx faster",
                Figures.geometricMean(races.stream().map(QueryRace::ratio).toList()));
        return races.stream().allMatch(QueryRace::equal);
    }

    private boolean showTables(PostgresServer server, LiveStream stream) throws SQLException {
        console.step("Every row of every mirror against its table");
        boolean equal = true;
        for (String table : TpchDatabase.TABLES) {
            TableDiff diff = stream.whilePaused(() -> TableDiff.compare(
                    server::connect, "SELECT * FROM " + table, "SELECT * FROM " + Mirrors.name(table)));
            console.line("%-9s %,10d rows %s", table, diff.rightRows(), diff.equal() ? "equal" : "DIFFERENT");
            diff.differences().forEach(line -> console.line("  %s", line));
            equal &= diff.equal();
        }
        return equal;
    }

    private void showWarehouse(PostgresServer server) throws IOException {
        console.step("What lies in the Iceberg warehouse");
        server.execute("CALL mooncake.create_snapshot('" + Mirrors.name("lineitem") + "')");
        for (String table : TpchDatabase.TABLES) {
            Warehouse warehouse = Warehouse.of(server, Mirrors.name(table));
            console.line(
                    "%-9s %3d data files, %2d deletion vector files, %3d snapshots, %8.1f MiB  %s",
                    table,
                    warehouse.dataFiles().size(),
                    warehouse.deletionVectors(),
                    warehouse.snapshots(),
                    warehouse.bytes() / 1048576.0,
                    warehouse.location());
        }
    }

    private void showConnection(PostgresServer server) {
        console.step("Try it yourself" + (options.once() ? " (without --once the server stays)" : ""));
        console.line("%s", server.psqlLine());
        console.line("%s", "SELECT * FROM mooncake.status();");
        console.line("%s", "EXPLAIN VERBOSE SELECT shipmode, count(*) FROM lineitem_mirror GROUP BY 1;");
    }

    private void keepRunning(FreshnessProbe probe, LiveStream stream) throws SQLException, InterruptedException {
        console.step("The stream goes on; Ctrl-C ends everything");
        while (true) {
            TimeUnit.SECONDS.sleep(STATUS_SECONDS);
            stream.failIfBroken();
            List<Double> samples = probe.sampleFor(1);
            console.line(
                    "%,8d transactions, %,d orders on the mirror, freshness p50 %.1f ms, p99 %.1f ms",
                    stream.transactions(),
                    probe.rows("orders"),
                    Figures.percentile(samples, 0.5),
                    Figures.percentile(samples, 0.99));
        }
    }
}
