package mooncake.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// Reads and writes `mooncake.tables`, the registry of mirrors that lives in the user's own
/// database.
final class RegistryReader {
    /// The registered mirrors as one row each; a copy runs it in its own snapshot.
    static final String MIRRORS = """
            SELECT t.mirror::oid::int8, mn.nspname, m.relname, t.source::oid::int8, sn.nspname, s.relname, t.error,
                   t.definition, t.generation, t.resync, t.detached, t.source_name, s.relkind
              FROM mooncake.tables t
              JOIN pg_catalog.pg_class m ON m.oid = t.mirror
              JOIN pg_catalog.pg_namespace mn ON mn.oid = m.relnamespace
              LEFT JOIN pg_catalog.pg_class s ON s.oid = t.source
              LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
            """;

    private static final String LOCAL = " WHERE t.source_uri IS NULL";
    private static final String REMOTE = " WHERE t.source_uri = ?";

    private RegistryReader() {}

    /// All registered mirrors of local sources.
    static List<Registration> local(Connection connection, Definition.Types types) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MIRRORS + LOCAL)) {
            return read(statement, types);
        }
    }

    /// All registered mirrors of one remote source, whose tables there are not known yet.
    static List<Registration> remote(Connection connection, String uri, Definition.Types types) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MIRRORS + REMOTE)) {
            statement.setString(1, uri);
            return read(statement, types);
        }
    }

    /// One mirror, empty when it is not (or no longer) registered.
    static Optional<Registration> find(Connection connection, int mirror, Definition.Types types) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MIRRORS + " WHERE t.mirror = ?::oid")) {
            statement.setLong(1, Integer.toUnsignedLong(mirror));
            return read(statement, types).stream().findFirst();
        }
    }

    /// Namespace and name of every registered mirror, wherever its source is.
    static List<List<String>> names(Connection connection) throws SQLException {
        List<List<String>> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT nspname, relname FROM mooncake.tables t"
                        + " JOIN pg_catalog.pg_class m ON m.oid = t.mirror"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = m.relnamespace");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(List.of(rows.getString(1), rows.getString(2)));
            }
        }
        return found;
    }

    /// A table of the Iceberg catalog.
    ///
    /// @param metadata where its metadata lies, or null
    record Catalogued(
            String namespace, String name, @Nullable String metadata) {}

    static List<Catalogued> catalogued(Connection connection) throws SQLException {
        List<Catalogued> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT table_namespace, table_name, metadata_location FROM mooncake.iceberg_tables");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(new Catalogued(rows.getString(1), rows.getString(2), rows.getString(3)));
            }
        }
        return found;
    }

    /// A table and, when it is partitioned, all its partitions.
    static List<Integer> withPartitions(Connection connection, int table) throws SQLException {
        List<Integer> found = new ArrayList<>();
        found.add(table);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT relid::oid::int8" + " FROM pg_catalog.pg_partition_tree(?::oid::regclass) WHERE level > 0")) {
            statement.setLong(1, Integer.toUnsignedLong(table));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add((int) rows.getLong(1));
                }
            }
        }
        return found;
    }

    /// Keeps a mirror's failure in the registry, until the mirror is dropped or copied anew.
    ///
    /// @param resync the copy that failed: a failure of an older one is of no interest any more
    static void recordFailure(Connection connection, int mirror, int resync, MooncakeException cause)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE mooncake.tables SET error = ? WHERE mirror = ?::oid AND resync = ?")) {
            statement.setString(1, cause.code().label() + ": " + cause.text());
            statement.setLong(2, Integer.toUnsignedLong(mirror));
            statement.setInt(3, resync);
            statement.executeUpdate();
        }
    }

    /// Gives a mirror that was being read when its source was altered the columns that it should have.
    static void realign(Connection connection, int mirror, int resync) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement("SELECT mirror::regclass::text FROM mooncake.tables"
                        + " WHERE mirror = ?::oid AND resync = ? AND error IS NOT NULL AND NOT detached");
                PreparedStatement call = connection.prepareStatement("CALL mooncake.resync(?::text)")) {
            find.setLong(1, Integer.toUnsignedLong(mirror));
            find.setInt(2, resync);
            try (ResultSet rows = find.executeQuery()) {
                if (rows.next()) {
                    call.setString(1, rows.getString(1));
                    call.execute();
                }
            }
        }
    }

    /// Has a mirror copied anew, as `mooncake.resync` does: the log carries it to the applier.
    ///
    /// @param resync the copy that is of no use any more
    static void requestResync(Connection connection, int mirror, int resync) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE mooncake.tables SET resync = resync + 1, error = NULL"
                        + " WHERE mirror = ?::oid AND resync = ? AND NOT detached")) {
            statement.setLong(1, Integer.toUnsignedLong(mirror));
            statement.setInt(2, resync);
            statement.executeUpdate();
        }
    }

    /// Has a mirror copied anew by another definition, unless somebody changed either meanwhile.
    static void redefine(Connection connection, Registration mirror, Definition next) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE mooncake.tables"
                + " SET resync = resync + 1, error = NULL, generation = generation + 1, definition = ?"
                + " WHERE mirror = ?::oid AND resync = ? AND generation = ?")) {
            statement.setString(1, DefinitionJson.write(next));
            statement.setLong(2, Integer.toUnsignedLong(mirror.mirror()));
            statement.setInt(3, mirror.resync());
            statement.setInt(4, mirror.generation());
            if (statement.executeUpdate() == 0) {
                requestResync(connection, mirror.mirror(), mirror.resync());
            }
        }
    }

    /// Has every mirror of a source copied anew: its slot is gone.
    ///
    /// @param uri null for local sources
    static int requestResyncOfAll(Connection connection, @Nullable String uri) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE mooncake.tables SET resync = resync + 1"
                + " WHERE source_uri IS NOT DISTINCT FROM ? AND NOT detached AND error IS NULL")) {
            statement.setString(1, uri);
            return statement.executeUpdate();
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

    private static List<Registration> read(PreparedStatement statement, Definition.Types types) throws SQLException {
        List<Registration> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(registration(column -> rows.getString(column + 1), types));
            }
        }
        return found;
    }

    /// The text of a result's column, from 0.
    interface Texts {
        @Nullable
        String get(int column) throws SQLException;
    }

    /// Reads one row of [#MIRRORS].
    static Registration registration(Texts row, Definition.Types types) throws SQLException {
        String namespace = text(row, 1);
        String name = text(row, 2);
        Definition definition = DefinitionJson.read(text(row, 7));
        String remoteName = row.get(11);
        String sourceName = row.get(5);
        String sourceNamespace = row.get(4);
        return new Registration(
                (int) Long.parseLong(text(row, 0)),
                namespace,
                name,
                (int) Long.parseLong(text(row, 3)),
                sourceNamespace == null ? "" : sourceNamespace,
                sourceName != null ? sourceName : remoteName != null ? remoteName : "",
                "p".equals(row.get(12)),
                definition,
                definition.schema(namespace + "." + name, types),
                Integer.parseInt(text(row, 8)),
                Integer.parseInt(text(row, 9)),
                text(row, 10).startsWith("t"),
                row.get(6),
                remoteName == null ? "" : remoteName);
    }

    private static String text(Texts row, int column) throws SQLException {
        String value = row.get(column);
        if (value == null) {
            throw new MooncakeException(ErrorCode.BROKEN_INVARIANT, "column " + column + " of the registry is null");
        }
        return value;
    }
}
