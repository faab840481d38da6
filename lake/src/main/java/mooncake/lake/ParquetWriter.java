package mooncake.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooncake.duckdb.DuckChunk;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.DuckResult;
import mooncake.duckdb.ViewSql;
import mooncake.model.Holdings;
import mooncake.model.Limits;
import mooncake.model.ReadView;
import mooncake.model.ReadView.BatchView;
import mooncake.model.ReadView.FileView;
import mooncake.model.TableSchema;

/// Writes rows of batches and of files as Parquet by DuckDB, which does not sync what it writes: that
/// is done here.
final class ParquetWriter {
    private static final long WIDE_ROW_BYTES = 512;
    private static final long WIDE_GROUP_BYTES = 16L << 20;

    /// About how much larger rows are in memory.
    private static final long COMPRESSION = 2;

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
                long bytes = batches.stream()
                        .mapToLong(batch -> batch.batch().bytes())
                        .sum();
                copy(new ReadView(0, schema, List.of(), batches, holdings), groupRows(bytes, rows), file);
            } finally {
                holdings.release();
            }
            sync(file);
        }
        return rows;
    }

    /// Writes the live rows of files, file after file and each in order, in the columns of `schema`,
    /// whatever they were written with. Returns how many there were; with none there is no file.
    long rewrite(TableSchema schema, List<FileView> files, Path file) throws IOException {
        ReadView view = new ReadView(0, schema, files, List.of(), new Holdings(List.of(), List.of()));
        long rows = view.liveRows();
        if (rows > 0) {
            StorageFaults.before(StorageFaults.Call.WRITE, file);
            long bytes = COMPRESSION
                    * files.stream().mapToLong(each -> each.file().bytes()).sum();
            long handle = duckDb.views().register(view);
            try (DuckConnection connection = duckDb.connect()) {
                String source = "(" + duckDb.selectOrdered(connection, view, handle) + ")";
                connection.execute(ParquetSql.copy(schema, source, groupRows(bytes, rows), file));
            } finally {
                duckDb.views().release(handle);
            }
            sync(file);
        }
        return rows;
    }

    /// Rows of a row group: as many as DuckDB likes best, but of wide rows fewer. A value of one row
    /// costs reading its column's whole group, and UPDATEs that leave large values unchanged ask for such.
    private static long groupRows(long bytes, long rows) {
        long rowBytes = Math.max(1, bytes / rows);
        return rowBytes <= WIDE_ROW_BYTES
                ? Limits.BATCH_ROWS_MAX
                : Math.max(Limits.VECTOR_ROWS, WIDE_GROUP_BYTES / rowBytes / Limits.VECTOR_ROWS * Limits.VECTOR_ROWS);
    }

    private static void sync(Path file) throws IOException {
        StorageFaults.before(StorageFaults.Call.WRITE, file);
        LocalFileIO.syncFile(file);
        LocalFileIO.syncDirectory(Objects.requireNonNull(file.getParent()));
    }

    /// NaNs in a file's floating-point columns by field id. Iceberg wants to know them and footers do
    /// not say.
    Map<Integer, Long> nanCounts(TableSchema schema, Path file) {
        List<Integer> positions = IntStream.range(0, schema.width())
                .filter(i -> NanCounts.isFloating(schema.column(i)))
                .boxed()
                .toList();
        if (positions.isEmpty()) {
            return Map.of();
        }
        List<String> names = ParquetNames.of(schema);
        String counts = positions.stream()
                .map(i -> "count_if(isnan(" + ParquetNames.identifier(names.get(i)) + "))::BIGINT")
                .collect(Collectors.joining(", "));
        Map<Integer, Long> found = new HashMap<>();
        try (DuckConnection connection = duckDb.connect();
                DuckResult result = connection.query("SELECT " + counts + " FROM read_parquet("
                        + ViewSql.quote(file.toString()) + ", hive_partitioning=false)")) {
            DuckChunk chunk = Objects.requireNonNull(result.next());
            for (int i = 0; i < positions.size(); i++) {
                found.put(
                        schema.column(positions.get(i)).fieldId(),
                        chunk.vector(i).getLong(0));
            }
        }
        return found;
    }

    private void copy(ReadView view, long groupRows, Path file) {
        long handle = duckDb.views().register(view);
        try (DuckConnection connection = duckDb.connect()) {
            connection.execute(ParquetSql.copy(view.schema(), "mem_ordered(" + handle + ")", groupRows, file));
        } finally {
            duckDb.views().release(handle);
        }
    }
}
