package mooncake.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/// Random tables: a key `id`, a number `k` that joins find partners by, and columns of every kind.
final class RandomTables {
    /// Types of columns, the frequent ones several times; the name of the pool decides the values.
    static final List<String> TYPES = List.of(
            "int4",
            "int4",
            "int8",
            "int2",
            "numeric",
            "numeric",
            "text",
            "text",
            "text",
            "varchar",
            "bpchar",
            "bool",
            "date",
            "date",
            "timestamp",
            "timestamptz",
            "time",
            "interval",
            "float8",
            "float8",
            "float4",
            "uuid",
            "bytea",
            "jsonb",
            "json",
            "_int4",
            "_text");

    private static final int COLUMNS_MIN = 4;
    private static final int COLUMNS_MAX = 9;
    private static final int KEYS = 12;
    private static final double NULLS = 0.12;

    /// @param type as in pg_type
    record Column(String name, String type, String declared) {}

    record Table(String name, List<Column> columns) {}

    private final Random random;
    private final int rows;

    RandomTables(Random random, int rows) {
        this.random = random;
        this.rows = rows;
    }

    List<Table> tables(int count) {
        List<Table> tables = new ArrayList<>();
        for (int t = 1; t <= count; t++) {
            List<Column> columns = new ArrayList<>();
            columns.add(new Column("id", "int4", "integer PRIMARY KEY"));
            columns.add(new Column("k", "int4", "integer"));
            int more = random.nextInt(COLUMNS_MIN, COLUMNS_MAX + 1);
            for (int c = 1; c <= more; c++) {
                String type = TYPES.get(random.nextInt(TYPES.size()));
                columns.add(new Column("c" + c, type, declared(type)));
            }
            tables.add(new Table("t" + t, columns));
        }
        return tables;
    }

    private String declared(String type) {
        return switch (type) {
            case "numeric" ->
                switch (random.nextInt(3)) {
                    case 0 -> "numeric(12,2)";
                    case 1 -> "numeric(20,4)";
                    default -> "numeric";
                };
            case "varchar" -> "varchar(10)";
            case "bpchar" -> "char(5)";
            default -> type;
        };
    }

    List<String> statements(List<Table> tables) {
        List<String> statements = new ArrayList<>();
        for (Table table : tables) {
            statements.add(table.columns().stream()
                    .map(column -> column.name() + " " + column.declared())
                    .collect(Collectors.joining(", ", "CREATE TABLE " + table.name() + " (", ")")));
            List<Boolean> edges =
                    table.columns().stream().map(_ -> random.nextInt(6) == 0).toList();
            // a few tables have few rows or none
            int count = switch (random.nextInt(12)) {
                case 0 -> 0;
                case 1 -> 1;
                default -> rows / 2 + random.nextInt(rows / 2 + 1);
            };
            List<String> values = new ArrayList<>();
            for (int row = 1; row <= count; row++) {
                values.add(row(table, edges, row));
            }
            if (!values.isEmpty()) {
                statements.add("INSERT INTO " + table.name() + " VALUES " + String.join(", ", values));
            }
        }
        return statements;
    }

    private String row(Table table, List<Boolean> edges, int id) {
        List<String> cells = new ArrayList<>();
        cells.add(Integer.toString(id));
        cells.add(random.nextDouble() < NULLS ? "NULL" : Integer.toString(random.nextInt(KEYS)));
        for (int i = 2; i < table.columns().size(); i++) {
            Column column = table.columns().get(i);
            cells.add(random.nextDouble() < NULLS ? "NULL" : value(column, edges.get(i)));
        }
        return "(" + String.join(", ", cells) + ")";
    }

    private String value(Column column, boolean edge) {
        Pool pool = Pool.of(column.type());
        if (edge && !column.declared().startsWith("numeric(")) {
            return pool.literal(any(pool.all()));
        }
        return switch (column.type()) {
            case "int4", "int8", "int2" -> Integer.toString(random.nextInt(-3, 30));
            case "float8", "float4" -> "'" + random.nextInt(-40, 400) / 4.0 + "'";
            case "numeric" -> random.nextInt(-500, 20_000) / 100 + "." + random.nextInt(10, 100);
            default -> pool.literal(any(pool.mild()));
        };
    }

    private String any(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }
}
