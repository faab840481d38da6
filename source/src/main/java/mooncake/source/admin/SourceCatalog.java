package mooncake.source.admin;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mooncake.source.SqlErrors;

/// Reads tables from the source's system catalog. Names of its own are always qualified, so no `search_path` matters.
public final class SourceCatalog {
    private static final String TABLE = """
            SELECT n.nspname, c.relname, c.relkind, c.relpersistence, c.relreplident,
                   EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid), c.relrowsecurity
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = ?
            """;

    private static final String COLUMNS = """
            SELECT attnum, attname, atttypid, atttypmod, pg_catalog.format_type(atttypid, atttypmod), attnotnull,
                   attgenerated <> ''
            FROM pg_catalog.pg_attribute
            WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped
            ORDER BY attnum
            """;

    private static final String KEYS = """
            SELECT x.indexrelid, c.relname, x.indisprimary, x.indisreplident,
                   ARRAY(SELECT k.number::int4 FROM pg_catalog.unnest(x.indkey::int2[]) WITH ORDINALITY k (number, place)
                         WHERE k.place <= x.indnkeyatts ORDER BY k.place)
            FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
            WHERE x.indrelid = ? AND x.indisunique AND x.indimmediate AND x.indisvalid AND x.indislive
              AND x.indpred IS NULL AND x.indexprs IS NULL
              AND NOT EXISTS (SELECT FROM pg_catalog.unnest(x.indkey::int2[]) WITH ORDINALITY k (number, place)
                              JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number
                              WHERE k.place <= x.indnkeyatts AND NOT a.attnotnull)
            ORDER BY x.indisprimary DESC, c.relname
            """;

    private SourceCatalog() {}

    /// The relation with this OID; empty when there is none.
    public static Optional<SourceTable> read(Connection connection, int oid) {
        try (PreparedStatement statement = prepare(connection, TABLE, oid);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new SourceTable(
                    oid,
                    text(row, 1),
                    text(row, 2),
                    text(row, 3).charAt(0),
                    text(row, 4).charAt(0),
                    text(row, 5).charAt(0),
                    row.getBoolean(6),
                    row.getBoolean(7),
                    columns(connection, oid),
                    keys(connection, oid)));
        } catch (SQLException e) {
            throw SqlErrors.failed("cannot read the definition of relation " + Integer.toUnsignedString(oid), e);
        }
    }

    private static List<SourceColumn> columns(Connection connection, int oid) throws SQLException {
        List<SourceColumn> columns = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, COLUMNS, oid);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                columns.add(new SourceColumn(
                        rows.getInt(1),
                        text(rows, 2),
                        (int) rows.getLong(3),
                        rows.getInt(4),
                        text(rows, 5),
                        rows.getBoolean(6),
                        rows.getBoolean(7)));
            }
        }
        return columns;
    }

    private static List<SourceKey> keys(Connection connection, int oid) throws SQLException {
        List<SourceKey> keys = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, KEYS, oid);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Array columns = rows.getArray(5);
                keys.add(new SourceKey(
                        (int) rows.getLong(1), text(rows, 2), rows.getBoolean(3), rows.getBoolean(4), List.of((Integer
                                        [])
                                columns.getArray())));
            }
        }
        return keys;
    }

    private static PreparedStatement prepare(Connection connection, String sql, int oid) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        // An oid is unsigned and pgjdbc has no type for it.
        statement.setLong(1, Integer.toUnsignedLong(oid));
        return statement;
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return String.valueOf(row.getString(column));
    }
}
