package mooncake.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.copy.CopySnapshot;
import mooncake.source.remote.RemoteUri;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The remote sources of one database's mirrors, one for each URI in the registry.
///
/// A directory for each, with its URI in a file, is made before anything is made on the remote and goes when all of
/// that is undone: so a source whose last mirror went while no engine ran is cleaned up by the next one.
final class RemoteSources implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RemoteSources.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long UNDO_RETRY_MILLIS = 10_000;
    private static final long IDLE_MILLIS = 60_000;

    /// How long a committed change may stay invisible: commit records precede visibility.
    private static final long VISIBLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    private static final long VISIBLE_POLL_MILLIS = 2;
    private static final String URI_FILE = "uri";
    private static final String REGISTERED =
            "SELECT source_uri, mirror::oid::int8 FROM mooncake.tables WHERE source_uri IS NOT NULL";

    private final int database;
    private final Endpoint home;
    private final SessionResources resources;
    private final Path directory;
    private final Map<String, RemoteSource> sources = new ConcurrentHashMap<>();
    private final Map<Integer, RemoteSource> byMirror = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private final Signal signal = new Signal();
    private final Thread thread;
    private volatile @Nullable Integer newestXid;
    private volatile long settled;
    private volatile boolean closed;

    RemoteSources(int database, Endpoint home, SessionResources resources) {
        this.database = database;
        this.home = home;
        this.resources = resources;
        this.directory = resources.settings().remoteSources().resolve(Integer.toUnsignedString(database));
        this.thread =
                Thread.ofPlatform().name("sources-" + home.database()).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// The registry is to be read: a session of the database's own log begins or ended.
    void changed() {
        changes.incrementAndGet();
        signal.raise();
    }

    /// This transaction changed mirrors of remote sources; by the applier, before it shows the
    /// change. The log is ahead of what other sessions see.
    void changed(int xid) {
        newestXid = xid;
        changed();
    }

    void wake() {
        signal.raise();
    }

    /// Whether the registry was read, or is about to be.
    boolean areAnnounced() {
        return changes.get() > 0;
    }

    /// Whether there is none and none is about to come.
    boolean isEmpty() {
        return sources.isEmpty() && settled == changes.get();
    }

    Collection<RemoteSource> all() {
        return sources.values();
    }

    /// The source of a mirror, null for those of the database's own log.
    @Nullable
    RemoteSource of(int mirror) {
        return byMirror.get(mirror);
    }

    /// Waits until every change that was announced has been read.
    void awaitSettled(Wait wait) throws InterruptedException {
        long wanted = changes.get();
        while (settled < wanted) {
            wait.checkCancelled();
            if (wait.isOver()) {
                throw wait.timeout("the remote sources of database " + home.database() + " to be read");
            }
            Thread.sleep(1);
        }
    }

    private void run() {
        while (!closed) {
            try {
                signal.await(IDLE_MILLIS);
                long seen = changes.get();
                if (seen == 0) {
                    continue;
                }
                apply(registered());
                settled = seen;
            } catch (InterruptedException e) {
                return;
            } catch (SQLException | IOException | RuntimeException e) {
                log.warn("database={} remote sources not read yet: {}", home.database(), e.getMessage());
                signal.raiseAfter(RETRY_MILLIS);
            }
        }
    }

    private Map<String, Set<Integer>> registered() throws SQLException, InterruptedException {
        Map<String, Set<Integer>> found = new HashMap<>();
        try (Connection connection = Connections.open(home)) {
            awaitVisible(connection);
            if (!Connections.hasExtension(connection)) {
                return found;
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(REGISTERED)) {
                while (rows.next()) {
                    found.computeIfAbsent(rows.getString(1), _ -> new HashSet<>())
                            .add((int) rows.getLong(2));
                }
            }
            if (!found.isEmpty() || Files.isDirectory(directory)) {
                long system =
                        Connections.number(connection, "SELECT system_identifier FROM pg_catalog.pg_control_system()");
                open(system, found.keySet());
            }
            return found;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void awaitVisible(Connection connection) throws SQLException, InterruptedException {
        Integer xid = newestXid;
        long deadline = System.nanoTime() + VISIBLE_NANOS_MAX;
        while (xid != null) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_snapshot()::text")) {
                row.next();
                if (CopySnapshot.parse(row.getString(1), Lsn.NONE).sees(xid) || System.nanoTime() - deadline > 0) {
                    return;
                }
            }
            Thread.sleep(VISIBLE_POLL_MILLIS);
        }
    }

    /// Opens what is registered, and what earlier engines have left behind.
    private void open(long system, Set<String> registered) throws IOException {
        Set<String> uris = new HashSet<>(registered);
        uris.addAll(remembered());
        for (String uri : uris) {
            RemoteSource known = sources.get(uri);
            if (known != null && !(known.isClosed() && registered.contains(uri))) {
                continue;
            }
            Path own = directory.resolve(RemoteUri.hash(uri));
            Files.createDirectories(own);
            Files.writeString(own.resolve(URI_FILE), uri);
            try {
                String name = RemoteUri.slotName(system, database, uri);
                Followed followed = new Followed(database, home, RemoteUri.endpoint(uri), name, name, uri);
                RemoteSource source = new RemoteSource(followed, resources, own);
                sources.put(uri, source);
                if (registered.contains(uri)) {
                    source.start();
                }
            } catch (MooncakeException e) {
                log.error("database={} remote source cannot be followed: {}", home.database(), e.text());
                signal.raiseAfter(UNDO_RETRY_MILLIS);
            }
        }
    }

    private List<String> remembered() throws IOException {
        List<String> uris = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> all = Files.list(directory)) {
                for (Path each : all.toList()) {
                    if (Files.exists(each.resolve(URI_FILE))) {
                        uris.add(Files.readString(each.resolve(URI_FILE)));
                    }
                }
            }
        }
        return uris;
    }

    private void apply(Map<String, Set<Integer>> registered) throws IOException {
        Set<Integer> all = new HashSet<>();
        registered.forEach((uri, mirrors) -> {
            RemoteSource source = sources.get(uri);
            if (source != null) {
                mirrors.forEach(mirror -> byMirror.put(mirror, source));
                source.registered(mirrors);
                all.addAll(mirrors);
            }
        });
        byMirror.keySet().retainAll(all);
        for (Map.Entry<String, RemoteSource> each : List.copyOf(sources.entrySet())) {
            if (!registered.containsKey(each.getKey())) {
                undo(each.getKey(), each.getValue());
            }
        }
    }

    private void undo(String uri, RemoteSource source) throws IOException {
        try {
            source.registered(Set.of());
            source.undo();
            Directories.delete(directory.resolve(RemoteUri.hash(uri)));
            sources.remove(uri);
            log.info("source=\"{}\" is followed no more", source.followed().displayName());
        } catch (SQLException | RuntimeException e) {
            log.warn("source=\"{}\" not cleaned up yet: {}", source.followed().displayName(), e.getMessage());
            signal.raiseAfter(UNDO_RETRY_MILLIS);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        sources.values().forEach(RemoteSource::close);
    }
}
