package mooncake.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import mooncake.query.collate.CollationCatalog;
import mooncake.query.collate.CollationDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The collations of a database, read from its catalog when a query first names them. What makes up a collation never
/// changes under its OID, so they are remembered. Any thread.
final class DatabaseCollations implements CollationCatalog {
    private static final Logger log = LoggerFactory.getLogger(DatabaseCollations.class);
    private static final int REMEMBERED_MAX = 1000;

    /// Columns of these catalogs come and go with the majors: a missing one is null here.
    private static final String READ = """
            SELECT to_jsonb(c) ->> 'collprovider', to_jsonb(c) ->> 'collcollate', to_jsonb(c) ->> 'collctype',
                coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale'),
                collisdeterministic AND to_jsonb(c) ->> 'collicurules' IS NULL
            FROM pg_collation c WHERE oid = ? AND oid <> 100
            UNION ALL
            SELECT to_jsonb(d) ->> 'datlocprovider', to_jsonb(d) ->> 'datcollate', to_jsonb(d) ->> 'datctype',
                coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
                to_jsonb(d) ->> 'daticurules' IS NULL
            FROM pg_database d WHERE datname = current_database() AND ? = 100""";

    private final CatalogTypes.Connector connector;
    private final Map<Integer, CollationDefinition> known = new ConcurrentHashMap<>();

    DatabaseCollations(CatalogTypes.Connector connector) {
        this.connector = connector;
    }

    @Override
    public Optional<CollationDefinition> find(int oid) {
        CollationDefinition definition = known.get(oid);
        if (definition != null) {
            return Optional.of(definition);
        }
        Optional<CollationDefinition> read = read(oid);
        if (known.size() < REMEMBERED_MAX) {
            read.ifPresent(found -> known.put(oid, found));
        }
        return read;
    }

    private Optional<CollationDefinition> read(int oid) {
        try (Connection connection = connector.connect();
                PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            statement.setLong(2, Integer.toUnsignedLong(oid));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(new CollationDefinition(
                                rows.getString(1).charAt(0),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getBoolean(5)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            log.warn("event=collation-unread oid={} reason={}", oid, e.getMessage());
            return Optional.empty();
        }
    }
}
