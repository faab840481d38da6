package mooncake.diff;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// Calls of every entry of the allow-list over edge values: all combinations of columns, each argument in turn as a
/// constant, and combinations that fail in Postgres one by one, so that their errors are compared too.
final class CallsPart implements DiffPart {
    private static final int CONSTANTS_MAX = 8;
    private static final int FAILURES_OF_A_KIND = 2;
    private static final int ARGUMENTS_MAX = 4;
    private static final int SHORT_POOL = 4;
    private static final String OUT_OF_TIME = "57014";
    private static final String FAR = "_far";
    private static final String ALIASES = "abcd";

    /// Evaluates one combination and says the SQLSTATE when that fails.
    private static final String PROBE = """
            CREATE FUNCTION failure(query text, VARIADIC ids integer[]) RETURNS text LANGUAGE plpgsql AS $$
            DECLARE result text;
            BEGIN
                EXECUTE query INTO result USING ids;
                RETURN NULL;
            EXCEPTION WHEN OTHERS THEN
                RETURN SQLSTATE;
            END $$
            """;

    private final Map<String, Pool> pools = new LinkedHashMap<>();

    @Override
    public void run(PostgresServer server, Tally tally, Progress progress) throws SQLException {
        Place place = Place.create(server, "calls");
        Callables callables;
        try (Connection connection = place.connect()) {
            callables = Callables.read(connection);
        }
        for (Callable callable : callables.all()) {
            pools(callable).forEach(pool -> pools.put(pool.name(), pool));
            far(pools(callable)).forEach(pool -> pools.put(pool.name(), pool));
        }
        Script.mirrorAll(place, tables());
        place.server().execute("SET search_path = " + place.heap(), PROBE);
        progress.says(String.format(
                Locale.ROOT,
                "%,d calls of entries, %,d left out for their types: %s",
                callables.all().size(),
                callables.without().size(),
                callables.without().stream().limit(10).toList()));
        try (Sides sides = Sides.open(place, List.of())) {
            for (Callable callable : callables.all()) {
                if (callable.arguments().size() > ARGUMENTS_MAX) {
                    tally.leaveOut("more than " + ARGUMENTS_MAX + " arguments", callable.name());
                } else {
                    List<Pool> pools = pools(callable);
                    calls(sides, tally, callable, pools);
                    if (!far(pools).equals(pools)) {
                        calls(sides, tally, callable, far(pools));
                    }
                }
            }
        }
        place.drop();
    }

    private static void calls(Sides sides, Tally tally, Callable callable, List<Pool> pools) throws SQLException {
        try {
            new Calls(sides, tally, callable, pools).run();
        } catch (SQLException e) {
            if (!OUT_OF_TIME.equals(e.getSQLState())) {
                throw e;
            }
            tally.leaveOut("takes Postgres too long", callable.name() + callable.arguments());
        }
    }

    private static List<Pool> pools(Callable callable) {
        return IntStream.range(0, callable.arguments().size())
                .mapToObj(i -> Pool.ofArgument(
                        callable.name(), i + 1, callable.arguments().get(i), callable.arguments()))
                .toList();
    }

    /// The same with values that DuckDB's types cannot hold, for which mirrors keep a column in another form.
    private static List<Pool> far(List<Pool> pools) {
        return pools.stream()
                .map(pool -> Pool.exists(pool.name() + FAR) ? Pool.of(pool.name() + FAR) : pool)
                .toList();
    }

    private List<String> tables() {
        List<String> statements = new ArrayList<>();
        for (Pool pool : pools.values()) {
            statements.add("CREATE TABLE " + pool.table() + " (id integer PRIMARY KEY, v " + pool.type() + ")");
            List<String> rows = new ArrayList<>();
            for (String value : pool.all()) {
                rows.add("(" + (rows.size() + 1) + ", " + pool.literal(value) + ")");
            }
            rows.add("(" + (rows.size() + 1) + ", NULL)");
            statements.add("INSERT INTO " + pool.table() + " VALUES " + String.join(", ", rows));
        }
        return statements;
    }

    /// The queries about one entry.
    private record Calls(Sides sides, Tally tally, Callable callable, List<Pool> pools) {
        void run() throws SQLException {
            switch (callable.form()) {
                case FUNCTION, OPERATOR, CAST -> scalar();
                case AGGREGATE, ORDERED_AGGREGATE -> aggregate();
                case WINDOW -> window();
                case SET -> set();
            }
        }

        private void compare(String query) throws SQLException {
            DiffPart.compare(sides, tally, callable.name() + callable.arguments(), query);
        }

        private void scalar() throws SQLException {
            if (pools.isEmpty()) {
                compare("SELECT id, " + callable.sql(List.of()) + " FROM "
                        + Pool.of("int4").table());
                return;
            }
            String call = callable.sql(columns());
            Map<List<Integer>, String> failures = failures(call);
            compare("SELECT " + ids() + ", " + call + " AS r FROM " + from() + without(failures.keySet()));
            if (callable.result().equals("bool") && failures.isEmpty()) {
                compare("SELECT " + ids() + " FROM " + from() + " WHERE " + call);
            }
            constants(failures);
            failing(call, failures);
        }

        /// One argument after the other as a constant.
        private void constants(Map<List<Integer>, String> failures) throws SQLException {
            for (int argument = 0; argument < pools.size() && pools.size() > 1; argument++) {
                List<String> values = pools.get(argument).all();
                for (int value = 0; value < Math.min(values.size(), CONSTANTS_MAX); value++) {
                    int at = argument;
                    int id = value + 1;
                    List<String> written = new ArrayList<>(columns());
                    written.set(at, pools.get(at).literal(values.get(value)));
                    Set<List<Integer>> failed = failures.keySet().stream()
                            .filter(ids -> ids.get(at) == id)
                            .collect(Collectors.toSet());
                    String where = without(failed);
                    compare("SELECT " + ids() + ", " + callable.sql(written) + " AS r FROM " + from()
                            + (where.isEmpty() ? " WHERE " : where + " AND ") + ALIASES.charAt(at) + ".id = " + id);
                }
            }
        }

        private void failing(String call, Map<List<Integer>, String> failures) throws SQLException {
            Map<String, Integer> seen = new HashMap<>();
            for (Map.Entry<List<Integer>, String> failure : failures.entrySet()) {
                if (seen.merge(failure.getValue(), 1, Integer::sum) <= FAILURES_OF_A_KIND) {
                    List<String> conditions = new ArrayList<>();
                    for (int i = 0; i < pools.size(); i++) {
                        conditions.add(
                                ALIASES.charAt(i) + ".id = " + failure.getKey().get(i));
                    }
                    compare("SELECT " + call + " FROM " + from() + " WHERE " + String.join(" AND ", conditions));
                }
            }
        }

        private void aggregate() throws SQLException {
            List<String> order = IntStream.range(0, Math.max(1, pools.size()))
                    .mapToObj(i -> ALIASES.charAt(i) + ".id")
                    .toList();
            String from = pools.isEmpty() ? Pool.of("int4").table() + " a" : from();
            List<String> written = new ArrayList<>(columns());
            for (int i = 0; i < callable.direct(); i++) {
                Pool pool = pools.get(i);
                written.set(i, pool.literal(pool.mild().getFirst()));
            }
            String call = callable.ordered(written, order);
            compare("SELECT " + call + " FROM " + from);
            compare("SELECT a.id % 3 AS g, " + call + " FROM " + from + " GROUP BY a.id % 3");
            compare("SELECT " + call + " FROM " + from + " WHERE false");
            compare("SELECT a.id, " + call + " FROM " + from + " GROUP BY a.id");
            compare("SELECT " + call + " FILTER (WHERE a.id < 4) FROM " + from);
            if (callable.form() == Callable.Form.AGGREGATE && pools.size() == 1 && !callable.orderMatters()) {
                compare("SELECT " + callable.sql(List.of("DISTINCT a.v")) + " FROM " + from);
                compare("SELECT a.id, " + call + " OVER (ORDER BY a.id) FROM " + from + " WHERE a.id < 6");
                compare("SELECT a.id, " + call + " OVER (ORDER BY a.id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM "
                        + from);
            }
        }

        private void window() throws SQLException {
            String from = pools.isEmpty() ? Pool.of("int4").table() + " a" : from();
            String ids = pools.isEmpty() ? "a.id" : ids();
            compare("SELECT " + ids + ", " + callable.sql(columns()) + " OVER (ORDER BY " + ids + ") FROM " + from);
            compare("SELECT " + ids + ", " + callable.sql(columns()) + " OVER (PARTITION BY a.id % 3 ORDER BY " + ids
                    + ") FROM " + from);
        }

        private void set() throws SQLException {
            if (pools.isEmpty()) {
                return;
            }
            String call = callable.sql(columns());
            Map<List<Integer>, String> failures = failures("(SELECT count(*) FROM " + call + ")");
            compare("SELECT " + ids() + ", s.* FROM " + from() + ", LATERAL " + call + " s"
                    + without(failures.keySet()));
            compare("SELECT " + ids() + ", " + call + " AS r FROM " + from() + without(failures.keySet()));
            failing(call, failures);
        }

        private List<String> columns() {
            return IntStream.range(0, pools.size())
                    .mapToObj(i -> ALIASES.charAt(i) + ".v")
                    .toList();
        }

        private String ids() {
            return IntStream.range(0, pools.size())
                    .mapToObj(i -> ALIASES.charAt(i) + ".id")
                    .collect(Collectors.joining(", "));
        }

        /// All combinations; of many arguments only the first values of each.
        private String from() {
            return IntStream.range(0, pools.size())
                    .mapToObj(i -> pools.size() <= 2
                            ? pools.get(i).table() + " " + ALIASES.charAt(i)
                            : "(SELECT * FROM " + pools.get(i).table() + " WHERE id <= " + limit() + ") "
                                    + ALIASES.charAt(i))
                    .collect(Collectors.joining(", "));
        }

        private int limit() {
            return pools.size() == 3 ? 2 * SHORT_POOL : SHORT_POOL;
        }

        private Map<List<Integer>, String> failures(String call) throws SQLException {
            List<String> conditions = new ArrayList<>();
            for (int i = 0; i < pools.size(); i++) {
                conditions.add(ALIASES.charAt(i) + ".id = $1[" + (i + 1) + "]");
            }
            String probe = "SELECT (" + call + ")::text FROM " + from() + " WHERE " + String.join(" AND ", conditions);
            String query = "SELECT * FROM (SELECT failure(" + Literal.of(probe) + ", " + ids() + ") AS failure, "
                    + named() + " FROM " + from() + ") f WHERE failure IS NOT NULL";
            Map<List<Integer>, String> failures = new LinkedHashMap<>();
            for (List<String> row : Sql.rows(sides.heap().connection(), query)) {
                failures.put(
                        row.subList(1, row.size()).stream()
                                .map(Integer::valueOf)
                                .toList(),
                        row.getFirst());
            }
            return failures;
        }

        private String named() {
            return IntStream.range(0, pools.size())
                    .mapToObj(i -> ALIASES.charAt(i) + ".id AS id" + i)
                    .collect(Collectors.joining(", "));
        }

        private String without(Set<List<Integer>> failures) {
            if (failures.isEmpty()) {
                return "";
            }
            String all = failures.stream()
                    .map(ids -> ids.stream().map(Object::toString).collect(Collectors.joining(", ", "(", ")")))
                    .collect(Collectors.joining(", "));
            return " WHERE (" + ids() + ") NOT IN (" + all + ")";
        }
    }
}
