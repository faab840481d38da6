package mooncake.lake;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import mooncake.model.Check;
import mooncake.model.Deletes;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.io.SeekableInputStream;

/// Deletion vectors in Puffin files: all vectors of a commit share one file.
final class DeletionVectors {
    private DeletionVectors() {}

    /// Writes one vector per data file, each with all deleted positions of that file.
    static List<DeleteFile> write(Table table, Map<String, Deletes> deletesByPath) throws IOException {
        if (deletesByPath.isEmpty()) {
            return List.of();
        }
        OutputFileFactory factory = OutputFileFactory.builderFor(table, 0, 0)
                .operationId(FileNames.unique())
                .format(FileFormat.PUFFIN)
                .build();
        BaseDVFileWriter writer = new BaseDVFileWriter(factory, path -> PositionDeleteIndex.empty());
        try (writer) {
            deletesByPath.forEach((path, deletes) -> writer.delete(path, new Index(deletes), table.spec(), null));
        }
        return writer.result().deleteFiles();
    }

    static Deletes read(FileIO io, DeleteFile vector) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(vector.contentSizeInBytes())];
        try (SeekableInputStream in = io.newInputFile(vector.location()).newStream()) {
            in.seek(vector.contentOffset());
            IOUtil.readFully(in, bytes, 0, bytes.length);
        }
        Deletes.Editor deletes = Deletes.NONE.edit();
        PositionDeleteIndex.deserialize(bytes, vector).forEach(deletes::delete);
        Check.that(
                deletes.cardinality() == vector.recordCount(),
                "deletion vector of %s has %d positions, not %d",
                vector.referencedDataFile(),
                deletes.cardinality(),
                vector.recordCount());
        return deletes.snapshot();
    }

    /// Deleted positions as Iceberg's writer takes them.
    private record Index(Deletes deletes) implements PositionDeleteIndex {
        @Override
        public void delete(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(long start, long end) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isDeleted(long position) {
            return deletes.isDeleted(position);
        }

        @Override
        public boolean isEmpty() {
            return deletes.isEmpty();
        }

        @Override
        public void forEach(LongConsumer consumer) {
            deletes.forEach(consumer);
        }

        @Override
        public long cardinality() {
            return deletes.cardinality();
        }
    }
}
