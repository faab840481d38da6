package mooncake.system;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooncake.testing.PostgresServer;

/// Tables of [TypeCases]: a column per type, a row for each of their values, and one of nulls.
final class EveryTypes {
    private EveryTypes() {}

    /// Makes the types; whether the server has the extensions that some of them come from.
    static boolean setUp(PostgresServer server) {
        server.execute(TypeCases.SETUP.toArray(String[]::new));
        boolean contrib = server.value("SELECT count(*) FROM pg_available_extensions"
                        + " WHERE name IN ('hstore', 'citext', 'ltree', 'cube')")
                .equals("4");
        if (contrib) {
            server.execute(
                    "CREATE EXTENSION hstore",
                    "CREATE EXTENSION citext",
                    "CREATE EXTENSION ltree",
                    "CREATE EXTENSION cube");
        }
        return contrib;
    }

    static void create(PostgresServer server, String table, List<TypeCases.Type> types) {
        server.execute("CREATE TABLE " + table + " (id int PRIMARY KEY, n int DEFAULT 0, "
                + IntStream.range(0, types.size())
                        .mapToObj(i -> "v" + i + " " + types.get(i).name())
                        .collect(Collectors.joining(", "))
                + ")");
        int rows = types.stream().mapToInt(type -> type.values().size()).max().orElseThrow();
        List<String> statements = new ArrayList<>();
        statements.add("INSERT INTO " + table + " (id) VALUES (0)");
        for (int row = 0; row < rows; row++) {
            StringBuilder values = new StringBuilder();
            for (TypeCases.Type type : types) {
                String value = type.values().get(row % type.values().size());
                values.append(", ")
                        .append(
                                value.startsWith("=")
                                        ? value.substring(1)
                                        : "'" + value.replace("'", "''") + "'::" + type.name());
            }
            statements.add("INSERT INTO " + table + " VALUES (" + (row + 1) + ", 0" + values + ")");
        }
        server.execute(statements.toArray(String[]::new));
    }

    /// The rows once more, under other keys.
    static String insertAgain(String table, List<TypeCases.Type> types, int offset) {
        String columns =
                IntStream.range(0, types.size()).mapToObj(i -> ", v" + i).collect(Collectors.joining());
        return "INSERT INTO " + table + " (id, n" + columns + ") SELECT id + " + offset + ", n" + columns + " FROM "
                + table + " WHERE id < 1000";
    }
}
