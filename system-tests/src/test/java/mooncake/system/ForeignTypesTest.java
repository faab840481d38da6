package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooncake.testing.ForeignReader;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;

/// What Iceberg's own reader sees of types that Iceberg does not have: the text that Postgres prints under fixed
/// settings, numbers for objects, the send format's bytes for the rest.
class ForeignTypesTest {
    private static final String SETTINGS = "SET DateStyle = ISO; SET IntervalStyle = postgres; SET TimeZone = UTC;"
            + " SET extra_float_digits = 1; SET bytea_output = hex";

    @Test
    void stringsAreWhatPostgresPrints() throws Exception {
        try (PostgresServer server = MirrorTestServer.start()) {
            boolean contrib = EveryTypes.setUp(server);
            Map<String, List<TypeCases.Type>> tables = Map.of(
                    "numbers", TypeCases.numbers(server.major()),
                    "times", TypeCases.times(server.major()),
                    "shapes", TypeCases.shapes(),
                    "composed", TypeCases.composed(contrib));
            for (Map.Entry<String, List<TypeCases.Type>> table : tables.entrySet()) {
                EveryTypes.create(server, table.getKey(), table.getValue());
                String mirror = table.getKey() + "_c";
                server.execute(
                        "CALL mooncake.create_table('" + mirror + "', '" + table.getKey() + "')",
                        "CALL mooncake.create_snapshot('" + mirror + "')");
            }
            try (JdbcCatalog catalog = ForeignReader.open(server)) {
                for (TableIdentifier name : ForeignReader.tables(catalog)) {
                    String source = name.name().replace("_c", "");
                    check(server, catalog.loadTable(name), source, tables.get(source));
                }
            }
        }
    }

    private static void check(PostgresServer server, Table table, String source, List<TypeCases.Type> types)
            throws IOException, SQLException {
        List<String> selected = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            selected.add(expected(table, types.get(i).name(), "v" + i));
        }
        Map<String, List<String>> expected = new HashMap<>();
        try (Connection connection = server.connect()) {
            Sql.execute(connection, SETTINGS);
            for (List<String> row :
                    Sql.rows(connection, "SELECT id, " + String.join(", ", selected) + " FROM " + source)) {
                expected.put(row.getFirst(), row.subList(1, row.size()));
            }
        }
        int rows = 0;
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            for (Record record : records) {
                List<String> read = IntStream.range(0, types.size())
                        .mapToObj(i -> text(record.getField("v" + i)))
                        .collect(Collectors.toList());
                assertThat(read)
                        .as(source)
                        .isEqualTo(expected.get(record.getField("id").toString()));
                rows++;
            }
        }
        assertThat(rows).isEqualTo(expected.size());
    }

    /// SQL of what a column holds for other engines.
    private static String expected(Table table, String type, String column) {
        String text = switch (table.schema().findField(column).type().typeId()) {
            // Names would be shown for numbers.
            case STRING -> type.equals("regclass[]") ? column + "::oid[]::text" : "format('%s', " + column + ")";
            case LONG ->
                type.equals("money")
                        ? "(" + column + "::numeric * 100)::bigint::text"
                        : column + (type.startsWith("reg") ? "::oid" : "") + "::text";
            case BINARY -> "'bytes'";
            case DATE, TIMESTAMP -> "'moment'";
            default -> column + "::text";
        };
        // A row of nulls is no null.
        return "CASE WHEN num_nulls(" + column + ") = 0 THEN " + text + " END";
    }

    private static String text(Object value) {
        return switch (value) {
            case null -> "NULL";
            case ByteBuffer _ -> "bytes";
            case Temporal _ -> "moment";
            default -> value.toString();
        };
    }
}
