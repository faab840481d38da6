package mooncake.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A [Socket] over a Unix socket file, with a read timeout that works.
///
/// The channel does not block; each direction waits on a selector of its own, so one thread may read while another
/// writes, and [#close] from any thread ends both. Settings that only TCP knows are accepted and mean nothing.
final class UnixSocket extends Socket {
    private final Path path;
    private volatile int timeoutMillis;
    private volatile boolean closed;
    private volatile @Nullable SocketChannel channel;
    private volatile @Nullable SocketDirection input;
    private volatile @Nullable SocketDirection output;

    UnixSocket(Path path) {
        this.path = path;
    }

    void connect() throws IOException {
        connect(null, 0);
    }

    @Override
    public void connect(@Nullable SocketAddress ignored) throws IOException {
        connect(ignored, 0);
    }

    @Override
    public synchronized void connect(@Nullable SocketAddress ignored, int timeout) throws IOException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
        if (channel != null) {
            throw new SocketException("already connected");
        }
        SocketChannel opened = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            opened.connect(UnixDomainSocketAddress.of(path));
            opened.configureBlocking(false);
            input = SocketDirection.reading(opened);
            output = SocketDirection.writing(opened);
            channel = opened;
        } catch (IOException e) {
            opened.close();
            throw new SocketException("cannot connect to " + path + ": " + e.getMessage(), e);
        }
    }

    private SocketDirection connected(@Nullable SocketDirection direction) throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
        if (direction == null) {
            throw new SocketException("Socket is not connected");
        }
        return direction;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        SocketDirection direction = connected(input);
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return length == 0 ? 0 : direction.read(ByteBuffer.wrap(target, offset, length), timeoutMillis);
            }

            @Override
            public void close() throws IOException {
                UnixSocket.this.close();
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        SocketDirection direction = connected(output);
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                direction.write(ByteBuffer.wrap(source, offset, length));
            }

            @Override
            public void close() throws IOException {
                UnixSocket.this.close();
            }
        };
    }

    @Override
    public void close() throws IOException {
        closed = true;
        SocketChannel open = channel;
        SocketDirection in = input;
        SocketDirection out = output;
        if (open != null && in != null && out != null) {
            open.close();
            in.close();
            out.close();
        }
    }

    @Override
    public void shutdownInput() throws IOException {
        SocketChannel open = channel;
        if (open != null) {
            open.shutdownInput();
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        SocketChannel open = channel;
        if (open != null) {
            open.shutdownOutput();
        }
    }

    @Override
    public boolean isConnected() {
        return channel != null;
    }

    @Override
    public boolean isBound() {
        return channel != null;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        if (timeout < 0) {
            throw new IllegalArgumentException("negative timeout");
        }
        timeoutMillis = timeout;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        SocketChannel open = channel;
        try {
            return open == null ? 0 : open.getOption(StandardSocketOptions.SO_SNDBUF);
        } catch (IOException e) {
            throw new SocketException(e.getMessage(), e);
        }
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        SocketChannel open = channel;
        try {
            return open == null ? 0 : open.getOption(StandardSocketOptions.SO_RCVBUF);
        } catch (IOException e) {
            throw new SocketException(e.getMessage(), e);
        }
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return channel == null ? null : UnixDomainSocketAddress.of(path);
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return channel == null ? null : InetAddress.getLoopbackAddress();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public boolean getTcpNoDelay() {
        return true;
    }

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public boolean getKeepAlive() {
        return false;
    }

    @Override
    public void setSendBufferSize(int size) {}

    @Override
    public void setReceiveBufferSize(int size) {}

    @Override
    public void setSoLinger(boolean on, int linger) {}

    @Override
    public void setTrafficClass(int value) {}

    @Override
    public void setReuseAddress(boolean on) {}

    @Override
    public String toString() {
        return "UnixSocket[" + path + "]";
    }
}
