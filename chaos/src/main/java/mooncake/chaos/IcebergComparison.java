package mooncake.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mooncake.testing.ForeignReader;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/// Every mirror's Iceberg table, read by Iceberg's own reader from the catalog in Postgres with no code of ours,
/// against its source, while nobody writes.
final class IcebergComparison {
    private static final int SHOWN = 5;

    /// Columns whose Iceberg value says the same as the driver's Java object or text.
    private static final List<String> NATIVE = List.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar",
            "bpchar",
            "bytea",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "uuid",
            "json",
            "jsonb");

    private IcebergComparison() {}

    static Optional<Comparison.Difference> compare(PostgresServer server) throws SQLException, IOException {
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET statement_timeout = '180s'");
            List<Comparison.Pair> pairs = Comparison.pairs(connection);
            for (Comparison.Pair pair : pairs) {
                Sql.execute(connection, "CALL mooncake.create_snapshot('" + pair.mirror() + "')");
            }
            Map<String, Table> tables = new HashMap<>();
            try (JdbcCatalog catalog = ForeignReader.open(server)) {
                for (TableIdentifier name : ForeignReader.tables(catalog)) {
                    Table table = catalog.loadTable(name);
                    tables.put(plain(table.location()), table);
                }
                for (Comparison.Pair pair : pairs) {
                    String location = plain(Sql.value(
                            connection,
                            "SELECT iceberg_warehouse_location FROM mooncake.status() WHERE \"table\"::regclass = '"
                                    + pair.mirror() + "'::regclass"));
                    Table table = tables.get(location);
                    if (table == null) {
                        return Optional.of(new Comparison.Difference(
                                0, 0, 1, pair.mirror() + ": no table of the catalog lies at " + location));
                    }
                    Optional<Comparison.Difference> found = compare(connection, pair, table);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
            return Optional.empty();
        }
    }

    private static String plain(String location) {
        return location.replaceFirst("^file:/*", "/");
    }

    private static Optional<Comparison.Difference> compare(Connection connection, Comparison.Pair pair, Table table)
            throws SQLException, IOException {
        Map<List<String>, Integer> counts = new HashMap<>();
        List<String> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT " + String.join(", ", pair.columns()) + " FROM " + pair.source())) {
            ResultSetMetaData meta = result.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                if (comparable(meta, i, table)) {
                    columns.add(meta.getColumnName(i));
                }
            }
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (String column : columns) {
                    row.add(ForeignReader.text(value(result, result.findColumn(column))));
                }
                counts.merge(row, 1, Integer::sum);
            }
        }
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            for (Record record : records) {
                List<String> row = new ArrayList<>();
                for (String column : columns) {
                    row.add(ForeignReader.text(record.getField(column)));
                }
                counts.merge(row, -1, Integer::sum);
            }
        }
        return difference(pair, table, columns, counts);
    }

    private static Optional<Comparison.Difference> difference(
            Comparison.Pair pair, Table table, List<String> columns, Map<List<String>, Integer> counts) {
        counts.values().removeIf(count -> count == 0);
        if (counts.isEmpty()) {
            return Optional.empty();
        }
        long lost =
                counts.values().stream().mapToLong(count -> Math.max(0, count)).sum();
        long doubled =
                counts.values().stream().mapToLong(count -> Math.max(0, -count)).sum();
        StringBuilder text = new StringBuilder("the Iceberg table of " + pair.mirror() + " is not " + pair.source()
                + ", metadata " + table.properties() + ", columns " + columns + ":");
        counts.entrySet().stream()
                .limit(SHOWN)
                .forEach(entry -> text.append("\n  only in ")
                        .append(entry.getValue() > 0 ? "the source: " : "Iceberg: ")
                        .append(cut(entry.getKey().toString())));
        return Optional.of(new Comparison.Difference(lost, doubled, 0, text.toString()));
    }

    private static String cut(String text) {
        return text.length() <= 600 ? text : text.substring(0, 600) + "...";
    }

    private static boolean comparable(ResultSetMetaData meta, int column, Table table) throws SQLException {
        Types.NestedField field = table.schema().findField(meta.getColumnName(column));
        String type = meta.getColumnTypeName(column);
        return field == null || NATIVE.contains(type) || field.type().equals(Types.StringType.get());
    }

    /// A value in Java's types, which Iceberg's records hold; infinite ones are the extremes of the format.
    private static @Nullable Object value(ResultSet result, int column) throws SQLException {
        String text = result.getString(column);
        if (text == null) {
            return null;
        }
        String type = result.getMetaData().getColumnTypeName(column);
        return switch (type) {
            case "bool" -> result.getBoolean(column);
            case "float4" -> result.getFloat(column);
            case "float8" -> result.getDouble(column);
            case "bytea" -> ByteBuffer.wrap(result.getBytes(column));
            case "date" -> Infinities.date(text);
            case "time" -> result.getObject(column, java.time.LocalTime.class);
            case "timestamp" -> Infinities.timestamp(text, result, column);
            case "timestamptz" -> Infinities.timestamptz(text, result, column);
            default -> text;
        };
    }
}
