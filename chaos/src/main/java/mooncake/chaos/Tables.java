package mooncake.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import mooncake.testing.Sql;

/// The tables of one run, found by OID: their names and columns change.
final class Tables {
    /// Columns that come and go have names that begin like this.
    static final String EXTRA = "extra_";

    /// Accounts among which amounts move: their sum never changes.
    static final int ACCOUNTS = 500;
    static final long TOTAL = 2L * ACCOUNTS * 1000;

    /// Rows of large transactions.
    static final String LARGE = "large";

    private final Options options;
    private final List<TableShape> shapes;
    private final Map<TableShape, Long> oids = new ConcurrentHashMap<>();
    private final AtomicInteger mirrors = new AtomicInteger();

    Tables(Options options) {
        this.options = options;
        this.shapes = TableShapes.of(options);
    }

    /// A table as it is called at this moment, with the columns that come and go, `name type`.
    record Current(TableShape shape, long oid, String name, List<String> extras) {}

    void create(Connection connection, Random random) throws SQLException {
        for (TableShape shape : shapes) {
            for (String statement : shape.create()) {
                Sql.execute(connection, statement);
            }
            oids.put(shape, Long.valueOf(Sql.value(connection, "SELECT '" + shape.name() + "'::regclass::oid")));
            for (int i = 0; i < 20; i++) {
                Sql.execute(connection, shape.insert(shape.name(), random));
            }
            for (int i = 0; i < shape.mirrors(); i++) {
                mirror(connection, shape.name());
            }
        }
        for (String bank : List.of("bank_a", "bank_b")) {
            Sql.execute(connection, "CREATE TABLE " + bank + " (id int PRIMARY KEY, amount bigint NOT NULL)");
            Sql.execute(
                    connection, "INSERT INTO " + bank + " SELECT i, 1000 FROM generate_series(1, " + ACCOUNTS + ") i");
            Sql.execute(connection, "CALL mooncake.create_table('" + bank + "_m', '" + bank + "')");
        }
        Sql.execute(connection, "CREATE TABLE ticks (id int PRIMARY KEY, n bigint NOT NULL)");
        Sql.execute(connection, "INSERT INTO ticks VALUES (1, 0)");
        Sql.execute(connection, "CALL mooncake.create_table('ticks_m', 'ticks')");
        if (options.has(Feature.LARGE)) {
            Sql.execute(connection, "CREATE TABLE " + LARGE + " (id bigint PRIMARY KEY, kind int, v text)");
            Sql.execute(connection, "CALL mooncake.create_table('large_m', '" + LARGE + "')");
        }
    }

    /// One more mirror of a table; its name.
    String mirror(Connection connection, String table) throws SQLException {
        String name = "m" + mirrors.incrementAndGet();
        Sql.execute(connection, "CALL mooncake.create_table('" + name + "', '" + table + "')");
        return name;
    }

    Current pick(Connection connection, Random random) throws SQLException {
        TableShape shape = shapes.get(random.nextInt(shapes.size()));
        long oid = oids.getOrDefault(shape, 0L);
        if (!options.has(Feature.DDL)) {
            return new Current(shape, oid, shape.name(), List.of());
        }
        String name = Sql.value(connection, "SELECT " + oid + "::regclass::text");
        List<String> extras = new ArrayList<>();
        Sql.rows(
                        connection,
                        "SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = "
                                + oid + " AND NOT attisdropped AND attgenerated = '' AND attname LIKE '" + EXTRA
                                + "%' ORDER BY attnum")
                .forEach(row -> extras.add(row.getFirst()));
        return new Current(shape, oid, name, extras);
    }
}
