package mooncake.diff;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import mooncake.testing.PostgresServer;

/// Random queries over random tables, new tables for each batch. A query is made again from the seed alone: its batch
/// and
/// its number in it are named with each difference.
record RandomPart(int queries, long seed, int rows) implements DiffPart {
    private static final int TABLES = 5;
    private static final int BATCH = 1_000;
    private static final int WORKERS = 2;
    private static final int MINIMISED_MAX = 40;
    private static final int LENGTH_MAX = 20_000;

    @Override
    public void run(PostgresServer server, Tally tally, Progress progress) throws SQLException {
        Callables callables;
        try (Connection connection = server.connect()) {
            callables = Callables.read(connection);
        }
        long start = System.nanoTime();
        int done = 0;
        for (int batch = 0; done < queries; batch++) {
            int size = Math.min(BATCH, queries - done);
            batch(server, tally, callables.all(), batch, size);
            done += size;
            progress.says(String.format(
                    Locale.ROOT,
                    "%,d queries, %.0f a second, %,d differences",
                    done,
                    done / ((System.nanoTime() - start) / 1e9),
                    tally.differences()));
        }
    }

    private Random random(int batch, int number) {
        return new Random(seed * 1_000_003L + batch * 7_919L + number);
    }

    private void batch(PostgresServer server, Tally tally, List<Callable> callables, int batch, int size)
            throws SQLException {
        RandomTables maker = new RandomTables(random(batch, -1), rows);
        List<RandomTables.Table> tables = maker.tables(TABLES);
        Place place = Place.create(server, "random" + batch);
        Script.mirrorAll(place, maker.statements(tables));
        try (ExecutorService executor = Executors.newFixedThreadPool(WORKERS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                int first = worker;
                running.add(executor.submit(() -> {
                    work(place, tally, tables, callables, batch, first, size);
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        place.drop();
    }

    private void work(
            Place place,
            Tally tally,
            List<RandomTables.Table> tables,
            List<Callable> callables,
            int batch,
            int first,
            int size)
            throws SQLException {
        try (Sides sides = Sides.open(place, List.of("SET statement_timeout = '20s'"))) {
            for (int number = first; number < size; number += WORKERS) {
                Fragment query = new RandomQueries(random(batch, number), tables, callables).next();
                String sql = query.sql();
                if (sql.length() > LENGTH_MAX) {
                    tally.leaveOut("too long", "");
                    continue;
                }
                Verdict verdict = Judge.judgeAccident(sides, sql);
                Route route = sides.mirror().route(sql);
                if (verdict instanceof Verdict.Different && tally.differences() < MINIMISED_MAX) {
                    sql = new Minimiser(sides).minimise(query);
                    verdict = Judge.judgeAccident(sides, sql);
                }
                tally.count("seed " + seed + ", batch " + batch + ", query " + number, sql, verdict, route);
            }
        }
    }
}
