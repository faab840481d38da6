package mooncake.source.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import mooncake.source.Endpoint;

/// The bytes of a connection: those of its socket, or what TLS makes of them. One thread may read while another writes.
final class Transport implements ReadableByteChannel {
    /// Takes all bytes of a buffer.
    @FunctionalInterface
    interface Writer {
        void write(ByteBuffer bytes) throws IOException;
    }

    private final SocketChannel channel;
    private final ReadableByteChannel in;
    private final Writer out;

    private Transport(SocketChannel channel, ReadableByteChannel in, Writer out) {
        this.channel = channel;
        this.in = in;
        this.out = out;
    }

    /// Agrees with the server on what the endpoint asks for.
    static Transport over(SocketChannel channel, Endpoint endpoint) throws IOException {
        if (endpoint.isUnixSocket() || !endpoint.tls().isUsed()) {
            return new Transport(channel, channel, bytes -> {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            });
        }
        TlsSocket tls = TlsSocket.over(channel, endpoint);
        return new Transport(channel, tls, tls::write);
    }

    void write(ByteBuffer bytes) throws IOException {
        out.write(bytes);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return in.read(into);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    /// At once, without a word to the server.
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
