package mooncake.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A private Postgres server with a data directory, socket and port of its own.
///
/// ```java
/// try (PostgresServer server = PostgresServer.major(15).set("pg_mooncake.flush_rows", "100").start()) {
///     server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
/// }
/// ```
///
/// Files are made and removed as the account that runs the server. `close` ends the server and everything it started
/// and fails if the engine outlives it.
public final class PostgresServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final Duration ENGINE_LIMIT = Duration.ofSeconds(60);
    private static final int PORT_ATTEMPTS = 5;
    private static final int SOCKET_PATH_MAX = 80;

    private final PostgresInstall install;
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    private final ServerFolder folder;
    private int port;
    private boolean closed;

    private PostgresServer(
            PostgresInstall install,
            Map<String, String> settings,
            Map<String, String> environment,
            ServerFolder folder) {
        this.install = install;
        this.settings = new LinkedHashMap<>(settings);
        this.environment = new LinkedHashMap<>(environment);
        this.environment.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
        this.folder = folder;
    }

    /// The start of a server of one major version.
    public static PostgresServerBuilder major(int major) {
        return new PostgresServerBuilder(PostgresInstall.of(major));
    }

    /// The start of a server of the major that most tests run on.
    public static PostgresServerBuilder preferred() {
        return major(PostgresInstall.preferredMajor());
    }

    static PostgresServer temporary(
            PostgresInstall install, Map<String, String> settings, Map<String, String> environment) {
        return new PostgresServer(install, settings, environment, ServerFolder.temporary(install, SOCKET_PATH_MAX));
    }

    static PostgresServer kept(
            PostgresInstall install, Map<String, String> settings, Map<String, String> environment, Path home) {
        return new PostgresServer(install, settings, environment, ServerFolder.kept(install, home, SOCKET_PATH_MAX));
    }

    // Life

    /// Starts the server, which must be stopped; after a kill it waits until what the dead one left has ended.
    public synchronized void start() {
        if (closed) {
            throw new IllegalStateException("the server has been closed");
        }
        for (int attempt = 1; ; attempt++) {
            port = freePort();
            folder.writeSettings(settings);
            Command done =
                    control("start", "-l", folder.log().toString(), "-o", "-p " + port + " -k " + folder.socket());
            if (done.exit() == 0) {
                return;
            }
            String log = log();
            if (attempt == PORT_ATTEMPTS || !log.contains("Address already in use")) {
                throw new IllegalStateException("the server did not start: " + done.err() + done.out() + tail(log));
            }
        }
    }

    /// The fast stop: sessions are ended, a checkpoint is written, the engine is asked to end.
    public void stop() {
        mustControl("stop", "-m", "fast");
    }

    /// The immediate stop: no checkpoint, recovery at the next start.
    public void stopImmediately() {
        mustControl("stop", "-m", "immediate");
    }

    public void restart() {
        stop();
        start();
    }

    /// `kill -9` of the postmaster; returns when all its processes are gone.
    public void kill() {
        ProcessHandle postmaster = postmaster().orElseThrow(() -> new IllegalStateException("no server to kill"));
        List<ProcessHandle> family = new ArrayList<>(postmaster.descendants().toList());
        family.add(postmaster);
        postmaster.destroyForcibly();
        Await.until(
                "the killed server's processes end",
                STOP_LIMIT,
                () -> family.stream().noneMatch(PostgresServer::runs));
        folder.removeLockFile();
    }

    public boolean isRunning() {
        return postmaster().isPresent();
    }

    /// Also from another thread, a shutdown hook for one: a start that is under way ends first, later ones fail.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        List<ProcessHandle> family = new ArrayList<>();
        postmaster().ifPresent(postmaster -> {
            family.addAll(postmaster.descendants().toList());
            family.add(postmaster);
        });
        if (!family.isEmpty() && control("stop", "-m", "fast").exit() != 0) {
            control("stop", "-m", "immediate");
        }
        try {
            Await.until(
                    "every process of the server ends",
                    Duration.ofSeconds(10),
                    () -> family.stream().noneMatch(PostgresServer::runs));
        } finally {
            family.stream().filter(PostgresServer::runs).forEach(ProcessHandle::destroyForcibly);
            folder.close();
        }
    }

    // Settings

    /// Changes a setting in the file; takes effect with [#reload] or [#restart], as the setting demands.
    public void set(String name, String value) {
        settings.put(name, value);
        folder.writeSettings(settings);
    }

    public void reload() {
        mustControl("reload");
    }

    // Sessions

    public Connection connect() {
        return connect("postgres", "postgres");
    }

    /// Values come as the server's own text, so that two sides can be compared byte by byte.
    public Connection connect(String database, String user) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("binaryTransfer", "false");
        properties.setProperty("ApplicationName", "mooncake-test");
        try {
            return DriverManager.getConnection(jdbcUrl(database), properties);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot connect: " + e.getMessage(), e);
        }
    }

    /// Runs statements, each in its own transaction, in one new session.
    public void execute(String... statements) {
        try (Connection connection = connect()) {
            for (String statement : statements) {
                Sql.execute(connection, statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// All rows of a query in a new session, null as the word `NULL`.
    public List<List<String>> rows(String query) {
        try (Connection connection = connect()) {
            return Sql.rows(connection, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The one value of a query in a new session.
    public String value(String query) {
        return Sql.single(rows(query), query);
    }

    /// Runs psql, unaligned and without its start-up file, as `postgres` on the Unix socket.
    public Command psql(String... arguments) {
        List<String> words = new ArrayList<>(psqlWords());
        words.add("-A");
        words.addAll(List.of(arguments));
        return Command.run(words, Map.of());
    }

    /// Runs another of Postgres' client programs; where to connect to is in its environment.
    public Command client(String program, String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(PostgresInstall.of(PostgresInstall.preferredMajor()).program(program));
        words.addAll(List.of(arguments));
        return Command.run(
                words,
                Map.of(
                        "PGHOST",
                        folder.socket().toString(),
                        "PGPORT",
                        Integer.toString(port),
                        "PGUSER",
                        "postgres",
                        "PGDATABASE",
                        "postgres"));
    }

    /// Runs a script as pg_regress does, errors among the output where they came up.
    public Command regress(Path script) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>&1 < \"$0\"", script.toString()));
        words.addAll(psqlWords());
        words.addAll(List.of("-a", "-q"));
        return Command.run(
                words,
                Map.of(
                        "PGTZ", "PST8PDT",
                        "PGDATESTYLE", "Postgres, MDY",
                        "PGOPTIONS", "-c intervalstyle=postgres_verbose",
                        "LC_ALL", "C"));
    }

    private List<String> psqlWords() {
        return List.of(
                psqlProgram(),
                "-X",
                "-h",
                folder.socket().toString(),
                "-p",
                Integer.toString(port),
                "-U",
                "postgres",
                "postgres");
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /// What a user types to get a psql session.
    public String psqlLine() {
        return psqlProgram() + " -h " + folder.socket() + " -p " + port + " -U postgres postgres";
    }

    /// Relocated programs come without psql; any version of it speaks to any server.
    private String psqlProgram() {
        return PostgresInstall.of(PostgresInstall.preferredMajor()).program("psql");
    }

    public int port() {
        return port;
    }

    public int major() {
        return install.major();
    }

    public Path dataDirectory() {
        return folder.data();
    }

    public Path socketDirectory() {
        return folder.socket();
    }

    // Log and engine

    public String log() {
        return folder.readLog();
    }

    public void awaitLog(String text, Duration limit) {
        Await.until("the log says: " + text, limit, () -> log().contains(text));
    }

    public Optional<ProcessHandle> postmaster() {
        return folder.postmasterPid().flatMap(ProcessHandle::of).filter(PostgresServer::runs);
    }

    /// The engine's process, found below the postmaster's.
    public Optional<ProcessHandle> engine() {
        return postmaster().stream()
                .flatMap(ProcessHandle::descendants)
                .filter(handle -> handle.info().command().orElse("").endsWith("/java"))
                .findFirst();
    }

    public ProcessHandle awaitEngine() {
        AtomicReference<@Nullable ProcessHandle> found = new AtomicReference<>();
        Await.until("the engine runs", ENGINE_LIMIT, () -> {
            found.set(engine().orElse(null));
            return found.get() != null;
        });
        return Objects.requireNonNull(found.get());
    }

    /// Waits until the engine takes requests, in a database that has the extension.
    public void awaitEngineAnswers() {
        Await.until(
                "the engine answers",
                ENGINE_LIMIT,
                () -> "true".equals(value("SELECT mooncake.bgworker_status() ->> 'socket_listening'")));
    }

    public long enginePid() {
        return awaitEngine().pid();
    }

    /// `kill -9` of the engine; returns when that process is gone.
    public void killEngine() {
        ProcessHandle engine = awaitEngine();
        engine.destroyForcibly();
        Await.until("the killed engine ends", STOP_LIMIT, () -> !runs(engine));
    }

    /// A defunct process has ended, though its parent has not asked for it yet.
    private static boolean runs(ProcessHandle handle) {
        if (!handle.isAlive()) {
            return false;
        }
        try {
            String status =
                    Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"), StandardCharsets.UTF_8);
            return !status.substring(status.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return false;
        }
    }

    private void mustControl(String... arguments) {
        Command done = control(arguments);
        if (done.exit() != 0) {
            throw new IllegalStateException("pg_ctl " + arguments[0] + " failed: " + done.err() + tail(log()));
        }
    }

    private Command control(String... arguments) {
        List<String> words = new ArrayList<>(
                List.of(install.program("pg_ctl"), "-D", folder.data().toString()));
        words.addAll(List.of("-w", "-t", Long.toString(START_LIMIT.toSeconds())));
        words.addAll(List.of(arguments));
        return Command.run(Command.asServerUser(words), environment);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String tail(String log) {
        List<String> lines = log.lines().toList();
        return "\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }
}
