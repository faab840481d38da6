package mooncake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class UnixSocketTest {
    @TempDir
    Path directory;

    private ServerSocketChannel server;
    private Socket client;
    private SocketChannel peer;

    @BeforeEach
    void connect() throws IOException {
        Path path = directory.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        client = new UnixSocketFactory(path.toString()).createSocket("ignored", 1);
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        peer.close();
        server.close();
    }

    @Test
    void readTimesOutAndTheSocketStaysUsable() throws IOException {
        client.setSoTimeout(20);
        InputStream in = client.getInputStream();

        assertThatThrownBy(() -> in.read(new byte[4])).isInstanceOf(SocketTimeoutException.class);

        peer.write(ByteBuffer.wrap(new byte[] {(byte) 200, 2}));
        assertThat(in.read()).isEqualTo(200);
        assertThat(in.read(new byte[4])).isEqualTo(1);
        peer.close();
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void closeFromAnotherThreadEndsARead() throws Exception {
        InputStream in = client.getInputStream();
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            try {
                return in.read();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        // Whether the read has begun to wait or not, it must end.
        client.close();

        assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .cause()
                .isInstanceOf(IOException.class);
        assertThat(client.isClosed()).isTrue();
        assertThatThrownBy(() -> client.getOutputStream()).isInstanceOf(SocketException.class);
    }

    @Test
    void bothDirectionsFlowAtOnce() throws Exception {
        byte[] sent = new byte[4 << 20];
        new Random(7).nextBytes(sent);
        Thread echo = Thread.ofVirtual().start(() -> {
            try {
                ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
                while (peer.read(buffer) >= 0) {
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        peer.write(buffer);
                    }
                    buffer.clear();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread writer = Thread.ofPlatform().start(() -> {
            try {
                client.getOutputStream().write(sent);
                client.shutdownOutput();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        byte[] received = client.getInputStream().readNBytes(sent.length);

        assertThat(received).isEqualTo(sent);
        writer.join();
        echo.join();
    }

    @Test
    void jdbcWorksOverIt() throws SQLException {
        Endpoint endpoint = TestCluster.shared().socket("postgres");
        try (Connection connection = endpoint.connect();
                Statement statement = connection.createStatement()) {
            assertThat(TestCluster.value(connection, "SELECT inet_client_addr() IS NULL"))
                    .isEqualTo("t");
            assertThat(TestCluster.value(connection, "SELECT current_setting('application_name')"))
                    .isEqualTo("ivy_mooncake");
            statement.setQueryTimeout(1);
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(20)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("cancel");
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void aMissingSocketIsAClearError() {
        assertThatThrownBy(() -> Endpoint.parse("host=" + directory + " user=u password=hunter2")
                        .connect())
                .hasMessageContaining("cannot connect to host=" + directory)
                .hasMessageNotContaining("hunter2");
    }
}
