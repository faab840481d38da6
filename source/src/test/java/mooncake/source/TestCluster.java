package mooncake.source;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// One throw-away Postgres for all tests of the module, started at first use and removed when the JVM ends.
public final class TestCluster {
    public static final int SLOTS_MAX = 6;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String OWNER = "postgres";

    private final Path directory;
    private final Path binaries;
    private final int port;
    private final boolean root = System.getProperty("user.name").equals("root");

    private static final class Holder {
        private static final TestCluster CLUSTER = start("wal_level = logical");
    }

    private TestCluster(Path directory, Path binaries, int port) {
        this.directory = directory;
        this.binaries = binaries;
        this.port = port;
    }

    public static TestCluster shared() {
        return Holder.CLUSTER;
    }

    /// A name that no other test uses.
    public static String unique(String stem) {
        return stem + "_" + NUMBER.incrementAndGet();
    }

    public static TestCluster start(String... settings) {
        try {
            Path directory = Files.createTempDirectory("pg");
            TestCluster cluster = new TestCluster(directory, findBinaries(), freePort());
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::remove));
            cluster.initialise(settings);
            cluster.run(
                    "pg_ctl",
                    "-D",
                    cluster.data(),
                    "-w",
                    "-l",
                    directory.resolve("log").toString(),
                    "start");
            return cluster;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void initialise(String... settings) throws IOException {
        if (root) {
            exec(List.of("chown", OWNER, directory.toString()));
        }
        Files.createDirectory(scratch());
        run("initdb", "-D", data(), "-U", OWNER, "-A", "trust", "-N", "--no-instructions", "-E", "UTF8", "--locale=C");
        List<String> lines = new ArrayList<>(List.of(
                "listen_addresses = '127.0.0.1'",
                "port = " + port,
                "unix_socket_directories = '" + directory + "'",
                "fsync = off",
                "autovacuum = off",
                "max_replication_slots = " + SLOTS_MAX,
                "max_prepared_transactions = 4",
                "shared_buffers = 32MB"));
        lines.addAll(Arrays.asList(settings));
        write("auto.conf", lines);
        write(
                "hba.conf",
                List.of(
                        "local all all trust",
                        "host all scram_user 127.0.0.1/32 scram-sha-256",
                        "host all md5_user 127.0.0.1/32 md5",
                        "host all plain_user 127.0.0.1/32 password",
                        "host all all 127.0.0.1/32 trust"));
        String options = "include '" + directory.resolve("auto.conf") + "'\nhba_file = '"
                + directory.resolve("hba.conf") + "'\n";
        Path include = directory.resolve("include.conf");
        Files.writeString(include, options);
        String appending = "cat '" + include + "' >> '" + data() + "/postgresql.conf'";
        exec(List.of("sh", "-c", appending));
    }

    private void write(String name, List<String> lines) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, lines);
        exec(List.of("chmod", "644", file.toString()));
    }

    public void restart() {
        run(
                "pg_ctl",
                "-D",
                data(),
                "-w",
                "-m",
                "fast",
                "-l",
                directory.resolve("log").toString(),
                "restart");
    }

    private void remove() {
        try {
            run("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
        } catch (IllegalStateException _) {
            // It was not running: nothing to stop.
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return port;
    }

    public Endpoint socket(String database) {
        return Endpoint.parse("host=" + directory + " port=" + port + " user=postgres dbname=" + database);
    }

    public Endpoint tcp(String user, String password, String database) {
        return Endpoint.parse("host=127.0.0.1 port=" + port + " user=" + user + " dbname=" + database
                + (password.isEmpty()
                        ? ""
                        : " password='" + password.replace("\\", "\\\\").replace("'", "\\'") + "'"));
    }

    /// A directory for files of a test; removed with the cluster.
    public Path scratch() {
        return directory.resolve("scratch");
    }

    /// Makes a database of its own for a test class.
    public Endpoint database(String stem) {
        String name = unique(stem);
        execute(socket("postgres"), "CREATE DATABASE " + name);
        return socket(name);
    }

    public static void execute(Endpoint endpoint, String... statements) {
        try (Connection connection = endpoint.connect()) {
            execute(connection, statements);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void execute(Connection connection, String... statements) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String value(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                java.sql.ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Polls until the condition holds; the test's own timeout ends a wait that is in vain.
    public static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted");
            }
        }
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (root) {
            command.addAll(List.of("runuser", "-u", OWNER, "--"));
        }
        command.add(binaries.resolve(program).toString());
        command.addAll(Arrays.asList(arguments));
        exec(command);
    }

    private void exec(List<String> command) {
        try {
            Path output = Files.createTempFile("command", ".out");
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS);
            String text = Files.readString(output);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + text);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path findBinaries() throws IOException {
        String configured = System.getProperty("mooncake.pg.bin", "");
        if (!configured.isEmpty()) {
            return Path.of(configured);
        }
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }
}
