package mooncake.system;

import java.util.Map;
import mooncake.testing.PostgresServer;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.jdbc.JdbcCatalog;

/// A server's Iceberg catalog, opened with none of our code.
final class ForeignCatalog {
    private ForeignCatalog() {}

    static JdbcCatalog open(PostgresServer server) {
        JdbcCatalog catalog = new JdbcCatalog();
        catalog.setConf(new Configuration());
        catalog.initialize(
                "mooncake",
                Map.of(
                        "uri",
                        server.jdbcUrl("postgres") + "?currentSchema=mooncake&user=postgres",
                        "jdbc.schema-version",
                        "V1",
                        "warehouse",
                        server.dataDirectory().toString(),
                        "io-impl",
                        "org.apache.iceberg.hadoop.HadoopFileIO"));
        return catalog;
    }
}
