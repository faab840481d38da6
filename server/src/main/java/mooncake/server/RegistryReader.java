package mooncake.server;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mooncake.model.Change;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.TableSchema;
import mooncake.source.admin.TypeCatalog;

/// Reads `mooncake.tables`, the registry of mirrors that lives in the user's own database.
final class RegistryReader {
    private static final String MIRRORS = """
            SELECT t.mirror::oid::int8, mn.nspname, m.relname, t.source::oid::int8, sn.nspname, s.relname, t.key, t.columns, t.error
              FROM mooncake.tables t
              JOIN pg_catalog.pg_class m ON m.oid = t.mirror
              JOIN pg_catalog.pg_namespace mn ON mn.oid = m.relnamespace
              LEFT JOIN pg_catalog.pg_class s ON s.oid = t.source
              LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
            """;

    private static final String COLUMNS = """
            SELECT attnum, attname, atttypid::int8, atttypmod, attnotnull
              FROM pg_catalog.pg_attribute
             WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped
             ORDER BY attnum
            """;

    private RegistryReader() {}

    /// All registered mirrors.
    static List<Registration> all(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MIRRORS)) {
            return read(connection, statement);
        }
    }

    /// One mirror, empty when it is not (or no longer) registered.
    static Optional<Registration> find(Connection connection, int mirror) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MIRRORS + " WHERE t.mirror = ?::oid")) {
            statement.setLong(1, Integer.toUnsignedLong(mirror));
            return read(connection, statement).stream().findFirst();
        }
    }

    /// Namespace and name of every table in the Iceberg catalog.
    static List<List<String>> catalogued(Connection connection) throws SQLException {
        List<List<String>> found = new ArrayList<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT table_namespace, table_name FROM mooncake.iceberg_tables");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(List.of(rows.getString(1), rows.getString(2)));
            }
        }
        return found;
    }

    /// A table's columns as they are now, in the form in which the log tells them; empty when there is no such table.
    static List<Change.RelationColumn> currentColumns(Connection connection, int table) throws SQLException {
        List<Change.RelationColumn> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, Integer.toUnsignedLong(table));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(
                            new Change.RelationColumn(rows.getString(2), (int) rows.getLong(3), rows.getInt(4), false));
                }
            }
        }
        return columns;
    }

    /// Keeps a mirror's failure in the registry, until the mirror is dropped.
    static void recordFailure(Connection connection, int mirror, MooncakeException cause) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE mooncake.tables SET error = ? WHERE mirror = ?::oid")) {
            statement.setString(1, cause.code().label() + ": " + cause.text());
            statement.setLong(2, Integer.toUnsignedLong(mirror));
            statement.executeUpdate();
        }
    }

    /// The failure that [#recordFailure] wrote down.
    static MooncakeException failure(String recorded) {
        for (ErrorCode code : ErrorCode.values()) {
            String prefix = code.label() + ": ";
            if (recorded.startsWith(prefix)) {
                return new MooncakeException(code, recorded.substring(prefix.length()));
            }
        }
        return new MooncakeException(ErrorCode.MIRROR_FAILED, recorded);
    }

    private static List<Registration> read(Connection connection, PreparedStatement statement) throws SQLException {
        List<Registration> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                int mirror = (int) rows.getLong(1);
                List<Integer> key = new ArrayList<>();
                smallints(rows.getArray(7)).forEach(attribute -> key.add(attribute - 1));
                TableSchema schema = new TableSchema(columns(connection, mirror), key);
                String sourceNamespace = rows.getString(5);
                String sourceName = rows.getString(6);
                found.add(new Registration(
                        mirror,
                        rows.getString(2),
                        rows.getString(3),
                        (int) rows.getLong(4),
                        sourceNamespace == null ? "" : sourceNamespace,
                        sourceName == null ? "" : sourceName,
                        smallints(rows.getArray(8)),
                        schema,
                        rows.getString(9)));
            }
        }
        return found;
    }

    private static List<Column> columns(Connection connection, int mirror) throws SQLException {
        List<Column> columns = new ArrayList<>();
        TypeCatalog types = new TypeCatalog(connection);
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, Integer.toUnsignedLong(mirror));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String column = rows.getString(2);
                    long typeOid = rows.getLong(3);
                    ColumnType type = types.resolve((int) typeOid, rows.getInt(4));
                    columns.add(new Column(rows.getInt(1), column, type, rows.getBoolean(5)));
                }
            }
        }
        return columns;
    }

    private static List<Integer> smallints(Array array) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        for (Object element : (Object[]) array.getArray()) {
            numbers.add(((Number) element).intValue());
        }
        return numbers;
    }
}
