package mooncake.benchmarks;

import java.util.List;
import mooncake.testing.PostgresServer;

/// Runs work on a server that ends in every case: when the work is done, when it fails, and on Ctrl-C.
///
/// A signal ends the server from a shutdown hook; the work then fails on its broken connections, which is nothing to
/// report.
public final class Guarded {
    private static final int LOG_LINES = 30;

    private Guarded() {}

    /// True is success.
    @FunctionalInterface
    public interface Work {
        boolean run(PostgresServer server) throws Exception;
    }

    public static boolean run(PostgresServer server, Console console, Work work) {
        Stop stop = new Stop(server, console);
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            return work.run(server);
        } catch (Exception | AssertionError e) {
            if (!stop.signalled) {
                System.err.println("mooncake: failed: " + e.getMessage());
                e.printStackTrace(System.err);
                System.err.println("The end of the server's log:");
                List<String> log = server.log().lines().toList();
                log.subList(Math.max(0, log.size() - LOG_LINES), log.size()).forEach(System.err::println);
            }
            return false;
        } finally {
            server.close();
            stop.done = true;
        }
    }

    private static final class Stop extends Thread {
        private final PostgresServer server;
        private final Console console;
        private volatile boolean done;
        private volatile boolean signalled;

        Stop(PostgresServer server, Console console) {
            super("stop-on-signal");
            this.server = server;
            this.console = console;
        }

        @Override
        public void run() {
            if (done) {
                return;
            }
            signalled = true;
            console.step("Stopping");
            server.close();
            console.step("Stopped");
        }
    }
}
