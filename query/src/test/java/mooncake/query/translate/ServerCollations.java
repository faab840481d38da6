package mooncake.query.translate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import mooncake.query.collate.CollationCatalog;
import mooncake.query.collate.CollationDefinition;
import mooncake.testing.Sql;
import org.jspecify.annotations.Nullable;

/// The collations of a server.
final class ServerCollations implements CollationCatalog {
    private final Connection connection;

    ServerCollations(Connection connection) {
        this.connection = connection;
    }

    private static @Nullable String present(String text) {
        return text.equals("NULL") ? null : text;
    }

    @Override
    public Optional<CollationDefinition> find(int oid) {
        String collation = "SELECT collprovider, collcollate, collctype, coalesce(to_jsonb(c) ->> 'colllocale',"
                + " to_jsonb(c) ->> 'colliculocale'), collisdeterministic FROM pg_collation c WHERE oid = " + oid;
        String database = "SELECT datlocprovider, datcollate, datctype, coalesce(to_jsonb(d) ->> 'datlocale',"
                + " to_jsonb(d) ->> 'daticulocale'), true FROM pg_database d WHERE datname = current_database()";
        try {
            List<String> row =
                    Sql.rows(connection, oid == DEFAULT ? database : collation).getFirst();
            return Optional.of(new CollationDefinition(
                    row.get(0).charAt(0),
                    present(row.get(1)),
                    present(row.get(2)),
                    present(row.get(3)),
                    row.get(4).startsWith("t")));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
