package mooncake.benchmarks.read;

import static mooncake.benchmarks.FigureTable.format;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mooncake.testing.Sql;

/// TPC-H's queries from several sessions at once for some minutes. Every answer is compared with that of a single
/// session.
final class SoakPart {
    private static final int SESSIONS = 10;

    private final Stage stage;
    private final List<RaceQuery> queries = TpchPart.queries();
    private final List<List<String>> answers = new ArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    SoakPart(Stage stage) {
        this.stage = stage;
    }

    void run() throws SQLException, InterruptedException {
        stage.console.step(format("%d sessions for %d minutes", SESSIONS, stage.options.minutes()));
        try (Connection mirrors = stage.mirrors()) {
            for (RaceQuery query : queries) {
                answers.add(answer(mirrors, query));
            }
        }
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(stage.options.minutes());
        List<Thread> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            int seed = i;
            sessions.add(Thread.ofPlatform().name("soak-" + i).start(() -> session(new Random(seed), end)));
        }
        for (Thread session : sessions) {
            session.join();
        }
        failures.stream().limit(SESSIONS).forEach(failure -> stage.console.line("%s", failure));
        stage.check(failures.isEmpty());
        stage.figures.add(
                format("%d sessions for %d minutes", SESSIONS, stage.options.minutes()),
                format("%,d queries, %d failures or wrong answers", done.get(), failures.size()),
                "0 failures");
    }

    private void session(Random random, long end) {
        try (Connection mirrors = stage.mirrors()) {
            while (System.nanoTime() - end < 0) {
                int number = random.nextInt(queries.size());
                if (!answer(mirrors, queries.get(number)).equals(answers.get(number))) {
                    failures.add(queries.get(number).name() + ": another answer");
                }
                done.incrementAndGet();
            }
        } catch (SQLException | RuntimeException e) {
            failures.add(e.toString());
        }
    }

    private static List<String> answer(Connection connection, RaceQuery query) throws SQLException {
        return Sql.rows(connection, query.sql()).stream()
                .map(List::toString)
                .sorted()
                .toList();
    }
}
