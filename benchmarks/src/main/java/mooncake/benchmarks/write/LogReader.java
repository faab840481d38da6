package mooncake.benchmarks.write;

import java.util.ArrayList;
import java.util.List;
import mooncake.benchmarks.Figures;
import mooncake.testing.Command;
import mooncake.testing.PostgresServer;

/// The baseline of every rate: Postgres' own client of logical decoding, which asks for what the engine asks for and
/// throws it away.
final class LogReader {
    private static final String BASE = "bench_base";

    private final PostgresServer server;
    private int copies;

    /// Remembers this point of the log; the engine's publication must be there.
    LogReader(PostgresServer server) {
        this.server = server;
        server.execute("SELECT pg_create_logical_replication_slot('" + BASE + "', 'pgoutput')");
    }

    /// Seconds to read from the remembered point to this LSN.
    double read(String end) {
        String slot = "bench_copy_" + copies++;
        server.execute("SELECT pg_copy_logical_replication_slot('" + BASE + "', '" + slot + "')");
        List<String> words = new ArrayList<>(
                List.of("--dbname=postgres", "--slot=" + slot, "--start", "--no-loop", "--endpos=" + end));
        words.addAll(List.of("--file=/dev/null", "--fsync-interval=0"));
        for (String option : List.of(
                "proto_version=2", "streaming=on", "binary=true", "messages=true", "publication_names=mooncake")) {
            words.add("--option=" + option);
        }
        long start = System.nanoTime();
        Command done = server.client("pg_recvlogical", words.toArray(String[]::new));
        double seconds = Figures.millis(start) / 1000;
        if (done.exit() != 0) {
            throw new IllegalStateException("pg_recvlogical failed: " + done.err());
        }
        server.execute("SELECT pg_drop_replication_slot('" + slot + "')");
        return seconds;
    }

    void forget() {
        server.execute("SELECT pg_drop_replication_slot('" + BASE + "')");
    }
}
