package mooncake.source.remote;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.Quoting;
import mooncake.source.SqlErrors;
import mooncake.source.admin.SourceCatalog;
import mooncake.source.admin.SourceColumn;
import mooncake.source.admin.SourceTable;
import org.jspecify.annotations.Nullable;

/// Says what a mirror of a remote table looks like. The remote's own JSON functions read the configuration and write
/// the definition.
public final class RemoteCatalog {
    /// OIDs below are the same on every server: those of Postgres' own types.
    private static final int FIRST_USER_OID = 16_384;

    private static final String DEFINITION = """
            WITH wanted AS (
                SELECT a.*, row_number() OVER (ORDER BY a.attnum) AS field
                FROM pg_catalog.pg_attribute a WHERE a.attrelid = ? AND a.attnum = ANY (?))
            SELECT json_build_object(
                'columns', (SELECT json_agg(json_build_object('field', field, 'source', attnum, 'sourceName', attname,
                                'name', attname, 'type', atttypid::int8, 'typmod', atttypmod, 'notNull', attnotnull,
                                'initial', NULL) ORDER BY field) FROM wanted),
                'key', (SELECT coalesce(json_agg(w.field ORDER BY k.place), '[]')
                        FROM unnest(?::int4[]) WITH ORDINALITY k (number, place) JOIN wanted w ON w.attnum = k.number),
                'identity', ?::text,
                'onDdl', coalesce(c.config->>'on_ddl', 'evolve'),
                'filter', c.config->>'filter')::text
            FROM (SELECT ?::json AS config) c
            """;

    private RemoteCatalog() {}

    /// The table with this name as the remote understands it.
    ///
    /// @param config `table_config`, null when there is none
    public static RemoteTable describe(Connection connection, String name, @Nullable String config) {
        try {
            SourceTable table = find(connection, name);
            checkKind(table);
            List<SourceColumn> columns = wanted(connection, table, config);
            KeyChoice choice = KeyChoice.of(table, RemotePublication.identityBefore(connection, table));
            boolean appendOnly = "true".equals(setting(connection, config, "append_only"));
            List<Integer> key = appendOnly
                    ? List.of()
                    : choice.key() == null
                            ? columns.stream().map(SourceColumn::number).toList()
                            : choice.key().columns();
            checkColumns(table, columns, key);
            checkFilter(connection, table, setting(connection, config, "filter"));
            String identity = appendOnly ? "append" : choice.key() == null ? "full" : "key";
            return new RemoteTable(
                    table.oid(),
                    Quoting.qualified(table.schema(), table.name()),
                    definition(connection, table, columns, key, identity, config));
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot describe the remote table", e);
        }
    }

    /// The OID of the table with this quoted name, empty when there is none.
    public static Optional<Integer> oid(Connection connection, String name) {
        try {
            String oid = text(connection, "SELECT pg_catalog.to_regclass(?)::oid::int8", name);
            return oid == null ? Optional.empty() : Optional.of(Integer.parseUnsignedInt(oid));
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot look for a remote table", e);
        }
    }

    private static SourceTable find(Connection connection, String name) {
        return oid(connection, name)
                .flatMap(oid -> SourceCatalog.read(connection, oid))
                .orElseThrow(() ->
                        new MooncakeException(ErrorCode.BAD_CONFIGURATION, "the remote source has no table " + name));
    }

    private static void checkKind(SourceTable table) {
        String why = null;
        if (table.kind() != 'r' && table.kind() != 'p') {
            why = "it is no table";
        } else if (table.persistence() != 'p') {
            why = "its changes are not in the log";
        } else if (table.kind() == 'r' && table.hasChildren()) {
            why = "tables inherit from it";
        }
        if (why != null) {
            throw new MooncakeException(
                    ErrorCode.BAD_CONFIGURATION, "cannot mirror remote table \"" + table.name() + "\": " + why);
        }
    }

    private static List<SourceColumn> wanted(Connection connection, SourceTable table, @Nullable String config)
            throws SQLException {
        List<String> named = names(connection, config);
        List<SourceColumn> columns = new ArrayList<>();
        for (SourceColumn column : table.columns()) {
            if (!column.generated() && (named == null || named.contains(column.name()))) {
                columns.add(column);
            }
        }
        if (named != null) {
            for (String name : named) {
                if (columns.stream().noneMatch(column -> column.name().equals(name))) {
                    throw new MooncakeException(
                            ErrorCode.BAD_CONFIGURATION,
                            "column \"" + name + "\" of \"columns\" in table_config is none that can be mirrored");
                }
            }
        }
        return columns;
    }

    private static void checkColumns(SourceTable table, List<SourceColumn> columns, List<Integer> key) {
        for (SourceColumn column : columns) {
            if (Integer.compareUnsigned(column.typeOid(), FIRST_USER_OID) >= 0) {
                throw new MooncakeException(
                        ErrorCode.UNSUPPORTED_TYPE,
                        "column \"" + column.name() + "\" of remote table \"" + table.name() + "\" has type "
                                + column.typeName() + ": of a remote source only built-in types can be mirrored");
            }
        }
        List<Integer> present = columns.stream().map(SourceColumn::number).toList();
        if (columns.isEmpty() || !present.containsAll(key)) {
            throw new MooncakeException(
                    ErrorCode.NO_USABLE_KEY,
                    "the mirrored columns of remote table \"" + table.name() + "\" lack a column of its key");
        }
    }

    private static void checkFilter(Connection connection, SourceTable table, @Nullable String filter)
            throws SQLException {
        if (filter == null) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1 FROM " + Quoting.qualified(table.schema(), table.name()) + " WHERE (" + filter
                    + "\n) LIMIT 0");
        }
    }

    private static String definition(
            Connection connection,
            SourceTable table,
            List<SourceColumn> columns,
            List<Integer> key,
            String identity,
            @Nullable String config)
            throws SQLException {
        Array numbers = connection.createArrayOf(
                "int4", columns.stream().map(SourceColumn::number).toArray());
        Array keyNumbers = connection.createArrayOf("int4", key.toArray());
        try (PreparedStatement statement = connection.prepareStatement(DEFINITION)) {
            statement.setLong(1, Integer.toUnsignedLong(table.oid()));
            statement.setArray(2, numbers);
            statement.setArray(3, keyNumbers);
            statement.setString(4, identity);
            statement.setString(5, config);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }
    }

    /// The names under `columns`, null when the configuration has none.
    private static @Nullable List<String> names(Connection connection, @Nullable String config) throws SQLException {
        if (setting(connection, config, "columns") == null) {
            return null;
        }
        List<String> names = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT pg_catalog.json_array_elements_text(?::pg_catalog.json->'columns')")) {
            statement.setString(1, config);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return names;
    }

    private static @Nullable String setting(Connection connection, @Nullable String config, String key)
            throws SQLException {
        return config == null
                ? null
                : text(
                        connection,
                        "SELECT ?::pg_catalog.json->>" + Quoting.literal(key).strip(),
                        config);
    }

    private static @Nullable String text(Connection connection, String sql, String argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }
}
