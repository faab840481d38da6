package mooncake.source.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import mooncake.source.Endpoint;

/// Opens the socket to an endpoint.
final class Channels {
    private Channels() {}

    static SocketChannel open(Endpoint endpoint) throws IOException {
        if (endpoint.isUnixSocket()) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(endpoint.socketPath()));
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
        IOException failure = null;
        for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
            try {
                return tcp(endpoint, address);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure == null ? new IOException("no address") : failure;
    }

    private static SocketChannel tcp(Endpoint endpoint, InetAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            int timeout =
                    (int) Math.min(Integer.MAX_VALUE, endpoint.connectTimeout().toMillis());
            channel.socket().connect(new InetSocketAddress(address, endpoint.port()), timeout);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
