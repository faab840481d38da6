package mooncake.model;

import java.util.List;

/// One mirror at one commit LSN: immutable, and valid while its [Holdings] are retained.
///
/// @param mirror the mirror's relation OID
/// @param files data files with their deleted rows, in a fixed order
/// @param batches in-memory rows that no file holds yet
public record ReadView(
        int mirror, TableSchema schema, List<FileView> files, List<BatchView> batches, Holdings holdings) {
    public ReadView {
        files = List.copyOf(files);
        batches = List.copyOf(batches);
    }

    /// Rows a query would see.
    public long liveRows() {
        long rows = 0;
        for (FileView file : files) {
            rows += file.file().rows() - file.deletes().cardinality();
        }
        for (BatchView batch : batches) {
            rows += batch.rows() - batch.deletes().cardinality();
        }
        return rows;
    }

    /// A data file minus its deleted positions.
    public record FileView(DataFile file, Deletes deletes) {}

    /// The first `rows` rows of a batch minus the deleted ones.
    public record BatchView(ColumnBatch batch, int rows, Deletes deletes) {}
}
