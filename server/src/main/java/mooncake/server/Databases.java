package mooncake.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mooncake.source.Endpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The databases of the cluster that the engine follows: found at the start, or named by a backend
/// that connects.
final class Databases implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Databases.class);
    private static final long DISCOVERY_RETRY_MILLIS = 500;

    private static final String CANDIDATES =
            "SELECT oid::int8, datname FROM pg_catalog.pg_database WHERE datallowconn AND NOT datistemplate";

    /// Slots of databases that have lost the extension while no engine ran would retain WAL for
    /// ever.
    private static final String OWN_SLOTS = """
            SELECT slot_name, database FROM pg_catalog.pg_replication_slots
             WHERE slot_name LIKE 'mooncake\\_%' AND slot_type = 'logical' AND NOT active
            """;

    private final Endpoint base;
    private final SessionResources resources;
    private final Map<Integer, Database> byOid = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Databases(Endpoint base, SessionResources resources) {
        this.base = base;
        this.resources = resources;
    }

    /// The database of a backend; starts following it when it is new.
    Database of(int oid, String name) {
        return byOid.computeIfAbsent(oid, _ -> {
            Database database = new Database(oid, base.withDatabase(name), resources);
            database.start();
            return database;
        });
    }

    Collection<Database> all() {
        return byOid.values();
    }

    /// Finds every database with the extension; retries until the cluster accepts connections.
    void discover() throws InterruptedException {
        while (!closed) {
            try {
                for (Candidate candidate : candidates()) {
                    if (hasExtension(candidate)) {
                        of(candidate.oid(), candidate.name());
                    }
                }
                return;
            } catch (SQLException e) {
                log.warn("cannot look for databases yet: {}", e.getMessage());
                Thread.sleep(DISCOVERY_RETRY_MILLIS);
            }
        }
    }

    private record Candidate(int oid, String name) {}

    private List<Candidate> candidates() throws SQLException {
        List<Candidate> found = new ArrayList<>();
        try (Connection connection = Connections.open(base);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CANDIDATES)) {
            while (rows.next()) {
                found.add(new Candidate((int) rows.getLong(1), rows.getString(2)));
            }
        }
        return found;
    }

    private boolean hasExtension(Candidate candidate) {
        try (Connection connection = Connections.open(base.withDatabase(candidate.name()))) {
            if (Connections.hasExtension(connection)) {
                return true;
            }
            dropOrphanSlot(connection, candidate.name());
            return false;
        } catch (SQLException e) {
            log.warn("database={} cannot be looked at: {}", candidate.name(), e.getMessage());
            return false;
        }
    }

    private static void dropOrphanSlot(Connection connection, String database) throws SQLException {
        List<String> orphans = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(OWN_SLOTS)) {
            while (rows.next()) {
                if (rows.getString(2).equals(database)) {
                    orphans.add(rows.getString(1));
                }
            }
        }
        for (String slot : orphans) {
            log.info("database={} has no ivy_mooncake any more; dropping slot={}", database, slot);
            try (var drop = connection.prepareStatement("SELECT pg_catalog.pg_drop_replication_slot(?)")) {
                drop.setString(1, slot);
                drop.execute();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        byOid.values().forEach(Database::close);
    }
}
