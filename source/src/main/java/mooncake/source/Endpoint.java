package mooncake.source;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import mooncake.model.Check;
import org.jspecify.annotations.Nullable;

/// One database of one Postgres server, and who connects to it.
///
/// @param host a host name or address, or the absolute path of the directory with the server's Unix socket
/// @param password null when the server does not ask for one (peer, trust)
/// @param connectTimeout limit for the connection to be made and authenticated
/// @param tls without meaning for a Unix socket
public record Endpoint(
        String host,
        int port,
        String database,
        String user,
        @Nullable Secret password,
        String applicationName,
        Duration connectTimeout,
        Tls tls) {
    public static final String DEFAULT_APPLICATION_NAME = "ivy_mooncake";
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(30);
    public static final int DEFAULT_PORT = 5432;

    public Endpoint {
        Check.that(!host.isEmpty() && !database.isEmpty() && !user.isEmpty(), "an endpoint needs host, database, user");
        Check.that(port > 0 && port < 65_536, "port %d", port);
        Check.that(connectTimeout.isPositive(), "connect timeout %s", connectTimeout);
    }

    /// Reads libpq's key/value form or a `postgresql://` URI. When the string holds no password, it is
    /// looked up in the environment variable that `password_env=` names, in `passfile=`, `$PGPASSFILE` or
    /// `~/.pgpass`, in this order.
    public static Endpoint parse(String conninfo) {
        return parse(conninfo, System.getenv());
    }

    /// As [#parse], but an error when the string itself holds a password.
    public static Endpoint parseWithoutPassword(String conninfo) {
        Map<String, String> options = Conninfo.parse(conninfo);
        EndpointOptions.refusePassword(options);
        return EndpointOptions.endpoint(options, System.getenv());
    }

    static Endpoint parse(String conninfo, Map<String, String> environment) {
        return EndpointOptions.endpoint(Conninfo.parse(conninfo), environment);
    }

    public boolean isUnixSocket() {
        return host.startsWith("/");
    }

    /// The server's socket file; only for an endpoint with a socket directory.
    public Path socketPath() {
        Check.that(isUnixSocket(), "%s is no socket directory", host);
        return Path.of(host, ".s.PGSQL." + port);
    }

    public Endpoint withDatabase(String other) {
        return new Endpoint(host, port, other, user, password, applicationName, connectTimeout, tls);
    }

    public Endpoint withApplicationName(String other) {
        return new Endpoint(host, port, database, user, password, other, connectTimeout, tls);
    }

    /// The place for pgjdbc; holds neither user nor password.
    public String jdbcUrl() {
        String path = "/" + encode(database);
        if (!isUnixSocket()) {
            String name = host.contains(":") ? "[" + host + "]" : host;
            return "jdbc:postgresql://" + name + ":" + port + path;
        }
        // pgjdbc resolves the host before it asks the factory: any name that always resolves will do.
        return "jdbc:postgresql://localhost:" + port + path + "?socketFactory=" + UnixSocketFactory.class.getName()
                + "&socketFactoryArg=" + encode(socketPath().toString());
    }

    /// The login and session settings for pgjdbc that go with [#jdbcUrl].
    public Properties jdbcProperties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password.value());
        }
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("connectTimeout", Long.toString(Math.max(1, connectTimeout.toSeconds())));
        properties.setProperty(
                "sslmode", isUnixSocket() ? "disable" : tls.mode().option());
        String root = tls.rootCertificate();
        if (Tls.SYSTEM.equals(root)) {
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        } else if (root != null) {
            properties.setProperty("sslrootcert", root);
        }
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("tcpKeepAlive", Boolean.toString(!isUnixSocket()));
        return properties;
    }

    /// Opens a JDBC connection in auto-commit mode.
    public Connection connect() {
        try {
            return DriverManager.getConnection(jdbcUrl(), jdbcProperties());
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot connect to " + this, e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "host=" + host + " port=" + port + " dbname=" + database + " user=" + user;
    }
}
