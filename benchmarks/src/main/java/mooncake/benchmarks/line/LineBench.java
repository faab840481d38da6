package mooncake.benchmarks.line;

import static mooncake.benchmarks.FigureTable.format;
import static mooncake.benchmarks.FigureTable.percentiles;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mooncake.benchmarks.BareDuckDb;
import mooncake.benchmarks.Console;
import mooncake.benchmarks.FigureTable;
import mooncake.benchmarks.Figures;
import mooncake.benchmarks.FreshnessProbe;
import mooncake.benchmarks.Guarded;
import mooncake.benchmarks.Machine;
import mooncake.benchmarks.Mirrors;
import mooncake.benchmarks.Options;
import mooncake.benchmarks.QueryRace;
import mooncake.benchmarks.TpchPadding;
import mooncake.benchmarks.TpchServer;
import mooncake.testing.CommandLine;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import mooncake.testing.TpchDatabase;
import mooncake.testing.TpchQuery;

/// `./mooncake bench line [--scale F]`: exit code 0 if every answer was equal, whatever the figures.
public final class LineBench {
    private static final double DEFAULT_SCALE = 1;
    private static final int HEAP_RUNS = 2;
    private static final int BARE_RUNS = 3;
    private static final double FRESHNESS_SECONDS = 20;
    private static final double TRANSACTIONS_PER_SECOND = 1_000;
    private static final int COUNT_CONNECTIONS = 50;
    private static final int COPY_ROWS = 10_000_000;

    private final Options options;
    private final Console console = new Console(System.out);
    private final FigureTable figures = new FigureTable(console);
    private boolean equal = true;
    private double copyOutRowsPerSecond;

    private LineBench(Options options) {
        this.options = options;
    }

    public static void main(String[] words) {
        Options options = CommandLine.optionsOrExit(
                words, line -> Options.parse(line, DEFAULT_SCALE), "./mooncake bench line [--scale F]");
        LineBench bench = new LineBench(options);
        System.exit(Guarded.run(TpchServer.prepare(), bench.console, bench::measure) ? 0 : 1);
    }

    private boolean measure(PostgresServer server) throws SQLException, IOException {
        console.step("Starting a private PostgreSQL");
        server.start();
        TpchServer.load(server, options.scale(), console);
        copyOut(server);
        copyIn(server, TpchServer.mirror(server, console));
        races(server);
        counts(server);
        freshness(server);
        memory(server);
        print(server);
        return equal;
    }

    /// The baseline of the first copy: Postgres' own binary COPY of the same rows, which sends them nowhere.
    private void copyOut(PostgresServer server) throws SQLException {
        console.step("Baseline of the first copy: COPY lineitem TO '/dev/null' (FORMAT binary)");
        try (Connection connection = server.connect()) {
            long rows = Long.parseLong(Sql.value(connection, "SELECT count(*) FROM lineitem"));
            double millis = Double.MAX_VALUE;
            for (int run = 0; run < HEAP_RUNS; run++) {
                long start = System.nanoTime();
                Sql.execute(connection, "COPY lineitem TO '/dev/null' (FORMAT binary)");
                millis = Math.min(millis, Figures.millis(start));
            }
            copyOutRowsPerSecond = rows / millis * 1000;
            console.line("%,.0f rows/s", copyOutRowsPerSecond);
        }
    }

    private void copyIn(PostgresServer server, Map<String, Double> seconds) {
        long rows = Long.parseLong(server.value("SELECT count(*) FROM lineitem"));
        double perSecond = rows / seconds.getOrDefault("lineitem", Double.NaN);
        add(
                "first copy of lineitem against COPY to /dev/null",
                format(
                        "%.2fx (%,.0f rows/s against %,.0f)",
                        perSecond / copyOutRowsPerSecond, perSecond, copyOutRowsPerSecond),
                ">= 0.4x");
    }

    private void races(PostgresServer server) throws SQLException, IOException {
        console.step("Writing everything to files");
        for (String table : TpchDatabase.TABLES) {
            server.execute("CALL mooncake.create_snapshot('" + Mirrors.name(table) + "')");
        }
        console.step("The 22 queries: heap, mirror, DuckDB alone on the same files (best of " + HEAP_RUNS + ", "
                + HEAP_RUNS + ", " + BARE_RUNS + ")");
        console.line(
                "%-5s %10s %10s %10s %8s %8s  %s", "query", "heap ms", "mirror ms", "bare ms", "faster", "of bare", "");
        List<Double> faster = new ArrayList<>();
        List<Double> ofBare = new ArrayList<>();
        Map<String, String> views = new TreeMap<>();
        TpchDatabase.TABLES.forEach(table -> views.put(table, Mirrors.name(table)));
        try (Connection connection = server.connect();
                BareDuckDb bare = BareDuckDb.open(server, views, false)) {
            for (TpchQuery query : TpchQuery.all()) {
                QueryRace race = QueryRace.run(connection, query, HEAP_RUNS);
                BareDuckDb.Timed alone = bare.best(TpchPadding.padded(query.on(table -> table)), BARE_RUNS);
                equal &= race.equal() && alone.rows() == race.rows();
                faster.add(race.ratio());
                ofBare.add(race.mirrorMillis() / alone.millis());
                console.line(
                        "Q%-4d %10.1f %10.1f %10.1f %7.1fx %7.2fx  %s%s%s",
                        query.number(),
                        race.heapMillis(),
                        race.mirrorMillis(),
                        alone.millis(),
                        race.ratio(),
                        race.mirrorMillis() / alone.millis(),
                        race.equal() ? "equal" : "DIFFERENT",
                        alone.rows() == race.rows() ? "" : " (" + alone.rows() + " rows of DuckDB alone)",
                        race.whole() ? "" : " (not whole in DuckDB)");
            }
        }
        add(
                "TPC-H, mirror against heap, geometric mean",
                format("%.1fx faster", Figures.geometricMean(faster)),
                ">= 15x");
        add(
                "TPC-H, mirror against DuckDB alone, geometric mean",
                format("%.2fx", Figures.geometricMean(ofBare)),
                "<= 1.5x");
    }

    private void counts(PostgresServer server) throws SQLException {
        console.step("SELECT count(*) as the first statement of a new connection");
        List<Double> samples = new ArrayList<>();
        for (int i = 0; i < COUNT_CONNECTIONS; i++) {
            try (Connection connection = server.connect()) {
                long start = System.nanoTime();
                Sql.value(connection, "SELECT count(*) FROM " + Mirrors.name("lineitem"));
                samples.add(Figures.millis(start));
            }
        }
        add("count(*) from a new connection", percentiles(samples), "p50 <= 10 ms");
    }

    private void freshness(PostgresServer server) throws SQLException {
        console.step("Freshness, idle and under " + (int) TRANSACTIONS_PER_SECOND + " transactions/s");
        SmallTransactions.createTable(server::connect);
        Mirrors.create(server, SmallTransactions.TABLE);
        try (FreshnessProbe probe = FreshnessProbe.create(server)) {
            add("freshness, idle", percentiles(probe.sampleFor(FRESHNESS_SECONDS / 2)), "p50 <= 5 ms");
            try (SmallTransactions load = SmallTransactions.start(server::connect, TRANSACTIONS_PER_SECOND)) {
                probe.sampleFor(FRESHNESS_SECONDS / 4);
                long before = load.committed();
                List<Double> samples = probe.sampleFor(FRESHNESS_SECONDS);
                double rate = (load.committed() - before) / FRESHNESS_SECONDS;
                add(
                        format("freshness under %,.0f transactions/s", rate),
                        percentiles(samples),
                        "p50 <= 20 ms, p99 <= 200 ms");
            }
        }
    }

    /// A copy of ten million rows must stay within what the settings allow: the engine's own memory and DuckDB's.
    private void memory(PostgresServer server) throws SQLException, IOException {
        console.step(format("The engine's memory over a copy of %,d rows", COPY_ROWS));
        server.restart();
        server.awaitEngineAnswers();
        server.execute(
                "CREATE TABLE large AS SELECT i::bigint AS id, i % 1000 AS kind, i * 1.5::float8 AS value, now() AS at,"
                        + " 'row number ' || i AS note FROM generate_series(1, " + COPY_ROWS + ") i",
                "ALTER TABLE large ADD PRIMARY KEY (id)");
        long pid = server.enginePid();
        double before = Machine.peakMebibytes(pid);
        long rows = Mirrors.create(server, "large");
        server.execute("CALL mooncake.create_snapshot('" + Mirrors.name("large") + "')");
        equal &= rows == COPY_ROWS && pid == server.enginePid();
        add(
                format("engine's peak memory, copy of %,d rows", rows),
                format("%.0f MiB (before: %.0f MiB)", Machine.peakMebibytes(pid), before),
                "engine_memory " + server.value("SHOW pg_mooncake.engine_memory") + " + duckdb.memory_limit "
                        + server.value("SHOW duckdb.memory_limit"));
    }

    private void print(PostgresServer server) throws IOException {
        figures.print("PostgreSQL " + server.value("SHOW server_version") + ", TPC-H scale " + options.scale());
        console.step(equal ? "All answers were equal" : "SOME ANSWERS DIFFERED");
    }

    private void add(String name, String measured, String target) {
        figures.add(name, measured, target);
    }
}
