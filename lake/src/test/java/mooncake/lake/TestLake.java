package mooncake.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooncake.duckdb.DuckDb;
import mooncake.duckdb.DuckSettings;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.ReadView.FileView;
import mooncake.model.TableSchema;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.jspecify.annotations.Nullable;

/// A lake over an empty catalog and warehouse, and a reader of its tables that shares no code with it: Iceberg's
/// own catalog, Hadoop's file system, Iceberg's own Parquet reader.
final class TestLake implements AutoCloseable {
    /// One key and one text column.
    static final TableSchema PAIRS = new TableSchema(
            List.of(
                    new Column(1, "id", ColumnType.Scalar.INT8, true),
                    new Column(2, "note", ColumnType.Scalar.TEXT, false)),
            List.of(0));

    /// Nothing stays for its age, and every commit expires.
    static final Upkeep EAGER = new Upkeep(Duration.ZERO, 500, 1);

    final DuckDb duckDb;
    final Path warehouse;
    final String url;
    private final Path directory;
    private final List<Runnable> opened = new ArrayList<>();

    TestLake(Path directory) {
        this.directory = directory;
        this.warehouse = directory.resolve("warehouse");
        this.url = PostgresCluster.newCatalogUrl();
        Path library = Path.of(System.getProperty("mooncake.duckdb.library", ""));
        this.duckDb = DuckDb.open(new DuckSettings(library, "512MB", 2, directory.resolve("spill"), "1GB"));
    }

    Lake open() {
        return open(Upkeep.STANDARD);
    }

    Lake open(Upkeep upkeep) {
        return open(warehouse, upkeep);
    }

    Lake open(Path folder, Upkeep upkeep) {
        Lake lake = new Lake(folder, url, Map.of("user", PostgresCluster.USER), duckDb, upkeep);
        opened.add(lake::close);
        return lake;
    }

    /// The table as a foreign engine loads it.
    Table foreign(String namespace, String name) {
        JdbcCatalog catalog = new JdbcCatalog();
        catalog.setConf(new Configuration(false));
        catalog.initialize(
                Lake.CATALOG,
                Map.of(
                        "uri",
                        url,
                        "jdbc.user",
                        PostgresCluster.USER,
                        "jdbc.schema-version",
                        "V1",
                        "warehouse",
                        directory.resolve("elsewhere").toString()));
        opened.add(catalog::close);
        return catalog.loadTable(TableIdentifier.of(Namespace.of(namespace), name));
    }

    static List<Record> records(Table table) throws IOException {
        List<Record> records = new ArrayList<>();
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
            rows.forEach(records::add);
        }
        return records;
    }

    /// The rows of a table of [#PAIRS].
    Map<Long, String> pairs(String namespace, String name) throws IOException {
        Map<Long, String> pairs = new TreeMap<>();
        for (Record row : records(foreign(namespace, name))) {
            String before = pairs.put((Long) row.getField("id"), (String) row.getField("note"));
            if (before != null) {
                throw new AssertionError("row twice: " + row);
            }
        }
        return pairs;
    }

    static List<Object[]> pairRows(long from, long to) {
        return Stream.iterate(from, i -> i < to, i -> i + 1)
                .map(i -> new Object[] {i, "note number " + i})
                .toList();
    }

    static Deletes deletes(int... rows) {
        return deletes(java.util.Arrays.stream(rows).boxed().collect(Collectors.toSet()));
    }

    static Deletes deletes(Collection<Integer> rows) {
        Deletes.Editor editor = Deletes.NONE.edit();
        rows.forEach(editor::delete);
        return editor.snapshot();
    }

    static FileView view(DataFile file, int... deleted) {
        return new FileView(file, deletes(deleted));
    }

    static Set<Long> positions(Deletes deletes) {
        Set<Long> positions = new TreeSet<>();
        deletes.forEach(positions::add);
        return positions;
    }

    /// Names of the files below a table's data folder.
    static Set<String> dataFiles(LakeTable table) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(table.location(), "data"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Override
    public void close() {
        opened.reversed().forEach(Runnable::run);
        duckDb.close();
    }

    /// The values of one row.
    static byte[] @Nullable [] read(ParquetRows stored, DataFile file, long row, int... columns) {
        byte[] @Nullable [] found = new byte[columns.length][];
        stored.read(
                file, new long[] {row}, columns, (_, values) -> System.arraycopy(values, 0, found, 0, columns.length));
        return found;
    }
}
