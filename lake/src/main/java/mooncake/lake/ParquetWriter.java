package mooncake.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.model.Holdings;
import mooncake.model.ReadView;
import mooncake.model.ReadView.BatchView;
import mooncake.model.TableSchema;

/// Writes in-memory batches as Parquet by DuckDB, which does not sync what it writes: that is done here.
final class ParquetWriter {
    private final DuckDb duckDb;

    ParquetWriter(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /// Writes the live rows in order and returns how many there were; with none there is no file.
    long write(TableSchema schema, List<BatchView> batches, Path file) throws IOException {
        long rows = 0;
        for (BatchView batch : batches) {
            rows += batch.rows() - batch.deletes().cardinality();
        }
        if (rows > 0) {
            StorageFaults.before(StorageFaults.Call.WRITE, file);
            Holdings holdings =
                    new Holdings(batches.stream().map(BatchView::batch).toList(), List.of());
            try {
                copy(new ReadView(0, schema, List.of(), batches, holdings), file);
            } finally {
                holdings.release();
            }
            StorageFaults.before(StorageFaults.Call.WRITE, file);
            LocalFileIO.syncFile(file);
            LocalFileIO.syncDirectory(Objects.requireNonNull(file.getParent()));
        }
        return rows;
    }

    private void copy(ReadView view, Path file) {
        long handle = duckDb.views().register(view);
        try (DuckConnection connection = duckDb.connect()) {
            connection.execute(ParquetSql.copy(view.schema(), "mem_ordered(" + handle + ")", file));
        } finally {
            duckDb.views().release(handle);
        }
    }
}
