package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import mooncake.testing.ForeignReader;
import mooncake.testing.PostgresServer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/// Iceberg's own reader, opened on the catalog in Postgres with no code of ours, returns the source's rows.
class ForeignReaderTest {
    private static final String COLUMNS = """
            (id int PRIMARY KEY, b boolean, i2 smallint, i8 bigint, f4 real, f8 double precision, n numeric(20,4),
             w numeric(38,10), t text, v varchar(10), c char(5), x bytea, d date, tm time, ts timestamp, tz timestamptz,
             u uuid, j json, jb jsonb)""";

    @Test
    void rowsAreThoseOfTheSource() throws Exception {
        try (PostgresServer server = MirrorTestServer.start()) {
            server.execute(
                    "CREATE TABLE r " + COLUMNS,
                    "CREATE TABLE small (k text COLLATE \"C\" PRIMARY KEY, n int NOT NULL)",
                    insert(1, 500),
                    "INSERT INTO r (id) VALUES (0)",
                    "INSERT INTO small SELECT 'k' || i, i FROM generate_series(1, 50) i",
                    "CALL mooncake.create_table('r_c', 'r')",
                    "CALL mooncake.create_table('small_c', 'small')");
            check(server, "r", "small");
            server.execute(
                    insert(501, 600),
                    "DELETE FROM r WHERE id % 7 = 0",
                    "UPDATE r SET t = t || '!', n = -n, jb = NULL WHERE id % 5 = 0",
                    "UPDATE r SET id = id + 10000 WHERE id % 11 = 0",
                    "DELETE FROM small WHERE n < 10",
                    "UPDATE small SET k = k || 'x' WHERE n > 40");
            check(server, "r", "small");
            server.execute("UPDATE r SET f8 = f8 / 3 WHERE id % 2 = 0", "DELETE FROM r WHERE id BETWEEN 100 AND 130");
            server.restart();
            check(server, "r", "small");
            server.execute("DELETE FROM r WHERE id > 300", "UPDATE small SET n = n + 1");
            server.killEngine();
            server.awaitEngineAnswers();
            check(server, "r", "small");
            server.execute("BEGIN; TRUNCATE r; " + insert(7000, 7010) + "; COMMIT", "TRUNCATE small");
            check(server, "r", "small");
            server.execute("DELETE FROM r");
            check(server, "r", "small");
            server.execute(insert(1, 20));
            server.kill();
            server.start();
            check(server, "r", "small");
        }
    }

    @Test
    void columnsAreThoseOfTheSourceInFilesOfEveryShape() throws Exception {
        try (PostgresServer server = MirrorTestServer.start()) {
            server.execute(
                    "CREATE TABLE e (id int PRIMARY KEY, a int, b text, n numeric(6,2))",
                    "INSERT INTO e SELECT i, i, 'b' || i, i / 4.0 FROM generate_series(1, 300) i",
                    "CALL mooncake.create_table('e_c', 'e')");
            check(server, "e");
            server.execute(
                    "ALTER TABLE e ADD c text DEFAULT 'it''s'",
                    "INSERT INTO e SELECT i, i, 'b' || i, 1, NULLIF(i % 5, 0) FROM generate_series(301, 400) i",
                    "DELETE FROM e WHERE id % 7 = 0");
            check(server, "e");
            server.execute(
                    "ALTER TABLE e RENAME b TO renamed",
                    "ALTER TABLE e DROP a",
                    "UPDATE e SET renamed = NULL, c = 'new' WHERE id % 10 = 0",
                    "ALTER TABLE e ADD short_lived int",
                    "UPDATE e SET short_lived = 1 WHERE id = 1",
                    "ALTER TABLE e DROP short_lived",
                    "ALTER TABLE e ADD a boolean NOT NULL DEFAULT true");
            check(server, "e");
            server.killEngine();
            server.awaitEngineAnswers();
            server.execute(
                    "ALTER TABLE e ALTER n TYPE numeric(20,2)",
                    "INSERT INTO e (id, n) VALUES (1001, 123456789012.34)",
                    "ALTER TABLE e ADD i smallint DEFAULT 7",
                    "INSERT INTO e (id, i) VALUES (1002, 8)");
            check(server, "e");
            server.execute("ALTER TABLE e ALTER i TYPE bigint", "UPDATE e SET i = 1::bigint << 40 WHERE id < 20");
            check(server, "e");
            server.execute("ALTER TABLE e ALTER renamed TYPE int USING id", "INSERT INTO e (id) VALUES (1003)");
            check(server, "e");
        }
    }

    private static String insert(int from, int to) {
        return "INSERT INTO r SELECT i, i % 2 = 0, i % 100, i * 1000000007::bigint, i / 8.0, i / 7.0::float8, i / 16.0, i / 1024.0,"
                + " 'größe 🙂 ' || i, 'v' || i % 9, left('c' || i, 3), decode(md5(i::text), 'hex'), date '1960-01-01' + i * 37,"
                + " time '00:00' + i * interval '61 s', timestamp '1969-12-31 23:59:59.999999' + i * interval '1 h',"
                + " timestamptz '2024-03-31 01:59:59.5+00' + i * interval '1 min', md5(i::text)::uuid,"
                + " json_build_object('i', i), jsonb_build_array(i, NULL) FROM generate_series(" + from + ", " + to
                + ") i";
    }

    /// Compares mirrors, which are named as their sources with `_c`, by Iceberg and by a query.
    private static void check(PostgresServer server, String... sources) throws Exception {
        String before = server.value("SELECT pg_current_wal_lsn()");
        for (String source : sources) {
            server.execute("CALL mooncake.create_snapshot('" + source + "_c')");
            MirrorTestServer.assertMirrors(server, source, source + "_c");
        }
        try (JdbcCatalog catalog = ForeignReader.open(server)) {
            List<TableIdentifier> tables = ForeignReader.tables(catalog);
            assertThat(tables).hasSize(sources.length);
            for (TableIdentifier name : tables) {
                Table table = catalog.loadTable(name);
                List<List<String>> read = rows(table);
                List<List<String>> expected = rows(server, name.name().replaceAll("_c$", ""));
                assertThat(without(read, expected)).as("rows only in Iceberg").isEmpty();
                assertThat(without(expected, read)).as("rows only in Postgres").isEmpty();
                Snapshot snapshot = table.currentSnapshot();
                assertThat(server.value(
                                "SELECT '" + snapshot.summary().get("mooncake.lsn") + "'::pg_lsn >= '" + before + "'"))
                        .isEqualTo("t");
            }
        }
    }

    private static List<List<String>> without(List<List<String>> rows, List<List<String>> others) {
        List<List<String>> rest = new ArrayList<>(rows);
        others.forEach(rest::remove);
        return rest.subList(0, Math.min(rest.size(), 5));
    }

    /// Columns by name: where rows are deleted, the reader's records have one more, the position.
    private static List<List<String>> rows(Table table) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            for (Record record : records) {
                List<String> row = new ArrayList<>();
                for (Types.NestedField column : table.schema().columns()) {
                    row.add(ForeignReader.text(record.getField(column.name())));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /// The source's rows in the words of Java's types, which Iceberg's records hold.
    private static List<List<String>> rows(PostgresServer server, String table) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(ForeignReader.text(
                            value(result, i, result.getMetaData().getColumnTypeName(i))));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static Object value(ResultSet result, int column, String type) throws SQLException {
        return switch (type) {
            case "bool" -> result.getString(column) == null ? null : (Object) result.getBoolean(column);
            case "float4" -> result.getString(column) == null ? null : (Object) result.getFloat(column);
            case "float8" -> result.getString(column) == null ? null : (Object) result.getDouble(column);
            case "bytea" -> result.getBytes(column) == null ? null : ByteBuffer.wrap(result.getBytes(column));
            case "date" -> result.getObject(column, java.time.LocalDate.class);
            case "time" -> result.getObject(column, java.time.LocalTime.class);
            case "timestamp" -> result.getObject(column, java.time.LocalDateTime.class);
            case "timestamptz" -> result.getObject(column, java.time.OffsetDateTime.class);
            default -> result.getString(column);
        };
    }
}
