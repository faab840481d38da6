package mooncake.testing;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a server will be like. The default has the extensions preloaded, logical WAL, listens on the loopback address
/// and a Unix socket, trusts everyone and does not sync its files (a killed process loses nothing by that).
public final class PostgresServerBuilder {
    private final PostgresInstall install;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable Path folder;

    PostgresServerBuilder(PostgresInstall install) {
        this.install = install;
        set("shared_preload_libraries", "ivy_mooncake");
        set("wal_level", "logical");
        set("max_replication_slots", "20");
        set("max_wal_senders", "20");
        set("max_connections", "100");
        set("listen_addresses", "127.0.0.1");
        set("fsync", "off");
        set("log_line_prefix", "%m [%p] ");
        set("timezone", "UTC");
        set("pg_mooncake.java", System.getProperty("java.home"));
    }

    public PostgresServerBuilder set(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /// Without the extensions.
    public PostgresServerBuilder plain() {
        return set("shared_preload_libraries", "");
    }

    /// Files are synced, as in earnest.
    public PostgresServerBuilder durable() {
        return set("fsync", "on");
    }

    /// Keeps the server below this folder, which `close` leaves alone, instead of in one that `close` removes.
    public PostgresServerBuilder in(Path kept) {
        this.folder = kept;
        return this;
    }

    /// A variable of the server's environment, which the engine inherits.
    public PostgresServerBuilder environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /// A server that has its files but does not run yet.
    public PostgresServer prepare() {
        return folder == null
                ? PostgresServer.temporary(install, settings, environment)
                : PostgresServer.kept(install, settings, environment, folder);
    }

    public PostgresServer start() {
        PostgresServer server = prepare();
        try {
            server.start();
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }
}
