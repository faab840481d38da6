package mooncake.chaos;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import mooncake.testing.Await;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// One run: load, faults, recoveries, comparisons, until the time is over or something is wrong.
final class ChaosRun {
    private static final int WRITERS = 3;
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(3);
    private static final Duration FAILED_LIMIT = Duration.ofSeconds(90);
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(20);
    private static final Duration PREPARED_LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(300);
    private static final int CALM_MILLIS = 3_000;
    private static final int ICEBERG_EVERY = 12;

    /// In the trace of every invariant that did not hold.
    private static final String BROKEN_INVARIANT = "mooncake.model.Check.that(";

    private final Options options;
    private final PostgresServer server;
    private final Warehouse warehouse;
    private final PrintStream out;
    private final Random random;
    private final Tables tables;
    private final Faults faults;
    private final Comparison comparison;
    private final Pause pause = new Pause();
    private final Tally tally = new Tally();
    private final AtomicLong committed = new AtomicLong();
    private final Map<Long, ProcessHandle> engines = new HashMap<>();

    ChaosRun(Options options, PostgresServer server, Warehouse warehouse, PrintStream out) {
        this.options = options;
        this.server = server;
        this.warehouse = warehouse;
        this.out = out;
        this.random = new Random(options.seed());
        this.tables = new Tables(options);
        this.faults = new Faults(server, warehouse, random, options.down());
        this.comparison = new Comparison(server);
    }

    Tally tally() {
        return tally;
    }

    /// Returns when the time is over without a difference.
    void run() throws Exception {
        long end = System.nanoTime() + options.time().toNanos();
        server.start();
        server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
        server.awaitEngineAnswers();
        try (Connection connection = server.connect()) {
            tables.create(connection, random);
        }
        Observer observer = new Observer(server, pause, options.seed() * 31 - 1);
        List<Actor> actors = new ArrayList<>(List.of(observer));
        for (int i = 0; i < WRITERS; i++) {
            actors.add(new Writer(i, server, pause, options, tables, committed));
        }
        actors.add(new Alterer(server, pause, options, tables));
        try {
            compare();
            actors.forEach(Actor::start);
            faultsUntil(end);
        } finally {
            actors.forEach(Actor::close);
        }
        last();
        line("%,d transactions committed, %,d looks at mirrors under load", committed.get(), observer.looks());
    }

    private void faultsUntil(long end) throws Exception {
        List<FaultKind> kinds = kinds();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(CALM_MILLIS)).toNanos());
            if (random.nextInt(6) > 0) {
                fault(kinds.get(random.nextInt(kinds.size())));
            }
            if (random.nextInt(10) < 7) {
                compare();
            }
            if (random.nextInt(ICEBERG_EVERY) == 0) {
                compareIceberg();
            }
            pause.check();
        }
    }

    /// As often in the list as they weigh.
    private List<FaultKind> kinds() {
        List<FaultKind> kinds = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            boolean possible =
                    options.faults().contains(kind) && (kind != FaultKind.DISK_FULL || warehouse.canBeFilled());
            for (int i = 0; possible && i < kind.weight(); i++) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    private void fault(FaultKind kind) throws Exception {
        server.engine().ifPresent(engine -> engines.put(engine.pid(), engine));
        tally.event(kind + " begins");
        faults.inject(kind);
        long over = System.nanoTime();
        awaitRecovery(kind.name());
        Duration took = Duration.ofNanos(System.nanoTime() - over);
        tally.recovered(kind, took);
        tally.event(kind + " recovered after " + took.toMillis() + " ms");
        line("%4d %-20s %6d ms", tally.faults(), kind, took.toMillis());
        noOrphans();
    }

    /// Every mirror answers a strict query, while writers go on.
    private void awaitRecovery(String what) throws Failure, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            String trouble = trouble(RECOVERY_LIMIT);
            if (trouble.isEmpty()) {
                return;
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            boolean failed = trouble.contains("has failed: ") && waited.compareTo(FAILED_LIMIT) > 0;
            if (failed || waited.compareTo(RECOVERY_LIMIT) > 0) {
                throw new Failure("no recovery from " + what + " within " + waited.toSeconds() + " s: " + trouble);
            }
            pause.check();
            Thread.sleep(POLL.toMillis());
        }
    }

    /// A copy waits for transactions that wrote to its table, prepared ones too, which nobody else ends in a pause.
    private void awaitWhilePaused() throws SQLException, Failure, InterruptedException {
        if (random.nextBoolean()) {
            endPrepared();
        }
        if (!trouble(PREPARED_LIMIT).isEmpty()) {
            endPrepared();
            awaitRecovery("the writers' pause");
        }
    }

    private void endPrepared() throws SQLException {
        try (Connection connection = server.connect()) {
            for (List<String> row : Sql.rows(connection, "SELECT gid FROM pg_prepared_xacts")) {
                String how = random.nextInt(3) == 0 ? "ROLLBACK" : "COMMIT";
                Sql.execute(connection, how + " PREPARED '" + row.getFirst() + "'");
            }
        }
    }

    /// Why not every mirror can be read at this moment; empty if they can.
    private String trouble(Duration limit) {
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET pg_mooncake.freshness_timeout = '" + limit.toSeconds() + "s'");
            for (Comparison.Pair pair : Comparison.pairs(connection)) {
                Sql.value(connection, "SELECT count(*) FROM " + pair.mirror());
            }
            return "";
        } catch (SQLException | IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void noOrphans() {
        long current = server.awaitEngine().pid();
        engines.remove(current);
        Await.until(
                "engines of the past end",
                ORPHAN_LIMIT,
                () -> engines.values().stream().noneMatch(ProcessHandle::isAlive));
        engines.clear();
    }

    private void compare() throws Exception {
        Optional<Comparison.Difference> found = pause.whilePaused(() -> {
            awaitWhilePaused(); // a mirror that came later is not in an older snapshot
            return comparison.compare();
        });
        pause.check();
        tally.compared();
        fail(found);
    }

    private void compareIceberg() throws Exception {
        fail(pause.whilePaused(() -> {
            awaitWhilePaused();
            return IcebergComparison.compare(server);
        }));
        tally.comparedIceberg();
        tally.event("Iceberg tables compared");
        invariants();
    }

    /// What an engine heals by itself can hide an invariant that did not hold: its log does not.
    private void invariants() throws Failure {
        List<String> broken = server.log()
                .lines()
                .filter(line -> line.contains(BROKEN_INVARIANT))
                .toList();
        if (!broken.isEmpty()) {
            throw new Failure("the engine logged " + broken.size() + " broken invariants: " + broken.getFirst());
        }
    }

    private static void fail(Optional<Comparison.Difference> found) throws Failure {
        if (found.isPresent()) {
            Comparison.Difference difference = found.get();
            throw new Failure(String.format(
                    Locale.ROOT,
                    "rows lost: %d, rows doubled: %d, wrong: %d%n%s",
                    difference.lost(),
                    difference.doubled(),
                    difference.wrong(),
                    difference.text()));
        }
    }

    /// All that was written, as files, to an engine that knows nothing else.
    private void last() throws Exception {
        endPrepared();
        compare();
        compareIceberg();
        server.killEngine();
        awaitRecovery(FaultKind.ENGINE_KILL.name());
        compare();
        invariants();
        pause.check();
    }

    @FormatMethod
    private void line(@FormatString String format, Object... values) {
        out.println("    " + String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
