package mooncake.source.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.util.Base64;
import mooncake.model.Change;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.TestCluster;
import mooncake.source.copy.TableCopy;
import mooncake.source.replication.ReplicationStream;
import mooncake.source.replication.Slots;
import mooncake.source.wire.ServerConnection.Mode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections to a server with a certificate for `127.0.0.1` and none for `localhost`.
@Timeout(60)
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path directory;

    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        makeCertificate("server");
        makeCertificate("other");
        cluster = TestCluster.start(
                "wal_level = logical",
                "ssl = on",
                "ssl_cert_file = '" + directory.resolve("server.crt") + "'",
                "ssl_key_file = '" + directory.resolve("server.key") + "'");
    }

    private static void makeCertificate(String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        write(name + ".crt", "CERTIFICATE", keys.getCertificate(name).getEncoded(), "rw-r--r--");
        Path key = write(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey(name, PASSWORD.toCharArray()).getEncoded(),
                "rw-------");
        if (System.getProperty("user.name").equals("root")) {
            run("chown", "postgres", key.toString());
        }
    }

    private static Path write(String name, String kind, byte[] content, String permissions) throws Exception {
        Path file = directory.resolve(name);
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static Endpoint endpoint(String host, String options) {
        return Endpoint.parse("host=" + host + " port=" + cluster.port() + " user=postgres dbname=postgres " + options);
    }

    private static String root(String name) {
        return " sslrootcert=" + directory.resolve(name + ".crt");
    }

    private static void assertEncrypted(Endpoint endpoint) throws Exception {
        String sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        try (ServerConnection connection = ServerConnection.open(endpoint, Mode.ORDINARY)) {
            assertThat(connection.query(sql).getFirst().text(0)).isEqualTo("t");
        }
        try (Connection connection = endpoint.connect()) {
            assertThat(TestCluster.value(connection, sql)).isEqualTo("t");
        }
    }

    @Test
    void encryptsAndVerifiesAsAskedFor() throws Exception {
        assertEncrypted(endpoint("127.0.0.1", "sslmode=require"));
        assertEncrypted(endpoint("localhost", "sslmode=require"));
        assertEncrypted(endpoint("127.0.0.1", "sslmode=verify-ca" + root("server")));
        assertEncrypted(endpoint("localhost", "sslmode=verify-ca" + root("server")));
        assertEncrypted(endpoint("127.0.0.1", "sslmode=verify-full" + root("server")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost sslmode=verify-full sslrootcert=server",
                "127.0.0.1 sslmode=verify-full sslrootcert=other",
                "127.0.0.1 sslmode=verify-ca sslrootcert=other",
                "127.0.0.1 sslmode=require sslrootcert=other",
                "127.0.0.1 sslmode=verify-full sslrootcert=system",
                "127.0.0.1 sslmode=verify-ca sslrootcert=missing",
            })
    void refusesWhoCannotProveWhoItIs(String text) {
        String[] words = text.split(" ", 2);
        String options =
                words[1].replaceAll("sslrootcert=(server|other|missing)", "sslrootcert=" + directory + "/$1.crt");
        Endpoint endpoint = endpoint(words[0], options);

        assertThatThrownBy(() -> ServerConnection.open(endpoint, Mode.ORDINARY))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.POSTGRES_FAILED));
    }

    @Test
    void aServerWithoutTlsIsRefused() {
        Endpoint plain = Endpoint.parse("host=127.0.0.1 port="
                + TestCluster.shared().port() + " user=postgres dbname=postgres sslmode=require");

        assertThatThrownBy(() -> ServerConnection.open(plain, Mode.ORDINARY)).hasMessageContaining("no TLS");
    }

    @Test
    void copiesAndStreamsEncrypted() throws Exception {
        Endpoint endpoint = endpoint("127.0.0.1", "sslmode=verify-full" + root("server"));
        int rows = 50_000;
        try (Connection sql = endpoint.connect()) {
            TestCluster.execute(sql, "CREATE TABLE t (a int PRIMARY KEY, b text)", "CREATE PUBLICATION p FOR TABLE t");
            Slots.ensure(sql, "tls");
            TestCluster.execute(
                    sql, "INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, " + rows + ") i");
            try (TableCopy copy = TableCopy.open(endpoint)) {
                long[] bytes = new long[1];
                assertThat(copy.copy(
                                "public",
                                "t",
                                java.util.List.of("a", "b"),
                                TableCopy.Extent.ONLY,
                                row -> bytes[0] += row.length(0) + row.length(1)))
                        .isEqualTo(rows);
                assertThat(bytes[0]).isEqualTo(104L * rows);
            }
            int streamed = 0;
            try (ReplicationStream stream =
                    ReplicationStream.start(endpoint, "tls", "p", mooncake.model.Lsn.NONE, cluster.scratch())) {
                Change change = stream.next();
                while (!(change instanceof Change.Commit)) {
                    streamed += change instanceof Change.Insert ? 1 : 0;
                    change = stream.next();
                }
                stream.requestProgress();
                stream.next();
            }
            assertThat(streamed).isEqualTo(rows);
            Slots.dropActive(sql, "tls", java.time.Duration.ofSeconds(20));
        }
    }
}
