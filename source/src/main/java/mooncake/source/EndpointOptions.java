package mooncake.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// Makes an endpoint of the options of a connection string, with libpq's defaults.
///
/// An option that would change what the connection is or how safe it is, and that is not supported, is an error; only
/// options without effect here are passed over.
final class EndpointOptions {
    private static final Set<String> READ = Set.of(
            "host",
            "hostaddr",
            "port",
            "dbname",
            "user",
            "password",
            "passfile",
            "password_env",
            "application_name",
            "fallback_application_name",
            "connect_timeout",
            "sslrootcert");
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "client_encoding",
            "keepalives",
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_count",
            "tcp_user_timeout",
            "sslcompression",
            "sslcert",
            "sslkey");

    /// Options of which only these values are supported.
    private static final Map<String, Set<String>> ALLOWED_VALUES = Map.of(
            "sslmode", Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
            "gssencmode", Set.of("disable", "prefer"),
            "channel_binding", Set.of("disable", "prefer"),
            "target_session_attrs", Set.of("any"));

    /// Where distributions put the socket, then where a plain build does.
    private static final List<String> SOCKET_DIRECTORIES = List.of("/var/run/postgresql", "/tmp");

    private EndpointOptions() {}

    static Endpoint endpoint(Map<String, String> options, Map<String, String> environment) {
        options.forEach(EndpointOptions::check);
        String address = nonEmpty(options, "hostaddr");
        String host = address != null ? address : or(nonEmpty(options, "host"), socketDirectory());
        if (host.contains(",") || host.startsWith("@")) {
            throw bad("\"host\" must be one host or one socket directory");
        }
        int port = number(options, "port", Endpoint.DEFAULT_PORT);
        if (port < 1 || port > 65_535) {
            throw bad("\"port\" is not between 1 and 65535");
        }
        String user = or(nonEmpty(options, "user"), System.getProperty("user.name", "postgres"));
        String database = or(nonEmpty(options, "dbname"), user);
        String name = or(
                nonEmpty(options, "application_name"),
                or(nonEmpty(options, "fallback_application_name"), Endpoint.DEFAULT_APPLICATION_NAME));
        int seconds = number(options, "connect_timeout", 0);
        Duration timeout = seconds > 0 ? Duration.ofSeconds(seconds) : Endpoint.DEFAULT_CONNECT_TIMEOUT;
        String password = nonEmpty(options, "password");
        if (password == null) {
            password = fromEnvironment(options, environment);
        }
        if (password == null) {
            PassFile file = passFile(options, environment);
            password = file == null ? null : file.password(host, port, database, user);
        }
        Secret secret = password == null ? null : new Secret(password);
        return new Endpoint(host, port, database, user, secret, name, timeout, tls(options));
    }

    private static Tls tls(Map<String, String> options) {
        String wanted = nonEmpty(options, "sslmode");
        String root = nonEmpty(options, "sslrootcert");
        for (Tls.Mode mode : Tls.Mode.values()) {
            if (mode != Tls.Mode.NONE && mode.option().equals(wanted)) {
                return new Tls(mode, root);
            }
        }
        return Tls.NONE;
    }

    /// For a text that is kept where others may read it.
    static void refusePassword(Map<String, String> options) {
        if (options.containsKey("password")) {
            throw new MooncakeException(
                    ErrorCode.BAD_CONFIGURATION,
                    "connection string: a password must not stand in it",
                    "Name a file with passfile= or a variable of the engine's environment with password_env=.",
                    null);
        }
    }

    private static @Nullable String fromEnvironment(Map<String, String> options, Map<String, String> environment) {
        String name = nonEmpty(options, "password_env");
        if (name == null) {
            return null;
        }
        String password = environment.get(name);
        if (password == null) {
            throw bad("the engine's environment has no variable \"" + name + "\"");
        }
        return password;
    }

    static boolean isDefaultSocketDirectory(String host) {
        return SOCKET_DIRECTORIES.contains(host);
    }

    private static void check(String key, String value) {
        if (READ.contains(key) || WITHOUT_EFFECT.contains(key)) {
            return;
        }
        Set<String> allowed = ALLOWED_VALUES.get(key);
        if (allowed == null) {
            throw bad("the option \"" + key + "\" is not supported");
        }
        if (!allowed.contains(value)) {
            throw bad("\"" + key + "\" may only be one of "
                    + allowed.stream().sorted().toList());
        }
    }

    private static @Nullable PassFile passFile(Map<String, String> options, Map<String, String> environment) {
        String named = nonEmpty(options, "passfile");
        if (named == null) {
            named = nonEmpty(environment, "PGPASSFILE");
        }
        Path path = named != null ? Path.of(named) : Path.of(System.getProperty("user.home", "/"), ".pgpass");
        return PassFile.read(path);
    }

    private static String socketDirectory() {
        return SOCKET_DIRECTORIES.stream()
                .filter(directory -> Files.isDirectory(Path.of(directory)))
                .findFirst()
                .orElse("/tmp");
    }

    private static int number(Map<String, String> options, String key, int absent) {
        String text = nonEmpty(options, key);
        if (text == null) {
            return absent;
        }
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException _) {
            throw bad("\"" + key + "\" is not a number");
        }
    }

    private static @Nullable String nonEmpty(Map<String, String> options, String key) {
        String value = options.get(key);
        return value == null || value.isEmpty() ? null : value;
    }

    private static String or(@Nullable String value, String absent) {
        return value == null ? absent : value;
    }

    private static MooncakeException bad(String why) {
        return new MooncakeException(ErrorCode.BAD_CONFIGURATION, "connection string: " + why);
    }
}
