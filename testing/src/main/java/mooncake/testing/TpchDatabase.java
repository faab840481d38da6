package mooncake.testing;

import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// The TPC-H database: eight ordinary tables with the standard's types, generated on the spot and loaded by COPY, then
/// their primary keys and the usual indexes on foreign keys. Column names are the short ones of Trino's generator.
public final class TpchDatabase {
    private static final int LOADERS = 2;
    private static final int CHUNK_BYTES = 1 << 16;

    private TpchDatabase() {}

    /// The tables in the order in which they are loaded.
    public static final List<String> TABLES =
            List.of("region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem");

    private static final List<String> SMALL = List.of("region", "nation");

    private static final List<String> CREATE = List.of(
            "CREATE TABLE region (regionkey integer NOT NULL, name char(25) NOT NULL, comment varchar(152))",
            "CREATE TABLE nation (nationkey integer NOT NULL, name char(25) NOT NULL, regionkey integer NOT NULL,"
                    + " comment varchar(152))",
            "CREATE TABLE supplier (suppkey integer NOT NULL, name char(25) NOT NULL, address varchar(40) NOT NULL,"
                    + " nationkey integer NOT NULL, phone char(15) NOT NULL, acctbal decimal(15,2) NOT NULL,"
                    + " comment varchar(101) NOT NULL)",
            "CREATE TABLE customer (custkey integer NOT NULL, name varchar(25) NOT NULL, address varchar(40) NOT NULL,"
                    + " nationkey integer NOT NULL, phone char(15) NOT NULL, acctbal decimal(15,2) NOT NULL,"
                    + " mktsegment char(10) NOT NULL, comment varchar(117) NOT NULL)",
            "CREATE TABLE part (partkey integer NOT NULL, name varchar(55) NOT NULL, mfgr char(25) NOT NULL,"
                    + " brand char(10) NOT NULL, type varchar(25) NOT NULL, size integer NOT NULL,"
                    + " container char(10) NOT NULL, retailprice decimal(15,2) NOT NULL, comment varchar(23) NOT NULL)",
            "CREATE TABLE partsupp (partkey integer NOT NULL, suppkey integer NOT NULL, availqty integer NOT NULL,"
                    + " supplycost decimal(15,2) NOT NULL, comment varchar(199) NOT NULL)",
            "CREATE TABLE orders (orderkey bigint NOT NULL, custkey integer NOT NULL, orderstatus char(1) NOT NULL,"
                    + " totalprice decimal(15,2) NOT NULL, orderdate date NOT NULL, orderpriority char(15) NOT NULL,"
                    + " clerk char(15) NOT NULL, shippriority integer NOT NULL, comment varchar(79) NOT NULL)",
            "CREATE TABLE lineitem (orderkey bigint NOT NULL, partkey integer NOT NULL, suppkey integer NOT NULL,"
                    + " linenumber integer NOT NULL, quantity decimal(15,2) NOT NULL,"
                    + " extendedprice decimal(15,2) NOT NULL, discount decimal(15,2) NOT NULL,"
                    + " tax decimal(15,2) NOT NULL, returnflag char(1) NOT NULL, linestatus char(1) NOT NULL,"
                    + " shipdate date NOT NULL, commitdate date NOT NULL, receiptdate date NOT NULL,"
                    + " shipinstruct char(25) NOT NULL, shipmode char(10) NOT NULL, comment varchar(44) NOT NULL)");

    private static final List<String> INDEXES = List.of(
            "ALTER TABLE region ADD PRIMARY KEY (regionkey)",
            "ALTER TABLE nation ADD PRIMARY KEY (nationkey)",
            "ALTER TABLE supplier ADD PRIMARY KEY (suppkey)",
            "ALTER TABLE customer ADD PRIMARY KEY (custkey)",
            "ALTER TABLE part ADD PRIMARY KEY (partkey)",
            "ALTER TABLE partsupp ADD PRIMARY KEY (partkey, suppkey)",
            "ALTER TABLE orders ADD PRIMARY KEY (orderkey)",
            "ALTER TABLE lineitem ADD PRIMARY KEY (orderkey, linenumber)",
            "CREATE INDEX ON nation (regionkey)",
            "CREATE INDEX ON supplier (nationkey)",
            "CREATE INDEX ON customer (nationkey)",
            "CREATE INDEX ON partsupp (suppkey)",
            "CREATE INDEX ON orders (custkey)",
            "CREATE INDEX ON lineitem (partkey, suppkey)",
            "CREATE INDEX ON lineitem (suppkey)");

    /// Creates and fills all tables; `progress` hears each step.
    public static void load(Supplier<Connection> connections, double scale, Consumer<String> progress) {
        try (Connection connection = connections.get()) {
            for (String statement : CREATE) {
                Sql.execute(connection, statement);
            }
            for (TpchTable<?> table : sorted()) {
                progress.accept("load " + table.getTableName());
                copy(connections, table, scale);
            }
            progress.accept("keys and indexes");
            Sql.execute(connection, "SET maintenance_work_mem = '256MB'");
            for (String statement : INDEXES) {
                Sql.execute(connection, statement);
            }
            progress.accept("vacuum and analyze");
            Sql.execute(connection, "VACUUM (ANALYZE)");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot load TPC-H: " + e.getMessage(), e);
        }
    }

    private static List<TpchTable<?>> sorted() {
        List<TpchTable<?>> tables = new ArrayList<>();
        TABLES.forEach(name -> tables.add(TpchTable.getTable(name)));
        return tables;
    }

    /// One table in as many parts as there are loaders; the smallest tables cannot be cut.
    private static void copy(Supplier<Connection> connections, TpchTable<?> table, double scale) {
        int parts = SMALL.contains(table.getTableName()) ? 1 : LOADERS;
        try (ExecutorService executor = Executors.newFixedThreadPool(parts)) {
            List<Future<?>> running = new ArrayList<>();
            for (int part = 1; part <= parts; part++) {
                int number = part;
                running.add(executor.submit(() -> copyPart(connections, table, scale, number, parts)));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot load " + table.getTableName(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while loading", e);
        }
    }

    private static void copyPart(
            Supplier<Connection> connections, TpchTable<?> table, double scale, int part, int parts) {
        try (Connection connection = connections.get()) {
            CopyIn copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + table.getTableName() + " FROM STDIN (DELIMITER '|')");
            StringBuilder chunk = new StringBuilder(CHUNK_BYTES + 1024);
            for (TpchEntity entity : table.createGenerator(scale, part, parts)) {
                String line = entity.toLine();
                chunk.append(line, 0, line.endsWith("|") ? line.length() - 1 : line.length())
                        .append('\n');
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

    private static void send(CopyIn copy, StringBuilder chunk) throws SQLException {
        byte[] bytes = chunk.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        chunk.setLength(0);
    }
}
