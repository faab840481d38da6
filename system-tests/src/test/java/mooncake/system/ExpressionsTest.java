package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mooncake.system.PathSchemas.Outcome;
import mooncake.testing.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Each expression of `expressions.sql` alone, so that one which is not pushed hides no other: row by row where the
/// values are odd, since one row's error would hide the others, as a condition, as a key of GROUP BY, and in a sort.
class ExpressionsTest {
    private static final List<String> ROWS =
            List.of("id = 1", "id = 2", "id = 3", "id = 4", "id = 5", "id = 6", "id = 7", "id > 7");

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PathSchemas.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyExpressionIsThatOfTheHeap() throws SQLException {
        List<String> differences = new ArrayList<>();
        int pushed = 0;
        List<String> expressions =
                PathSchemas.resource("expressions.sql").lines().toList();
        try (Connection heap = PathSchemas.connect(server, PathSchemas.HEAP);
                Connection mirror = PathSchemas.connect(server, PathSchemas.MIRROR)) {
            for (String expression : expressions) {
                String plan = PathSchemas.run(mirror, "EXPLAIN (COSTS OFF) SELECT " + expression + " FROM items i")
                        .toString();
                if (!plan.contains("whole query")) {
                    continue;
                }
                pushed++;
                for (String query : queries(heap, expression)) {
                    boolean grouped = query.contains(" GROUP BY ") || query.contains("DISTINCT ");
                    Outcome expected = seen(PathSchemas.run(heap, query), grouped);
                    Outcome found = seen(PathSchemas.run(mirror, query), grouped);
                    if (!same(expected, found)) {
                        differences.add(query + "\n  heap   " + firstDifference(expected, found) + "\n  mirror "
                                + firstDifference(found, expected));
                    }
                }
            }
        }
        System.out.println("ExpressionsTest: " + pushed + " of " + expressions.size() + " expressions ran in DuckDB");
        assertThat(differences).isEmpty();
        assertThat(pushed).isGreaterThan(expressions.size() / 2);
    }

    /// All rows at once, or one by one where one of them gives an error.
    private static List<String> queries(Connection heap, String expression) {
        List<String> queries = new ArrayList<>();
        String select = "SELECT id, " + expression + " AS x FROM items i";
        boolean fails = isError(PathSchemas.run(heap, select));
        for (String rows : fails ? ROWS : List.of("true")) {
            queries.add(select + " WHERE " + rows + " ORDER BY id");
        }
        if (expression.contains(" OVER ")) {
            return queries;
        }
        queries.add(
                "SELECT " + expression + " AS x, count(*), min(id) FROM items i WHERE id > 7 GROUP BY 1 ORDER BY 1, 3");
        queries.add("SELECT id FROM items i WHERE id > 4 ORDER BY " + expression + " DESC NULLS LAST, id");
        boolean condition = PathSchemas.run(heap, "SELECT " + expression + " FROM items i WHERE false")
                .columns()
                .getFirst()
                .contains(" bool(");
        if (condition) {
            queries.add("SELECT id FROM items i WHERE " + expression + " ORDER BY id");
            queries.add("SELECT id FROM items i WHERE NOT (" + expression + ") ORDER BY id");
        } else {
            queries.add("SELECT DISTINCT " + expression + " AS x FROM items i WHERE id > 7 ORDER BY 1");
        }
        return queries;
    }

    /// Of equal values that look different, numerics of several scales and texts with blanks behind, SQL lets a group
    /// show any.
    private static Outcome seen(Outcome outcome, boolean grouped) {
        if (!grouped || isError(outcome)) {
            return outcome;
        }
        List<List<String>> rows = new ArrayList<>();
        for (List<String> row : outcome.rows()) {
            List<String> values = new ArrayList<>();
            row.forEach(value -> values.add(
                    value == null
                            ? "null"
                            : value.matches("-?\\d+\\.\\d+")
                                    ? new java.math.BigDecimal(value)
                                            .stripTrailingZeros()
                                            .toPlainString()
                                    : value.stripTrailing()));
            rows.add(values);
        }
        return new Outcome(outcome.columns(), rows);
    }

    private static boolean isError(Outcome outcome) {
        return outcome.columns().equals(List.of("error"));
    }

    /// Of errors the SQLSTATE counts: DuckDB does not always say which integer type a value left.
    private static boolean same(Outcome one, Outcome other) {
        if (isError(one) && isError(other)) {
            return one.rows()
                    .getFirst()
                    .getFirst()
                    .equals(other.rows().getFirst().getFirst());
        }
        return one.equals(other);
    }

    private static String firstDifference(Outcome one, Outcome other) {
        if (!one.columns().equals(other.columns())) {
            return one.columns() + " " + (one.rows().isEmpty() ? "" : one.rows().getFirst());
        }
        for (int i = 0; i < one.rows().size(); i++) {
            if (i >= other.rows().size()
                    || !Objects.equals(one.rows().get(i), other.rows().get(i))) {
                return "row " + i + " " + one.rows().get(i);
            }
        }
        return one.rows().size() + " rows";
    }
}
