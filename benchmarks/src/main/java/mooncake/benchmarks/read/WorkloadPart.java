package mooncake.benchmarks.read;

import static mooncake.benchmarks.FigureTable.format;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import mooncake.testing.Sql;

/// Fills a workload's tables and races its queries.
final class WorkloadPart {
    private static final int LOADERS = 2;
    private static final long SLICE_ROWS = 100_000;

    private final Stage stage;
    private final Workload workload;

    WorkloadPart(Stage stage, Workload workload) {
        this.stage = stage;
        this.workload = workload;
    }

    void run() throws SQLException, IOException {
        stage.console.step(format("Generating %,d rows of workload %s", stage.options.rows(), workload.name()));
        stage.server.execute(workload.schema().toArray(String[]::new));
        generate();
        try (Connection connection = stage.heap()) {
            Sql.execute(connection, "VACUUM (ANALYZE)");
        }
        stage.mirror(workload.tables());
        Race.run(stage, workload.name(), workload.tables(), workload.queries(), true);
        stage.drop(workload.tables());
    }

    private void generate() throws SQLException {
        AtomicLong next = new AtomicLong(1);
        try (ExecutorService executor = Executors.newFixedThreadPool(LOADERS)) {
            List<Future<?>> loaders = new ArrayList<>();
            for (int i = 0; i < LOADERS; i++) {
                loaders.add(executor.submit(() -> {
                    fill(next);
                    return null;
                }));
            }
            for (Future<?> loader : loaders) {
                loader.get();
            }
        } catch (ExecutionException e) {
            throw new SQLException("cannot generate the rows: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    /// What names no slice belongs to the session and runs first in each.
    private void fill(AtomicLong next) throws SQLException {
        long rows = stage.options.rows();
        try (Connection connection = stage.heap()) {
            for (String statement : workload.generator()) {
                if (!statement.contains(":first")) {
                    Sql.execute(connection, statement);
                }
            }
            for (long first = next.getAndAdd(SLICE_ROWS); first <= rows; first = next.getAndAdd(SLICE_ROWS)) {
                long last = Math.min(rows, first + SLICE_ROWS - 1);
                for (String statement : workload.generator()) {
                    if (statement.contains(":first")) {
                        Sql.execute(
                                connection,
                                statement
                                        .replace(":first", Long.toString(first))
                                        .replace(":last", Long.toString(last))
                                        .replace(":rows", Long.toString(rows)));
                    }
                }
            }
        }
    }
}
