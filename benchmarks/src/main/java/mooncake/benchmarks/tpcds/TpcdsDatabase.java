package mooncake.benchmarks.tpcds;

import io.trino.tpcds.Results;
import io.trino.tpcds.Session;
import io.trino.tpcds.Table;
import io.trino.tpcds.column.Column;
import io.trino.tpcds.column.ColumnType;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import mooncake.testing.Sql;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// The 24 tables of TPC-DS as ordinary ones with primary keys, generated on the spot and loaded by COPY. Surrogate keys
/// are `bigint`, as the generator means them; everything else has the standard's types.
public final class TpcdsDatabase {
    private static final int LOADERS = 2;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int KEY_OF_ONE_COLUMN = 1;

    /// Tables whose key is not their first column; the others' surrogate key comes first.
    private static final Map<String, String> KEYS = Map.of(
            "store_sales", "ss_item_sk, ss_ticket_number",
            "store_returns", "sr_item_sk, sr_ticket_number",
            "catalog_sales", "cs_item_sk, cs_order_number",
            "catalog_returns", "cr_item_sk, cr_order_number",
            "web_sales", "ws_item_sk, ws_order_number",
            "web_returns", "wr_item_sk, wr_order_number",
            "inventory", "inv_date_sk, inv_item_sk, inv_warehouse_sk");

    private TpcdsDatabase() {}

    /// The names of all tables, in the order in which they are loaded.
    public static List<String> tables() {
        return generated().stream().map(Table::getName).toList();
    }

    /// Creates and fills all tables where the connections' search path says; `progress` hears each step.
    public static void load(Supplier<Connection> connections, double scale, Consumer<String> progress) {
        try (Connection connection = connections.get()) {
            for (Table table : generated()) {
                Sql.execute(connection, create(table));
            }
            try (ExecutorService executor = Executors.newFixedThreadPool(LOADERS)) {
                for (Table table : generated()) {
                    progress.accept("load " + table.getName());
                    fill(executor, connections, table, scale);
                }
            }
            progress.accept("keys");
            Sql.execute(connection, "SET maintenance_work_mem = '256MB'");
            for (Table table : generated()) {
                Sql.execute(connection, "ALTER TABLE " + table.getName() + " ADD PRIMARY KEY (" + key(table) + ")");
            }
            progress.accept("vacuum and analyze");
            Sql.execute(connection, "VACUUM (ANALYZE) " + String.join(", ", tables()));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot load TPC-DS: " + e.getMessage(), e);
        }
    }

    private static List<Table> generated() {
        return Table.getBaseTables().stream()
                .filter(table -> table != Table.DBGEN_VERSION)
                .toList();
    }

    private static String create(Table table) {
        return Arrays.stream(table.getColumns())
                .map(column -> column.getName() + " " + type(column))
                .collect(Collectors.joining(", ", "CREATE TABLE " + table.getName() + " (", ")"));
    }

    private static String type(Column column) {
        ColumnType type = column.getType();
        String length = type.getPrecision().map(Object::toString).orElse("");
        return switch (type.getBase()) {
            case INTEGER -> "integer";
            case IDENTIFIER -> "bigint";
            case DATE -> "date";
            case TIME -> "time";
            case DECIMAL -> "numeric(" + length + "," + type.getScale().orElse(0) + ")";
            case VARCHAR -> "varchar(" + length + ")";
            case CHAR -> "char(" + length + ")";
        };
    }

    private static String key(Table table) {
        return Optional.ofNullable(KEYS.get(table.getName()))
                .orElseGet(() -> table.getColumns()[KEY_OF_ONE_COLUMN - 1].getName());
    }

    /// A large table in as many parts as there are loaders.
    private static void fill(ExecutorService executor, Supplier<Connection> connections, Table table, double scale) {
        int parts = table.isSmall() ? 1 : LOADERS;
        List<Future<?>> running = new ArrayList<>();
        for (int part = 1; part <= parts; part++) {
            Session session = Session.getDefaultSession()
                    .withTable(table)
                    .withScale(scale)
                    .withNoSexism(true)
                    .withParallelism(parts)
                    .withChunkNumber(part);
            running.add(executor.submit(() -> copy(connections, table, session)));
        }
        try {
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot load " + table.getName(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while loading", e);
        }
    }

    private static void copy(Supplier<Connection> connections, Table table, Session session) {
        try (Connection connection = connections.get()) {
            CopyIn copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + table.getName() + " FROM STDIN");
            StringBuilder chunk = new StringBuilder(CHUNK_BYTES + 1024);
            for (List<List<@Nullable String>> rows : Results.constructResults(table, session)) {
                append(chunk, rows.getFirst());
                if (chunk.length() >= CHUNK_BYTES) {
                    send(copy, chunk);
                }
            }
            send(copy, chunk);
            copy.endCopy();
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static void append(StringBuilder chunk, List<@Nullable String> row) {
        for (int i = 0; i < row.size(); i++) {
            String value = row.get(i);
            chunk.append(value == null ? "\\N" : value.replace("\\", "\\\\").replace("\t", "\\t"))
                    .append(i + 1 < row.size() ? '\t' : '\n');
        }
    }

    private static void send(CopyIn copy, StringBuilder chunk) throws SQLException {
        byte[] bytes = chunk.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        chunk.setLength(0);
    }
}
