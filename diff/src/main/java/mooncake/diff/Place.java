package mooncake.diff;

import java.sql.Connection;
import java.sql.SQLException;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// Where one set of tables lies: three schemas with the same names in them. Which one a query means is said by the
/// search path alone.
///
/// @param heap the tables
/// @param mirror their mirrors
/// @param other the tables once more with their rows in another order
record Place(PostgresServer server, String heap, String mirror, String other) {
    static Place create(PostgresServer server, String name) {
        Place place = new Place(server, name + "_heap", name + "_mirror", name + "_other");
        server.execute("CREATE SCHEMA " + place.heap, "CREATE SCHEMA " + place.mirror, "CREATE SCHEMA " + place.other);
        return place;
    }

    /// Sessions whose unqualified names are the tables.
    Connection connect() {
        Connection connection = server.connect();
        try {
            Sql.execute(connection, "SET search_path = " + heap);
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Begins to mirror a table of the heap's schema.
    void mirror(Connection connection, String table) throws SQLException {
        Sql.execute(
                connection,
                "CALL mooncake.create_table(" + Literal.of(mirror + "." + Literal.identifier(table)) + ", "
                        + Literal.of(heap + "." + Literal.identifier(table)) + ")");
    }

    /// Copies a table of the heap's schema as it is now.
    void copyToOther(Connection connection, String table) throws SQLException {
        String name = Literal.identifier(table);
        Sql.execute(connection, "DROP TABLE IF EXISTS " + other + "." + name);
        Sql.execute(
                connection,
                "CREATE TABLE " + other + "." + name + " AS SELECT * FROM " + heap + "." + name
                        + " t ORDER BY ctid DESC");
    }

    /// Returns when everything that was written so far can be read from these mirrors.
    void await(String... tables) {
        for (String table : tables) {
            server.execute(
                    "SET pg_mooncake.freshness_timeout = 0",
                    "SELECT count(*) FROM " + mirror + "." + Literal.identifier(table));
        }
    }

    void drop() {
        server.execute(
                "DROP SCHEMA " + mirror + " CASCADE",
                "DROP SCHEMA " + other + " CASCADE",
                "DROP SCHEMA " + heap + " CASCADE");
    }
}
