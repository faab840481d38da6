package mooncake.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.admin.TypeCatalog;

/// Finds types in a database's catalog and remembers them until it is told to forget. Any thread.
final class CatalogTypes implements Definition.Types {
    /// Connects to the database with the catalog.
    interface Connector {
        Connection connect() throws SQLException;
    }

    private record Key(int oid, int typmod) {}

    private final Connector connector;
    private final Map<Key, ColumnType> known = new HashMap<>();

    CatalogTypes(Connector connector) {
        this.connector = connector;
    }

    @Override
    public synchronized ColumnType resolve(int oid, int typmod) {
        return known.computeIfAbsent(new Key(oid, typmod), this::read);
    }

    /// A type may have been altered.
    synchronized void forget() {
        known.clear();
    }

    private ColumnType read(Key key) {
        try (Connection connection = connector.connect()) {
            return new TypeCatalog(connection).resolve(key.oid(), key.typmod());
        } catch (SQLException e) {
            throw new MooncakeException(ErrorCode.POSTGRES_FAILED, "cannot read types: " + e.getMessage(), e);
        }
    }
}
