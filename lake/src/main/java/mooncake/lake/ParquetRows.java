package mooncake.lake;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import mooncake.duckdb.DuckChunk;
import mooncake.duckdb.DuckConnection;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.DuckResult;
import mooncake.duckdb.DuckVector;
import mooncake.model.Check;
import mooncake.model.DataFile;
import mooncake.model.Storage;
import mooncake.model.StoredRows;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// Reads rows back from a mirror's data files: single values, and whole columns for an index that is
/// built anew. Files may be older than columns of the schema.
/// Safe for any thread; every call has a connection of its own.
public final class ParquetRows implements StoredRows {
    private final DuckDb duckDb;
    private final TableSchema schema;

    public ParquetRows(DuckDb duckDb, TableSchema schema) {
        this.duckDb = duckDb;
        this.schema = schema;
    }

    /// Takes a run of rows of a file.
    @FunctionalInterface
    public interface Chunks {
        /// Takes the next rows.
        ///
        /// @param columns the asked columns' entries in their [Storage], valid during the call
        /// @param valid which rows have a value, one bitmap per column, null where all do
        /// @param positions the rows' positions in the file, 64-bit integers in ascending order
        void accept(MemorySegment[] columns, @Nullable MemorySegment[] valid, MemorySegment positions, int rows);
    }

    @Override
    public void read(DataFile file, long[] positions, int[] columns, Values into) {
        int found = 0;
        try (DuckConnection connection = opened(file);
                DuckResult result = connection.query(
                        duckDb.selectFile(connection, schema, file, columns) + ParquetSql.atPositions(positions))) {
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                MemorySegment position = chunk.vector(columns.length).data();
                for (int row = 0; row < chunk.rows(); row++) {
                    byte[] @Nullable [] values = new byte[columns.length][];
                    for (int i = 0; i < columns.length; i++) {
                        Storage storage = schema.column(columns[i]).type().storage();
                        values[i] = value(chunk.vector(i), row, storage);
                    }
                    long at = position.getAtIndex(ValueLayout.JAVA_LONG, row);
                    into.accept(Arrays.binarySearch(positions, at), values);
                    found++;
                }
            }
        } catch (IOException | RuntimeException e) {
            throw StorageErrors.of("reading rows of " + file.path(), e);
        }
        Check.that(found == positions.length, "%s has %d of %d rows", file.path(), found, positions.length);
    }

    /// Hands over columns of all rows of a file, deleted ones included, in the file's order.
    public void scan(DataFile file, int[] columns, Chunks chunks) {
        long rows = 0;
        try (DuckConnection connection = opened(file);
                DuckResult result = connection.query(duckDb.selectFile(connection, schema, file, columns))) {
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                MemorySegment[] entries = new MemorySegment[columns.length];
                @Nullable MemorySegment[] valid = new MemorySegment[columns.length];
                for (int i = 0; i < columns.length; i++) {
                    DuckVector vector = chunk.vector(i);
                    entries[i] = vector.data();
                    valid[i] = vector.mayHaveNulls() ? validity(vector) : null;
                }
                MemorySegment positions = chunk.vector(columns.length).data();
                chunks.accept(entries, valid, positions, chunk.rows());
                rows += chunk.rows();
            }
        } catch (IOException | RuntimeException e) {
            throw StorageErrors.of("reading " + file.path(), e);
        }
        Check.that(rows == file.rows(), "%s has %d rows, not %d", file.path(), rows, file.rows());
    }

    private DuckConnection opened(DataFile file) throws IOException {
        StorageFaults.before(StorageFaults.Call.READ, file.path());
        return duckDb.connect();
    }

    private static MemorySegment validity(DuckVector vector) {
        long[] words = new long[(vector.rows() + 63) / 64];
        for (int i = 0; i < words.length; i++) {
            words[i] = vector.validityWord(i);
        }
        return MemorySegment.ofArray(words);
    }

    private static byte @Nullable [] value(DuckVector vector, int row, Storage storage) {
        if (!vector.isValid(row)) {
            return null;
        }
        MemorySegment bytes = storage == Storage.STRING
                ? vector.getBytes(row)
                : vector.data().asSlice((long) row * storage.width(), storage.width());
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }
}
