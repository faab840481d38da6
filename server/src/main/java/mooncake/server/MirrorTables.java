package mooncake.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import mooncake.lake.Lake;
import mooncake.lake.LakeTable;
import mooncake.lake.ParquetRows;
import mooncake.mirror.MirrorTable;
import mooncake.model.TableSchema;
import mooncake.source.Endpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the two halves of a mirror, its rows in memory and its Iceberg table, in one database's
/// part of the warehouse. Any thread.
final class MirrorTables implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MirrorTables.class);

    private final SessionResources resources;
    private final Path warehouse;
    private final Lake lake;

    MirrorTables(Followed followed, SessionResources resources) {
        this.resources = resources;
        this.warehouse = warehouse(followed, resources);
        Endpoint home = followed.home();
        Map<String, String> login = new HashMap<>();
        Properties properties = home.jdbcProperties();
        properties.stringPropertyNames().forEach(name -> login.put(name, properties.getProperty(name)));
        String separator = home.jdbcUrl().contains("?") ? "&" : "?";
        this.lake =
                new Lake(warehouse, home.jdbcUrl() + separator + "currentSchema=mooncake", login, resources.duckDb());
    }

    /// This database's part of the warehouse; the OID keeps databases apart that had the same name
    /// one after another.
    private static Path warehouse(Followed followed, SessionResources resources) {
        String safe = followed.home().database().replaceAll("[^A-Za-z0-9_.]", "_");
        return resources
                .settings()
                .warehouse()
                .resolve(safe + "-" + Integer.toUnsignedString(followed.database()))
                .normalize();
    }

    /// This database's part of the warehouse, an absolute path.
    Path warehouse() {
        return warehouse;
    }

    Lake lake() {
        return lake;
    }

    /// A new, empty Iceberg table in the place of one that may be there.
    LakeTable newLakeTable(Registration registration) {
        if (lake.exists(registration.namespace(), registration.name())) {
            lake.drop(registration.namespace(), registration.name());
        }
        return lake.create(
                registration.namespace(), registration.name(), registration.schema(), registration.properties());
    }

    /// Removes what a copy that failed or was cancelled has written; what is left all the same goes
    /// with the next copy or at the next start.
    void abandonLakeTable(Registration registration) {
        try {
            lake.drop(registration.namespace(), registration.name());
        } catch (RuntimeException e) {
            log.warn("mirror={} half a copy is left: {}", registration.qualifiedName(), e.getMessage());
        }
    }

    /// Removes the files of a dropped mirror; what is left goes at the next start.
    void drop(Registration registration) {
        try {
            lake.drop(registration.namespace(), registration.name());
            log.info("mirror={} dropped", registration.qualifiedName());
        } catch (RuntimeException e) {
            log.warn("mirror={} files not removed yet: {}", registration.qualifiedName(), e.getMessage());
        }
    }

    /// Rows in memory, with what applies changes to them.
    MirrorWriter newWriter(Registration registration, LakeTable lakeTable, Definition.Types types) {
        return new MirrorWriter(
                registration, newTable(registration, registration.schema(), lakeTable), lakeTable, types, this);
    }

    MirrorTable newTable(Registration registration, TableSchema schema, LakeTable lakeTable) {
        return new MirrorTable(
                registration.mirror(),
                registration.qualifiedName(),
                schema,
                resources.rowMemory(),
                resources.scratch(),
                rows(schema),
                lakeTable::unneeded);
    }

    /// Reads rows of files as rows of a schema.
    ParquetRows rows(TableSchema schema) {
        return new ParquetRows(resources.duckDb(), schema);
    }

    KeyColumns keys(TableSchema schema) {
        return new KeyColumns(rows(schema));
    }

    /// The whole part of the warehouse goes with the extension.
    void deleteWarehouse() {
        try {
            Directories.delete(warehouse);
        } catch (IOException e) {
            log.warn("warehouse={} not removed: {}", warehouse, e.getMessage());
        }
    }

    @Override
    public void close() {
        lake.close();
    }
}
