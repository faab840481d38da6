package mooncake.diff;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import mooncake.query.translate.FunctionTable;
import mooncake.testing.Sql;

/// Every entry of the allow-list in the forms in which SQL can write it, over types that have values; functions of any
/// type over a few types each.
final class Callables {
    private static final String FUNCTIONS = """
            SELECT p.oid, p.proname, p.prokind, p.proretset, p.provariadic <> 0, r.typname,
                   coalesce(a.aggkind::text, ''), coalesce(a.aggnumdirectargs, 0),
                   array_to_string(ARRAY(SELECT t.typname FROM unnest(p.proargtypes) WITH ORDINALITY AS u(oid, n)
                                         JOIN pg_type t ON t.oid = u.oid ORDER BY u.n), ' ')
            FROM pg_proc p JOIN pg_type r ON r.oid = p.prorettype LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid
            WHERE p.oid < 16384 AND p.provolatile <> 'v'
            """;
    private static final String OPERATORS = """
            SELECT oprcode::oid, oprname, coalesce((SELECT typname FROM pg_type WHERE oid = oprleft), ''),
                   (SELECT typname FROM pg_type WHERE oid = oprright)
            FROM pg_operator WHERE oprcode <> 0
            """;
    private static final String CASTS = """
            SELECT castfunc, s.typname, t.typname FROM pg_cast
            JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget
            WHERE castfunc <> 0 AND castsource <> casttarget
            """;

    private static final int CHOICES = 4;

    /// What stands for each type that may be any.
    private static final Map<String, List<String>> ANY = Map.of(
            "anyelement", List.of("int4", "text", "numeric", "date"),
            "anynonarray", List.of("int4", "text", "numeric", "date"),
            "anycompatible", List.of("int4", "text", "numeric", "date"),
            "anycompatiblenonarray", List.of("int4", "text", "numeric", "date"),
            "anyarray", List.of("_int4", "_text", "_numeric", "_date"),
            "anycompatiblearray", List.of("_int4", "_text", "_numeric", "_date"),
            "any", List.of("int4", "text", "numeric", "date"));

    private final Map<Integer, Set<String>> needs = new HashMap<>();
    private final List<Callable> callables = new ArrayList<>();
    private final Set<String> without = new TreeSet<>();

    private Callables() {}

    static Callables read(Connection connection) throws SQLException {
        Callables all = new Callables();
        for (FunctionTable.Function function : FunctionTable.all()) {
            all.needs.put(function.oid(), function.needs());
        }
        Map<Integer, List<String>> functions = new HashMap<>();
        Set<Integer> written = new LinkedHashSet<>();
        for (List<String> row : Sql.rows(connection, FUNCTIONS)) {
            functions.put(Integer.parseInt(row.getFirst()), row);
        }
        for (List<String> row : Sql.rows(connection, OPERATORS)) {
            List<String> arguments = row.get(2).isEmpty() ? List.of(row.get(3)) : List.of(row.get(2), row.get(3));
            all.add(functions, written, Integer.parseInt(row.get(0)), Callable.Form.OPERATOR, row.get(1), arguments);
        }
        for (List<String> row : Sql.rows(connection, CASTS)) {
            int oid = Integer.parseInt(row.get(0));
            all.add(functions, written, oid, Callable.Form.CAST, row.get(2), List.of(row.get(1)));
        }
        for (List<String> row : functions.values()) {
            int oid = Integer.parseInt(row.get(0));
            if (!written.contains(oid)) {
                all.add(
                        functions,
                        written,
                        oid,
                        form(row),
                        "",
                        Arrays.asList(row.get(8).split(" ", -1)));
            }
        }
        return all;
    }

    private static Callable.Form form(List<String> row) {
        return switch (row.get(2)) {
            case "a" -> row.get(6).equals("n") ? Callable.Form.AGGREGATE : Callable.Form.ORDERED_AGGREGATE;
            case "w" -> Callable.Form.WINDOW;
            default -> row.get(3).equals("t") ? Callable.Form.SET : Callable.Form.FUNCTION;
        };
    }

    private void add(
            Map<Integer, List<String>> functions,
            Set<Integer> written,
            int oid,
            Callable.Form form,
            String symbol,
            List<String> arguments) {
        Set<String> known = needs.get(oid);
        List<String> row = functions.get(oid);
        if (known == null || row == null) {
            return;
        }
        written.add(oid);
        List<String> given = arguments.equals(List.of("")) ? List.of() : arguments;
        boolean polymorphic = given.stream().anyMatch(ANY::containsKey);
        for (int choice = 0; choice < (polymorphic ? CHOICES : 1); choice++) {
            int chosen = choice;
            List<String> types =
                    given.stream().map(type -> resolve(type, chosen)).toList();
            String result = form == Callable.Form.CAST ? symbol : resolve(row.get(5), chosen);
            if (!types.stream().allMatch(Pool::exists)) {
                without.add(row.get(1) + given);
                return;
            }
            String sign = form == Callable.Form.CAST
                    ? (Pool.exists(symbol) ? Pool.of(symbol).type() : symbol)
                    : symbol;
            callables.add(new Callable(
                    oid, row.get(1), form, sign, types, result, Integer.parseInt(row.get(7)), known.contains("fails")));
        }
    }

    private static String resolve(String type, int choice) {
        List<String> choices = ANY.get(type);
        return choices == null ? type : choices.get(choice);
    }

    List<Callable> all() {
        return callables;
    }

    /// Entries over types that have no values here.
    Set<String> without() {
        return without;
    }
}
