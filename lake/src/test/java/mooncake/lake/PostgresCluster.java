package mooncake.lake;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A Postgres server of its own in a temporary directory, one per test run, stopped when the JVM ends.
final class PostgresCluster {
    /// What the extension's script creates, in the shape that version V1 of Iceberg's JDBC catalog expects.
    static final String CATALOG_TABLES = """
            CREATE TABLE %1$s.iceberg_tables (
                catalog_name varchar(255) NOT NULL,
                table_namespace varchar(255) NOT NULL,
                table_name varchar(255) NOT NULL,
                metadata_location varchar(1000),
                previous_metadata_location varchar(1000),
                iceberg_type varchar(5),
                PRIMARY KEY (catalog_name, table_namespace, table_name)
            );
            CREATE TABLE %1$s.iceberg_namespace_properties (
                catalog_name varchar(255) NOT NULL,
                namespace varchar(255) NOT NULL,
                property_key varchar(255),
                property_value varchar(1000),
                PRIMARY KEY (catalog_name, namespace, property_key)
            );
            """;

    static final String USER = "engine";

    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static final PostgresCluster INSTANCE = start();

    private final int port;

    private PostgresCluster(int port) {
        this.port = port;
    }

    /// The URL of an empty catalog, whose tables the user may change but not alter.
    static String newCatalogUrl() {
        String schema = "catalog" + SCHEMAS.incrementAndGet();
        INSTANCE.execute(
                "CREATE SCHEMA " + schema + ";" + String.format(CATALOG_TABLES, schema) + "GRANT USAGE ON SCHEMA "
                        + schema + " TO engine; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema
                        + " TO engine");
        return INSTANCE.url() + "?currentSchema=" + schema;
    }

    /// Ends every connection of the engine's user.
    static void terminateConnections() {
        INSTANCE.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'engine'");
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PostgresCluster start() {
        try {
            Path directory = Files.createTempDirectory("lake-postgres-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
            String bin = "/usr/lib/postgresql/15/bin/";
            Path data = directory.resolve("data");
            run(
                    bin + "initdb",
                    "-D",
                    data.toString(),
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-N",
                    "-E",
                    "UTF8",
                    "--locale=C");
            int port = freePort();
            String options = "-c listen_addresses=127.0.0.1 -c port=" + port + " -c unix_socket_directories="
                    + directory + " -c shared_buffers=16MB -c log_min_messages=fatal";
            List<String> ctl = List.of(bin + "pg_ctl", "-D", data.toString(), "-w");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                run(with(ctl, "stop", "-m", "immediate"));
                delete(directory);
            }));
            run(with(ctl, "start", "-l", directory.resolve("log").toString(), "-o", options));
            PostgresCluster cluster = new PostgresCluster(port);
            cluster.execute("CREATE ROLE " + USER + " LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
            return cluster;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path directory) {
        try {
            LocalFileIO.deleteTree(directory);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String[] with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /// Postgres refuses to run as root.
    private static void run(String... command) {
        List<String> full = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            full.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        full.addAll(List.of(command));
        try {
            Path output = Files.createTempFile("lake-postgres-", ".out");
            int exit = new ProcessBuilder(full)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .directory(Path.of("/").toFile())
                    .start()
                    .waitFor();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            if (exit != 0) {
                throw new IllegalStateException(full + " ended with " + exit + ": " + text);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
