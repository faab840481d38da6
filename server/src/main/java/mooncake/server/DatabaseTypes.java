package mooncake.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import mooncake.query.translate.UserType;
import mooncake.query.translate.UserTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The types of a database that are not built in, read from its catalog whenever a query names one: labels of enums and
/// conditions of domains come and go. Any thread.
final class DatabaseTypes implements UserTypes {
    private static final Logger log = LoggerFactory.getLogger(DatabaseTypes.class);

    private static final String READ = """
            SELECT t.typtype, t.typbasetype::int8, t.typtypmod,
                CASE WHEN t.typsubscript = 'array_subscript_handler'::regproc THEN t.typelem::int8 ELSE 0 END,
                t.typnotnull OR EXISTS (SELECT FROM pg_constraint c WHERE c.contypid = t.oid),
                ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
            FROM pg_type t WHERE t.oid = ?""";

    private final CatalogTypes.Connector connector;

    DatabaseTypes(CatalogTypes.Connector connector) {
        this.connector = connector;
    }

    @Override
    public UserType find(int oid) {
        try (Connection connection = connector.connect();
                PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? read(rows) : new UserType.Other();
            }
        } catch (SQLException e) {
            log.warn("event=type-unread oid={} reason={}", oid, e.getMessage());
            return new UserType.Other();
        }
    }

    private static UserType read(ResultSet row) throws SQLException {
        int element = (int) row.getLong(4);
        return switch (row.getString(1)) {
            case "e" -> {
                List<String> labels = new ArrayList<>();
                for (Object label : (Object[]) row.getArray(6).getArray()) {
                    labels.add((String) label);
                }
                yield new UserType.Labels(labels);
            }
            case "d" -> new UserType.Domain((int) row.getLong(2), row.getInt(3), row.getBoolean(5));
            default -> element == 0 ? new UserType.Other() : new UserType.ArrayOf(element);
        };
    }
}
