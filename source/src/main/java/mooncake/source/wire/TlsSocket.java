package mooncake.source.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.Tls;
import org.jspecify.annotations.Nullable;

/// TLS over a connected socket, begun as Postgres wants it: a request in the clear, one byte as the answer.
final class TlsSocket implements ReadableByteChannel {
    private static final int TLS_REQUEST = 80877103;

    private final SocketChannel channel;
    private final SSLSocket socket;
    private final InputStream in;

    private TlsSocket(SocketChannel channel, SSLSocket socket) throws IOException {
        this.channel = channel;
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    static TlsSocket over(SocketChannel channel, Endpoint endpoint) throws IOException {
        ask(channel, endpoint);
        SSLContext context = context(endpoint);
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(channel.socket(), endpoint.host(), endpoint.port(), true);
        if (endpoint.tls().mode() == Tls.Mode.VERIFY_FULL) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return new TlsSocket(channel, socket);
    }

    /// Exactly one byte is read: whoever sits in between cannot slip in what would count as encrypted.
    private static void ask(SocketChannel channel, Endpoint endpoint) throws IOException {
        ByteBuffer request = MessageWriter.untyped().int32(TLS_REQUEST).finish();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        ByteBuffer answer = ByteBuffer.allocate(1);
        if (channel.read(answer) < 0) {
            throw new EOFException("the server closed the connection");
        }
        if (answer.get(0) != 'S') {
            throw new MooncakeException(
                    ErrorCode.POSTGRES_FAILED,
                    "cannot connect to " + endpoint + ": the server has no TLS, and sslmode="
                            + endpoint.tls().mode().option() + " asks for it");
        }
    }

    private static SSLContext context(Endpoint endpoint) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(endpoint.tls()), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /// Null for the JDK's own list of roots.
    private static TrustManager @Nullable [] trust(Tls tls) throws IOException, GeneralSecurityException {
        String root = tls.rootCertificate();
        if (Tls.SYSTEM.equals(root)) {
            return null;
        }
        if (root == null && tls.mode() == Tls.Mode.REQUIRE) {
            return new TrustManager[] {new TrustAll()};
        }
        Path file =
                root != null ? Path.of(root) : Path.of(System.getProperty("user.home", "/"), ".postgresql", "root.crt");
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        try (InputStream certificates = Files.newInputStream(file)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(certificates)) {
                store.setCertificateEntry("root" + number++, each);
            }
        } catch (IOException e) {
            throw new IOException("the file of root certificates cannot be read: " + e.getMessage(), e);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    void write(ByteBuffer bytes) throws IOException {
        socket.getOutputStream().write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        bytes.position(bytes.limit());
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = in.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
        if (count > 0) {
            into.position(into.position() + count);
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
