package mooncake.server;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.ViewSql;
import mooncake.mirror.ColumnLoader;
import mooncake.model.ColumnBatch;
import mooncake.model.Deletes;
import mooncake.model.Holdings;
import mooncake.model.Limits;
import mooncake.model.MemoryBudget;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;
import mooncake.query.frame.BatchReader;
import org.jspecify.annotations.Nullable;

/// Shipped rows that have one layout.
final class ShippedPart implements AutoCloseable {
    private final DuckDb duckDb;
    private final DuckConnection connection;
    private final MemoryBudget budget;
    private final TableSchema schema;
    private final String table;
    private final List<ReadView.BatchView> full = new ArrayList<>();
    private final List<Long> handles = new ArrayList<>();
    private @Nullable ColumnBatch current;
    private int rows;
    private boolean hasTable;

    ShippedPart(DuckDb duckDb, DuckConnection connection, MemoryBudget budget, TableSchema schema, String table) {
        this.duckDb = duckDb;
        this.connection = connection;
        this.budget = budget;
        this.schema = schema;
        this.table = table;
    }

    TableSchema schema() {
        return schema;
    }

    boolean isEmpty() {
        return !hasTable && full.isEmpty() && rows == 0;
    }

    void append(BatchReader frame, List<ColumnLoader> loaders) {
        ColumnBatch batch = current;
        if (batch == null || rows + frame.rows() > batch.capacity() || isCrowded()) {
            seal();
            // The first batch is as large as it must be: most shipments are small.
            int capacity = full.isEmpty() && !hasTable ? frame.rows() : Limits.BATCH_ROWS_MAX;
            batch = new ColumnBatch(schema, capacity, budget);
            current = batch;
        }
        ByteBuffer payload = frame.payload();
        for (int i = 0; i < loaders.size(); i++) {
            ColumnLoader.Values values = new ColumnLoader.Values(
                    payload.array(), payload.arrayOffset(), frame.data(i), frame.validity(i), frame.rows());
            loaders.get(i).load(values, batch, rows);
        }
        rows += frame.rows();
    }

    /// No row is added to the batch that is being filled.
    void seal() {
        if (current != null) {
            full.add(new ReadView.BatchView(current, rows, Deletes.NONE));
            current = null;
            rows = 0;
        }
        if (isCrowded()) {
            spill();
        }
    }

    private boolean isCrowded() {
        return budget.used() > Limits.SHIPPED_MEMORY_MAX;
    }

    /// Moves rows from memory to a temporary table.
    private void spill() {
        if (full.isEmpty()) {
            return;
        }
        String rowsInMemory = selectMemory();
        connection.execute(
                hasTable
                        ? "INSERT INTO " + table + " " + rowsInMemory
                        : "CREATE TEMP TABLE " + table + " AS " + rowsInMemory);
        hasTable = true;
        releaseMemory();
    }

    String select() {
        if (current != null) {
            full.add(new ReadView.BatchView(current, rows, Deletes.NONE));
            current = null;
        }
        if (!hasTable) {
            return selectMemory();
        }
        String spilled = "SELECT * FROM " + table;
        return full.isEmpty() ? spilled : spilled + " UNION ALL " + selectMemory();
    }

    private String selectMemory() {
        List<ColumnBatch> batches = full.stream().map(ReadView.BatchView::batch).toList();
        Holdings holdings = new Holdings(batches, List.of());
        try {
            ReadView view = new ReadView(0, schema, List.of(), full, holdings);
            long handle = duckDb.views().register(view);
            handles.add(handle);
            List<Integer> positions =
                    java.util.stream.IntStream.range(0, schema.width()).boxed().toList();
            return duckDb.select(connection, view, handle, positions);
        } finally {
            holdings.release();
        }
    }

    private void releaseMemory() {
        handles.forEach(duckDb.views()::release);
        handles.clear();
        full.forEach(batch -> batch.batch().release());
        full.clear();
    }

    @Override
    public void close() {
        releaseMemory();
        if (current != null) {
            current.release();
            current = null;
        }
        if (hasTable) {
            hasTable = false;
            connection.execute("DROP TABLE " + ViewSql.identifier(table));
        }
    }
}
