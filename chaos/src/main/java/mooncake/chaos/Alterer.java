package mooncake.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// Changes the shape of sources, their names and partitions, and makes and drops mirrors, while others write.
final class Alterer extends Actor {
    private static final Duration PACE = Duration.ofMillis(2_500);
    private static final int EXTRAS_MAX = 6;
    private static final int MIRRORS_MAX = 3;

    /// Changes of a type that keep every value, and some that write the table anew.
    private static final Map<String, List<String>> NEXT = Map.of(
            "smallint", List.of("integer", "bigint", "text"),
            "integer", List.of("bigint", "text", "numeric(12,1)"),
            "bigint", List.of("text", "numeric(30,0)"),
            "character varying(20)", List.of("varchar(40)", "text"),
            "character varying(40)", List.of("text"),
            "numeric(10,2)", List.of("numeric(14,2)", "numeric(12,4)"),
            "real", List.of("double precision"),
            "date", List.of("timestamp", "text"));

    private final Options options;
    private final Tables tables;
    private long number;

    Alterer(PostgresServer server, Pause pause, Options options, Tables tables) {
        super("alterer", server, pause, options.seed() * 31 - 2, PACE);
        this.options = options;
        this.tables = tables;
    }

    @Override
    void turn(Connection connection) throws SQLException {
        number++;
        connection.setAutoCommit(false);
        try {
            work(connection);
            if (random.nextInt(8) == 0) {
                connection.rollback();
            } else {
                connection.commit();
            }
        } catch (SQLException e) {
            if (!SqlStates.workload(e)) {
                throw e;
            }
            connection.rollback();
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    private void work(Connection connection) throws SQLException {
        int kind = random.nextInt(10);
        if (kind < 6 && options.has(Feature.DDL)) {
            for (int i = random.nextInt(2); i >= 0; i--) {
                alterBetweenChanges(connection);
            }
        } else if (kind == 6 && options.has(Feature.PARTITIONS)) {
            partitions(connection);
        } else if (kind == 7 && options.has(Feature.DDL)) {
            shortLife(connection);
        } else if (options.has(Feature.MIRRORS)) {
            mirrors(connection);
        }
    }

    private void alterBetweenChanges(Connection connection) throws SQLException {
        Tables.Current table = tables.pick(connection, random);
        if (random.nextBoolean()) {
            Sql.execute(connection, table.shape().insert(table.name(), random));
        }
        boolean undone = random.nextInt(8) == 0;
        if (undone) {
            Sql.execute(connection, "SAVEPOINT s");
        }
        Sql.execute(connection, alteration(table, random));
        if (undone) {
            Sql.execute(connection, "ROLLBACK TO SAVEPOINT s");
        }
        if (random.nextBoolean()) {
            String name = Sql.value(connection, "SELECT " + table.oid() + "::regclass::text");
            Sql.execute(connection, table.shape().update(name, random));
        }
    }

    private String alteration(Tables.Current table, Random random) {
        String alter = "ALTER TABLE " + table.name() + " ";
        if (random.nextInt(10) == 0) {
            boolean changed = !table.name().equals(table.shape().name());
            return alter + "RENAME TO "
                    + (changed ? table.shape().name() : table.shape().name() + "_" + number);
        }
        if (table.extras().isEmpty() || (table.extras().size() < EXTRAS_MAX && random.nextInt(3) == 0)) {
            return alter + "ADD COLUMN " + Tables.EXTRA + number + " " + addition(random);
        }
        String[] extra =
                table.extras().get(random.nextInt(table.extras().size())).split(" ", 2);
        return alter
                + switch (random.nextInt(7)) {
                    case 0, 1 -> "DROP COLUMN " + extra[0];
                    case 2 -> "RENAME COLUMN " + extra[0] + " TO " + Tables.EXTRA + number;
                    case 3 -> "ALTER COLUMN " + extra[0] + " DROP NOT NULL";
                    case 4 ->
                        "ALTER COLUMN " + extra[0] + " DROP NOT NULL, ALTER COLUMN " + extra[0] + " SET DEFAULT "
                                + Extras.value(extra[1], random);
                    default -> changeType(extra[0], extra[1], random);
                };
    }

    private static String changeType(String column, String type, Random random) {
        List<String> next = NEXT.getOrDefault(type, List.of("text"));
        String to = next.get(random.nextInt(next.size()));
        return "ALTER COLUMN " + column + " DROP DEFAULT, ALTER COLUMN " + column
                + " DROP NOT NULL, ALTER COLUMN " + column + " TYPE " + to + " USING " + column
                + "::" + to;
    }

    private static String addition(Random random) {
        String type = Extras.TYPES.get(random.nextInt(Extras.TYPES.size()));
        return switch (random.nextInt(7)) {
            case 0, 1 -> type;
            case 2, 3 -> type + " DEFAULT " + Extras.value(type, random);
            case 4 -> "bigint NOT NULL DEFAULT " + random.nextInt(1000);
            case 5 -> "real DEFAULT random()";
            default -> "integer GENERATED ALWAYS AS (1 + " + random.nextInt(1000) + ") STORED";
        };
    }

    /// Detaches a leaf and attaches it again, in one transaction or in two; what lies in its range meanwhile goes.
    private void partitions(Connection connection) throws SQLException {
        String parted = Sql.value(
                connection, "SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = 'parted_mid'::regclass");
        boolean attached = Sql.value(
                        connection, "SELECT count(*) FROM pg_inherits WHERE inhrelid = 'parted_low'::regclass")
                .equals("1");
        if (attached) {
            Sql.execute(connection, "ALTER TABLE " + parted + " DETACH PARTITION parted_low");
            Sql.execute(connection, "UPDATE parted_low SET n = n + 1 WHERE id % 3 = 0");
        }
        if (!attached || random.nextBoolean()) {
            Sql.execute(connection, "DELETE FROM " + parted + " WHERE id BETWEEN 0 AND 999");
            Sql.execute(
                    connection, "ALTER TABLE " + parted + " ATTACH PARTITION parted_low FOR VALUES FROM (0) TO (1000)");
        }
    }

    /// A table with a mirror that is dropped soon after, source first.
    private void shortLife(Connection connection) throws SQLException {
        String name = "brief_" + number;
        Sql.execute(
                connection,
                "CREATE TABLE " + name + " AS SELECT i AS id, 'v' || i AS v FROM generate_series(1, 500) i");
        Sql.execute(connection, "ALTER TABLE " + name + " ADD PRIMARY KEY (id)");
        Sql.execute(connection, "CALL mooncake.create_table('" + name + "_m', '" + name + "')");
        connection.commit();
        Sql.execute(connection, "UPDATE " + name + " SET v = NULL WHERE id % 2 = 0");
        if (random.nextBoolean()) {
            connection.commit();
        }
        Sql.execute(connection, "DROP TABLE " + name);
        if (random.nextBoolean()) {
            connection.commit();
        }
        Sql.execute(connection, "DROP TABLE " + name + "_m");
    }

    private void mirrors(Connection connection) throws SQLException {
        Tables.Current table = tables.pick(connection, random);
        List<List<String>> mirrors = Sql.rows(
                connection,
                "SELECT mirror::regclass FROM mooncake.tables WHERE source = " + table.oid() + " ORDER BY 1");
        boolean drop = mirrors.size() >= MIRRORS_MAX || (mirrors.size() > 1 && random.nextBoolean());
        if (drop) {
            Sql.execute(
                    connection,
                    "DROP TABLE " + mirrors.get(random.nextInt(mirrors.size())).getFirst());
        }
        if (!drop || random.nextBoolean()) {
            tables.mirror(connection, table.name());
        }
    }
}
