package mooncake.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import mooncake.testing.Checkout;
import mooncake.testing.Command;
import mooncake.testing.CommandLine;
import mooncake.testing.PostgresServer;

/// `./mooncake chaos [--minutes N] [--seed S]`: exit code 0 only if nothing was lost, doubled or wrong.
public final class Chaos {
    private static final int LOG_LINES = 40;

    private Chaos() {}

    public static void main(String[] words) {
        Options options = CommandLine.optionsOrExit(words, Options::parse, Options.USAGE);
        System.exit(run(options, System.out) ? 0 : 1);
    }

    /// Runs and cleans up; after a failure data directory and log stay.
    static boolean run(Options options, PrintStream out) {
        Path home = Checkout.postgresHome()
                .resolve("run")
                .resolve("chaos-" + options.seed() + "-"
                        + ProcessHandle.current().pid());
        out.println("==> Chaos for " + options.time().toSeconds() + " s, seed " + options.seed());
        Warehouse warehouse;
        try {
            warehouse = Warehouse.in(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PostgresServer server = server(home, warehouse);
        AtomicBoolean signalled = new AtomicBoolean();
        Thread hook = Thread.ofPlatform().unstarted(() -> {
            signalled.set(true);
            end(server, warehouse, home, true);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        ChaosRun run = new ChaosRun(options, server, warehouse, out);
        boolean good = false;
        try {
            run.run();
            good = true;
        } catch (Exception | AssertionError e) {
            if (signalled.get()) {
                return false; // the hook cleans up
            }
            out.println("FAILED with seed " + options.seed() + ": " + e.getMessage());
            if (!(e instanceof Failure)) {
                e.printStackTrace(out);
            }
            out.println("The last events:");
            run.tally().lastEvents().forEach(line -> out.println("    " + line));
            out.println("The end of the server's log (" + home.resolve("server.log") + "):");
            List<String> log = server.log().lines().toList();
            log.subList(Math.max(0, log.size() - LOG_LINES), log.size()).forEach(out::println);
        } finally {
            if (!signalled.get()) {
                Runtime.getRuntime().removeShutdownHook(hook);
                end(server, warehouse, home, good);
            }
        }
        run.tally().lines().forEach(line -> out.println("    " + line));
        if (good) {
            out.println("rows lost: 0, rows doubled: 0, wrong: 0");
        } else {
            out.println("Kept: " + home);
        }
        return good;
    }

    private static PostgresServer server(Path home, Warehouse warehouse) {
        return PostgresServer.preferred()
                .in(home)
                .environment("MOONCAKE_STORAGE_FAULTS", warehouse.faults().toString())
                .set("pg_mooncake.warehouse", warehouse.folder().toString())
                .set("pg_mooncake.flush_interval", "1500ms")
                .set("pg_mooncake.flush_rows", "3000")
                .set("pg_mooncake.engine_memory", "512MB")
                .set("duckdb.memory_limit", "512MB")
                .set("max_prepared_transactions", "20")
                .set("logical_decoding_work_mem", "64kB")
                .set("checkpoint_timeout", "30s")
                .set("max_wal_size", "256MB")
                .prepare();
    }

    private static synchronized void end(PostgresServer server, Warehouse warehouse, Path home, boolean remove) {
        try {
            server.close();
        } finally {
            if (!remove) {
                warehouse.keep(home.resolve("warehouse"));
            }
            warehouse.close();
            if (remove) {
                Command.mustRun(Command.asServerUser(List.of("rm", "-rf", home.toString())));
            }
        }
    }
}
