package mooncake.source.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.TestCluster;
import mooncake.source.wire.ServerConnection.Mode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ServerConnectionTest {
    private static final TestCluster CLUSTER = TestCluster.shared();
    private static final String PASSWORD = "pä'ss\\ ✓ word";

    @BeforeAll
    static void createUsers() {
        String quoted = "'" + PASSWORD.replace("'", "''") + "'";
        TestCluster.execute(
                CLUSTER.socket("postgres"),
                "SET password_encryption = 'scram-sha-256'",
                "CREATE ROLE scram_user LOGIN SUPERUSER PASSWORD " + quoted,
                "CREATE ROLE plain_user LOGIN SUPERUSER PASSWORD " + quoted,
                "SET password_encryption = 'md5'",
                "CREATE ROLE md5_user LOGIN SUPERUSER PASSWORD " + quoted);
    }

    @ParameterizedTest
    @CsvSource({"scram_user", "md5_user", "plain_user"})
    void logsInWithAPassword(String user) {
        for (Mode mode : Mode.values()) {
            try (ServerConnection connection = ServerConnection.open(CLUSTER.tcp(user, PASSWORD, "postgres"), mode)) {
                assertThat(connection.query("SELECT session_user").getFirst().text(0))
                        .isEqualTo(user);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"scram_user", "md5_user", "plain_user"})
    void refusesAWrongPasswordWithoutShowingIt(String user) {
        assertThatThrownBy(() -> ServerConnection.open(CLUSTER.tcp(user, "hunter2", "postgres"), Mode.ORDINARY))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.POSTGRES_FAILED))
                .hasMessageContaining("28P01")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> ServerConnection.open(CLUSTER.tcp(user, "", "postgres"), Mode.ORDINARY))
                .hasMessageContaining("asks for a password");
    }

    @Test
    void runsQueriesAndGoesOnAfterAnError() {
        try (ServerConnection connection = ServerConnection.open(CLUSTER.socket("postgres"), Mode.ORDINARY)) {
            assertThat(connection.query("SELECT 1, NULL, 'ä' UNION ALL SELECT 2, 'x', ''"))
                    .extracting(row -> String.join(
                            "|", row.values().stream().map(String::valueOf).toList()))
                    .containsExactlyInAnyOrder("1|null|ä", "2|x|");
            assertThatThrownBy(() -> connection.query("SELECT * FROM nowhere"))
                    .isInstanceOfSatisfying(
                            MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.POSTGRES_FAILED))
                    .hasMessageContaining("42P01")
                    .hasMessageContaining("nowhere");
            assertThat(connection.query("SHOW search_path").getFirst().text(0)).isEqualTo("pg_catalog");
        }
    }

    @Test
    void growsForALargeMessageAndShrinksAgain() {
        try (ServerConnection connection = ServerConnection.open(CLUSTER.socket("postgres"), Mode.ORDINARY)) {
            int size = 40 << 20;
            assertThat(connection
                            .query("SELECT repeat('x', " + size + ")")
                            .getFirst()
                            .text(0))
                    .hasSize(size);
            assertThat(connection.query("SELECT 1").getFirst().text(0)).isEqualTo("1");
            assertThat(connection.bytes().length).isLessThan(ReceiveBuffer.RETAINED_BYTES_MAX);
        }
    }

    private static boolean serverSleeps() {
        try (ServerConnection observer = ServerConnection.open(CLUSTER.socket("postgres"), Mode.ORDINARY)) {
            return !observer.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                    .isEmpty();
        }
    }

    @Test
    void closeFromAnotherThreadEndsAQuery() throws Exception {
        ServerConnection connection = ServerConnection.open(CLUSTER.socket("postgres"), Mode.ORDINARY);
        CompletableFuture<Void> query = CompletableFuture.runAsync(() -> connection.query("SELECT pg_sleep(60)"));
        // A request to cancel that comes before the query itself cancels nothing.
        TestCluster.until(ServerConnectionTest::serverSleeps);
        connection.cancel();
        assertThatThrownBy(() -> query.get(10, TimeUnit.SECONDS)).hasMessageContaining("57014");

        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> connection.query("SELECT pg_sleep(60)"));
        TestCluster.until(() -> connection.blockedSince() != 0);
        connection.close();
        assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_STOPPING));
    }

    @Test
    void refusesAServerThatSkipsItsProof() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().start(() -> serveWithoutProof(server));
            Endpoint endpoint = Endpoint.parse("host=127.0.0.1 user=u password=p port=" + server.getLocalPort());

            assertThatThrownBy(() -> ServerConnection.open(endpoint, Mode.ORDINARY))
                    .hasMessageContaining("without proving");
        }
    }

    @Test
    void givesUpOnAServerThatDoesNotAnswer() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint endpoint = Endpoint.parse("host=127.0.0.1 user=u connect_timeout=1 port=" + server.getLocalPort());

            assertThatThrownBy(() -> ServerConnection.open(endpoint, Mode.REPLICATION))
                    .isInstanceOfSatisfying(
                            MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REPLICATION_FAILED))
                    .hasMessageContaining("no answer within");
        }
    }

    private static void serveWithoutProof(ServerSocket server) {
        try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            byte[] startup = in.readNBytes(ByteBuffer.wrap(in.readNBytes(4)).getInt() - 4);
            assertThat(startup).isNotEmpty();
            reply(socket, 10, "SCRAM-SHA-256\0\0");
            String first = message(in);
            String nonce = first.substring(first.indexOf("r=") + 2);
            reply(socket, 11, "r=" + nonce + "more,s=c2FsdA==,i=4096");
            message(in);
            reply(socket, 0, "");
            in.readNBytes(1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String message(InputStream in) throws IOException {
        in.readNBytes(1);
        byte[] body = in.readNBytes(ByteBuffer.wrap(in.readNBytes(4)).getInt() - 4);
        return new String(body, StandardCharsets.UTF_8);
    }

    private static void reply(Socket socket, int request, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(9 + body.length);
        message.put((byte) 'R').putInt(8 + body.length).putInt(request).put(body);
        socket.getOutputStream().write(message.array());
    }
}
