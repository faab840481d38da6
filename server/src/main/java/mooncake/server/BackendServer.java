package mooncake.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts backends on the Unix socket below the data directory: only peers with the engine's own
/// user id.
final class BackendServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackendServer.class);

    private final Path socket;
    private final Databases databases;
    private final QueryService queries;
    private final ServerSocketChannel server;
    private final ExecutorService requests = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("request-", 0).daemon().factory());
    private final PinTable.Registry pins = new PinTable.Registry();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    BackendServer(Path socket, Databases databases, QueryService queries) throws IOException {
        this.socket = socket;
        this.databases = databases;
        this.queries = queries;
        Path directory = socket.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        Files.deleteIfExists(socket);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    }

    /// Listens. The path is bound relative to the working directory, which is the data directory:
    /// socket paths may only have 107 bytes.
    void start() throws IOException {
        Path working = Path.of("").toAbsolutePath();
        Path path = socket.startsWith(working) ? working.relativize(socket) : socket;
        server.bind(UnixDomainSocketAddress.of(path));
        Thread.ofVirtual().name("accept").start(this::accept);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel peer = server.accept();
                open.add(peer);
                Thread.ofVirtual().name("backend").start(() -> serve(peer));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.warn("cannot accept a backend: {}", e.getMessage());
            }
        }
    }

    private void serve(SocketChannel peer) {
        try (peer) {
            UnixDomainPrincipal principal = peer.getOption(ExtendedSocketOptions.SO_PEERCRED);
            if (!principal.user().getName().equals(ownUser())) {
                log.warn("refused a connection of user={}", principal.user().getName());
                return;
            }
            try (BackendConnection connection = new BackendConnection(peer, databases, queries, requests, pins)) {
                connection.run();
            }
        } catch (IOException e) {
            log.debug("backend went away: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.warn("backend connection ended: {}", e.getMessage(), e);
        } finally {
            open.remove(peer);
        }
    }

    private @Nullable String ownUser() throws IOException {
        return Files.getOwner(socket).getName();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel peer : open) {
            peer.close();
        }
        requests.shutdownNow();
        Files.deleteIfExists(socket);
    }
}
