package mooncake.benchmarks.write;

import static mooncake.benchmarks.FigureTable.format;
import static mooncake.benchmarks.FigureTable.percentiles;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import mooncake.benchmarks.Console;
import mooncake.benchmarks.FigureTable;
import mooncake.benchmarks.Figures;
import mooncake.benchmarks.FreshnessProbe;
import mooncake.benchmarks.Guarded;
import mooncake.benchmarks.Machine;
import mooncake.benchmarks.Mirrors;
import mooncake.testing.CommandLine;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// `./mooncake bench write [--rows N] [--seconds N]`: exit code 0 if every mirror equalled its source, whatever the
/// figures.
public final class WriteBench {
    private static final int PGBENCH_ROUNDS = 5;
    private static final String BACKLOG = "backlog";
    private static final String LARGE = "large_transaction";

    private final WriteOptions options;
    private final Console console = new Console(System.out);
    private final FigureTable figures = new FigureTable(console);
    private boolean equal = true;

    private WriteBench(WriteOptions options) {
        this.options = options;
    }

    public static void main(String[] words) {
        WriteOptions options = CommandLine.optionsOrExit(
                words, WriteOptions::parse, "./mooncake bench write [--rows N] [--seconds N]");
        WriteBench bench = new WriteBench(options);
        PostgresServer server = PostgresServer.preferred()
                .durable()
                .set("shared_buffers", "1GB")
                .set("max_wal_size", "8GB")
                .set("checkpoint_timeout", "15min")
                .set("wal_sender_timeout", "0")
                .prepare();
        System.exit(Guarded.run(server, bench.console, bench::measure) ? 0 : 1);
    }

    private boolean measure(PostgresServer server) throws SQLException, IOException {
        console.step("Starting PostgreSQL " + server.major());
        server.start();
        server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
        server.awaitEngineAnswers();
        race(server);
        pgbench(server);
        backlog(server);
        largeTransaction(server);
        figures.print("PostgreSQL " + server.value("SHOW server_version") + format(", %,d rows", options.rows()));
        console.step(equal ? "Every mirror equalled its source" : "A MIRROR DIFFERED FROM ITS SOURCE");
        return equal;
    }

    private void race(PostgresServer server) throws SQLException {
        console.step(format("%,d inserts, updates and deletes: engine against pg_recvlogical", options.rows()));
        ChangeRace race = new ChangeRace(server, options.rows());
        // Sustained rates are those of compiled code.
        for (WideTable.Kind kind : WideTable.Kind.values()) {
            race.run(kind);
        }
        double engine = 0;
        double reader = 0;
        for (WideTable.Kind kind : WideTable.Kind.values()) {
            ChangeRace.Result result = race.run(kind);
            figures.add(kind.plural() + " into a mirror", rates(result.engine(), result.reader()), ">= 0.95x");
            engine += 1 / result.engine();
            reader += 1 / result.reader();
            if (kind != WideTable.Kind.DELETE) {
                checked(race.equal(), kind.plural());
            }
        }
        checked(race.equal(), "deletes");
        double kinds = WideTable.Kind.values().length;
        figures.add("all changes into a mirror", rates(kinds / engine, kinds / reader), ">= 0.95x");
    }

    private static String rates(double engine, double reader) {
        return format("%.2fx (%,.0f rows/s against %,.0f)", engine / reader, engine, reader);
    }

    private void pgbench(PostgresServer server) throws SQLException {
        console.step("pgbench without and with mirrors, in turn");
        Pgbench pgbench = new Pgbench(server);
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < PGBENCH_ROUNDS; round++) {
            without.add(pgbench.run(options.seconds()));
            pgbench.mirror();
            with.add(pgbench.run(options.seconds()));
            checked(pgbench.firstDifference().isEmpty(), "pgbench");
            if (round < PGBENCH_ROUNDS - 1) {
                pgbench.unmirror();
            }
            console.line("%,.0f without, %,.0f with", without.getLast(), with.getLast());
            ratios.add(with.getLast() / without.getLast());
        }
        // The pairs are compared: a machine drifts more within minutes than mirrors cost.
        figures.add(
                "pgbench with mirrors against without",
                format(
                        "%.2fx (median of %d pairs; %,.0f transactions/s against %,.0f)",
                        Figures.percentile(ratios, 0.5),
                        PGBENCH_ROUNDS,
                        Figures.percentile(with, 0.5),
                        Figures.percentile(without, 0.5)),
                ">= 0.9x");
        try (FreshnessProbe probe = FreshnessProbe.create(server)) {
            CompletableFuture<Double> load =
                    CompletableFuture.supplyAsync(() -> pgbench.run(options.seconds() + 2), Thread.ofPlatform()::start);
            probe.sampleFor(1);
            List<Double> samples = probe.sampleFor(options.seconds());
            figures.add(
                    format("freshness under pgbench, %,.0f transactions/s", load.join()),
                    percentiles(samples),
                    "reported");
        }
        pgbench.unmirror();
    }

    /// The engine is switched off while the changes are written.
    private void backlog(PostgresServer server) throws SQLException {
        long rows = options.backlogRows();
        console.step(format("A backlog of %,d changes written while the engine is off", 2 * rows));
        WideTable.create(server, BACKLOG);
        Mirrors.create(server, BACKLOG);
        server.set("pg_mooncake.enable_bgworker", "off");
        server.restart();
        WideTable.change(server, BACKLOG, WideTable.Kind.INSERT, rows);
        WideTable.change(server, BACKLOG, WideTable.Kind.UPDATE, rows);
        server.set("pg_mooncake.enable_bgworker", "on");
        server.restart();
        long start = System.nanoTime();
        server.awaitEngineAnswers();
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET pg_mooncake.freshness_timeout = 0");
            Sql.value(connection, "SELECT count(*) FROM " + Mirrors.name(BACKLOG));
        }
        double seconds = Figures.millis(start) / 1000;
        figures.add(
                format("catching up with %,d changes, with the start", 2 * rows),
                format("%,.0f rows/s (%.1f s)", 2 * rows / seconds, seconds),
                "reported");
        checked(
                WideTable.digest(server, BACKLOG).equals(WideTable.digest(server, Mirrors.name(BACKLOG))),
                "the backlog");
        server.execute("DROP TABLE " + Mirrors.name(BACKLOG), "DROP TABLE " + BACKLOG);
    }

    /// One transaction must stay within what the settings allow: the engine's own memory and DuckDB's.
    private void largeTransaction(PostgresServer server) throws SQLException, IOException {
        long rows = options.transactionRows();
        console.step(format("One transaction of %,d rows", rows));
        WideTable.create(server, LARGE);
        Mirrors.create(server, LARGE);
        server.restart();
        server.awaitEngineAnswers();
        long pid = server.enginePid();
        double before = Machine.peakMebibytes(pid);
        WideTable.insertAtOnce(server, LARGE, rows);
        long committed = System.nanoTime();
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET pg_mooncake.freshness_timeout = 0");
            Sql.value(connection, "SELECT count(*) FROM " + Mirrors.name(LARGE));
        }
        double seconds = Figures.millis(committed) / 1000;
        server.execute("CALL mooncake.create_snapshot('" + Mirrors.name(LARGE) + "')");
        String limits = "engine_memory " + server.value("SHOW pg_mooncake.engine_memory") + " + duckdb.memory_limit "
                + server.value("SHOW duckdb.memory_limit");
        figures.add(
                format("engine's peak memory, one transaction of %,d rows", rows),
                format("%.0f MiB (before: %.0f MiB)", Machine.peakMebibytes(pid), before),
                limits);
        figures.add(
                "from its commit until a query sees it",
                format("%.1f s (%,.0f rows/s)", seconds, rows / seconds),
                "reported");
        checked(pid == server.enginePid(), "the engine in the large transaction");
        checked(WideTable.digest(server, LARGE).equals(WideTable.digest(server, Mirrors.name(LARGE))), LARGE);
    }

    private void checked(boolean holds, String what) {
        equal &= holds;
        if (!holds) {
            console.line("%s: DIFFERENT", what);
        }
    }
}
