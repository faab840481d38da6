package mooncake.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mooncake.duckdb.DuckDb;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The warehouse directory and the catalog of its Iceberg tables, which is two tables in Postgres itself. A
/// mirror's table is named by the mirror's schema and name. Safe for any thread.
///
/// The catalog's tables exist already; nothing is created or altered in Postgres but rows. Any Iceberg engine can
/// open the same catalog: kind `jdbc`, name [#CATALOG], schema version `V1`.
public final class Lake implements AutoCloseable {
    public static final String CATALOG = "mooncake";

    /// Connections to Postgres that commits share.
    private static final int CATALOG_CONNECTIONS = 4;

    /// States in which Postgres ended the connection without having run the statement: it is safe to try again.
    private static final String RETRYABLE_STATES = "57P01,57P02,57P03";

    /// DuckDB reads a path with one of these as a pattern.
    private static final String PATTERN_CHARACTERS = "*?[";

    private static final Logger LOG = LoggerFactory.getLogger(Lake.class);

    private final Path warehouse;
    private final DuckDb duckDb;
    private final Upkeep upkeep;
    private final JdbcCatalog catalog;

    /// @param warehouse an absolute path
    /// @param catalogJdbcUrl pgjdbc's URL, whose `currentSchema` has the catalog's tables; without secrets
    /// @param jdbcProperties pgjdbc's connection properties, such as `user`, `password` and `socketFactory`
    /// @param duckDb what writes and reads Parquet; stays the caller's
    public Lake(Path warehouse, String catalogJdbcUrl, Map<String, String> jdbcProperties, DuckDb duckDb) {
        this(warehouse, catalogJdbcUrl, jdbcProperties, duckDb, Upkeep.STANDARD);
    }

    Lake(Path warehouse, String catalogJdbcUrl, Map<String, String> jdbcProperties, DuckDb duckDb, Upkeep upkeep) {
        Check.that(warehouse.isAbsolute(), "the warehouse %s is not an absolute path", warehouse);
        Check.that(
                !catalogJdbcUrl.toLowerCase(Locale.ROOT).contains("password="),
                "the catalog's URL may not hold a password");
        if (warehouse.toString().chars().anyMatch(c -> PATTERN_CHARACTERS.indexOf(c) >= 0)) {
            throw new MooncakeException(
                    ErrorCode.BAD_CONFIGURATION,
                    "the warehouse's path " + warehouse + " has one of the characters " + PATTERN_CHARACTERS);
        }
        this.warehouse = warehouse.normalize();
        this.duckDb = duckDb;
        this.upkeep = upkeep;
        this.catalog = new JdbcCatalog(configuration -> new LocalFileIO(), null, false);
        Map<String, String> configuration = new HashMap<>();
        jdbcProperties.forEach((name, value) -> configuration.put(JdbcCatalog.PROPERTY_PREFIX + name, value));
        configuration.put(CatalogProperties.URI, catalogJdbcUrl);
        configuration.put(CatalogProperties.WAREHOUSE_LOCATION, this.warehouse.toString());
        configuration.put(CatalogProperties.CLIENT_POOL_SIZE, String.valueOf(CATALOG_CONNECTIONS));
        configuration.put("retryable_status_codes", RETRYABLE_STATES);
        try {
            LocalFileIO.createDirectories(this.warehouse);
            catalog.initialize(CATALOG, configuration);
        } catch (RuntimeException e) {
            throw StorageErrors.of("opening the Iceberg catalog", e);
        }
    }

    /// Creates an empty table. `properties` become table properties beside those that say each column's Postgres
    /// type.
    public LakeTable create(String namespace, String name, TableSchema schema, Map<String, String> properties) {
        Path location = warehouse.resolve(FileNames.directory(namespace)).resolve(FileNames.tableDirectory(name));
        Map<String, String> all = new HashMap<>(properties);
        all.putAll(LakeTable.initialProperties());
        TableShape.putProperties(schema, all);
        try {
            FieldGaps gaps = FieldGaps.of(TableShape.icebergSchema(schema));
            gaps.create(catalog.buildTable(identifier(namespace, name), gaps.filled())
                    .withLocation(location.toString())
                    .withProperties(all));
            LakeTable table = table(namespace, name, catalog.loadTable(identifier(namespace, name)));
            Check.that(table.schema().equals(schema), "the columns of %s.%s got other field ids", namespace, name);
            return table;
        } catch (RuntimeException e) {
            MooncakeException failure = StorageErrors.of("creating Iceberg table " + namespace + "." + name, e);
            if (failure.code() == ErrorCode.STORAGE_FAILED || failure.code() == ErrorCode.DISK_FULL) {
                deleteFolder(location);
            }
            throw failure;
        }
    }

    /// Opens a table and deletes what an unfinished commit may have left in its folder; only by its one writer,
    /// before it writes.
    public LakeTable open(String namespace, String name) {
        try {
            LakeTable table = table(namespace, name, catalog.loadTable(identifier(namespace, name)));
            table.takeStock();
            return table;
        } catch (NoSuchTableException e) {
            throw new MooncakeException(
                    ErrorCode.UNKNOWN_MIRROR, "no Iceberg table " + namespace + "." + name + " in the catalog", e);
        } catch (RuntimeException e) {
            throw StorageErrors.of("opening Iceberg table " + namespace + "." + name, e);
        }
    }

    public boolean exists(String namespace, String name) {
        try {
            return catalog.tableExists(identifier(namespace, name));
        } catch (NotFoundException e) {
            LOG.warn("the catalog's metadata file is missing table={}.{}", namespace, name);
            return true;
        } catch (RuntimeException e) {
            throw StorageErrors.of("looking for Iceberg table " + namespace + "." + name, e);
        }
    }

    /// Removes a table from the catalog and deletes all its files; fine when there is only a part of either. No
    /// view of it may be in use any more.
    public void drop(String namespace, String name) {
        TableIdentifier identifier = identifier(namespace, name);
        try {
            Optional<Path> location = location(identifier);
            catalog.dropTable(identifier, false);
            location.filter(path -> path.startsWith(warehouse) && !path.equals(warehouse))
                    .ifPresent(Lake::deleteFolder);
            folders(namespace, name).forEach(Lake::deleteFolder);
        } catch (RuntimeException e) {
            throw StorageErrors.of("dropping Iceberg table " + namespace + "." + name, e);
        }
    }

    @Override
    public void close() {
        catalog.close();
    }

    private LakeTable table(String namespace, String name, Table loaded) {
        return new LakeTable(namespace + "." + name, ((HasTableOperations) loaded).operations(), duckDb, upkeep);
    }

    private Optional<Path> location(TableIdentifier identifier) {
        try {
            return Optional.of(LocalFileIO.toPath(catalog.loadTable(identifier).location()));
        } catch (NoSuchTableException | NotFoundException e) {
            return Optional.empty();
        }
    }

    private List<Path> folders(String namespace, String name) {
        Path parent = warehouse.resolve(FileNames.directory(namespace));
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(parent)) {
            return folders.filter(folder ->
                            FileNames.isTableDirectory(folder.getFileName().toString(), name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteFolder(Path folder) {
        try {
            LocalFileIO.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TableIdentifier identifier(String namespace, String name) {
        return TableIdentifier.of(Namespace.of(namespace), name);
    }
}
