package mooncake.testing;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.jspecify.annotations.Nullable;

/// A server's Iceberg tables as other engines reach them: by Iceberg's own library, with none of the engine's code.
public final class ForeignReader {
    private ForeignReader() {}

    /// The catalog in the server's database `postgres`; to be closed by the caller.
    public static JdbcCatalog open(PostgresServer server) {
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

    public static List<TableIdentifier> tables(JdbcCatalog catalog) {
        return catalog.listNamespaces().stream()
                .flatMap(namespace -> catalog.listTables(namespace).stream())
                .toList();
    }

    /// A value of a record, or the same one in Java's types, in words that are equal for equal values.
    public static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "NULL";
            case ByteBuffer bytes -> {
                byte[] copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                yield HexFormat.of().formatHex(copy);
            }
            case BigDecimal number -> number.toPlainString();
            default -> value.toString();
        };
    }
}
