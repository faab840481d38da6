package mooncake.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The files of one server: data directory, log, socket folder. Made and removed as the server's account; a socket's
/// path must fit into 107 bytes with the socket's name, so a deep checkout gets its sockets elsewhere.
record ServerFolder(Path home, Path data, Path socket, boolean kept) implements AutoCloseable {

    static ServerFolder temporary(PostgresInstall install, int socketPathMax) {
        Path runs = Checkout.postgresHome().resolve("run");
        Path home = Path.of(server("mktemp", "-d", runs.resolve("XXXXXX").toString()));
        return make(install, home, socketPathMax, false);
    }

    static ServerFolder kept(PostgresInstall install, Path home, int socketPathMax) {
        server("mkdir", "-p", home.toString());
        return make(install, home, socketPathMax, true);
    }

    private static ServerFolder make(PostgresInstall install, Path home, int socketPathMax, boolean kept) {
        Path data = home.resolve("data");
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            install.copyTemplate(data);
        }
        Path socket = home.toString().length() <= socketPathMax
                ? home
                : Path.of(server("mktemp", "-d", "/tmp/mooncake.XXXXXX"));
        ServerFolder folder = new ServerFolder(home, data, socket, kept);
        folder.write(data.resolve("postgresql.auto.conf"), "");
        String include = "include_if_exists = 'fixture.conf'\n";
        String conf = folder.read(data.resolve("postgresql.conf"));
        if (!conf.contains(include)) {
            folder.write(data.resolve("postgresql.conf"), conf + include);
        }
        return folder;
    }

    Path log() {
        return home.resolve("server.log");
    }

    String readLog() {
        return Files.exists(log()) ? read(log()) : "";
    }

    void writeSettings(Map<String, String> settings) {
        StringBuilder text = new StringBuilder();
        settings.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.replace("'", "''"))
                .append("'\n"));
        write(data.resolve("fixture.conf"), text.toString());
    }

    Optional<Long> postmasterPid() {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return read(file).lines().findFirst().map(String::strip).map(Long::valueOf);
        } catch (UncheckedIOException | NumberFormatException _) {
            return Optional.empty(); // being written or removed at this moment
        }
    }

    /// For a server known to be dead: where nobody reaps orphans its process number looks alive to the next server.
    void removeLockFile() {
        server("rm", "-f", data.resolve("postmaster.pid").toString());
    }

    @Override
    public void close() {
        if (!socket.equals(home)) {
            server("rm", "-rf", socket.toString());
        }
        if (!kept && System.getProperty("mooncake.keep") == null) {
            server("rm", "-rf", home.toString());
        }
    }

    private static String server(String... words) {
        return Command.mustRun(Command.asServerUser(List.of(words))).out().strip();
    }

    private String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes into files that exist or hands new ones to the server's account.
    private void write(Path file, String text) {
        try {
            if (!Files.exists(file)) {
                server("touch", file.toString());
            }
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
