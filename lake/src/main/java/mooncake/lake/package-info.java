/// Mirrors at rest: Parquet files and Iceberg tables in a local directory, the catalog in Postgres itself.
///
/// In come in-memory batches to write and the exact set of files and deleted rows that a mirror has at an LSN;
/// out go synced files and Iceberg snapshots that any Iceberg engine reads. A [mooncake.lake.LakeTable] is owned
/// by its mirror's writer thread; [mooncake.lake.Lake] and [mooncake.lake.ParquetRows] may be used by any.
///
/// Invariants: a catalog pointer moves only after everything it reaches is on stable storage; a data file has at
/// most one deletion vector; the LSN of the last commit is found in the snapshot that made it; a data file is
/// deleted only when neither a snapshot nor the mirror nor a reader needs it.
@NullMarked
package mooncake.lake;

import org.jspecify.annotations.NullMarked;
