package mooncake.query.translate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import mooncake.model.Check;
import mooncake.query.tree.Refusal;

/// The allow-list: what each function, aggregate and sort operator of Postgres is in DuckDB, read from the tables
/// `functions/*.tsv` and `operators.tsv`; what their columns mean is in the README beside them.
public final class FunctionTable {
    private static final List<String> AREAS = List.of(
            "numbers",
            "texts",
            "names",
            "money",
            "moments",
            "documents",
            "arrays",
            "others",
            "aggregates",
            "windows",
            "sets");

    private static final Pattern EQUALITY = Pattern.compile("^\\w*eq(_\\w+)?\\(");
    private static final Set<Kind> SCALAR = EnumSet.of(Kind.SAME, Kind.REWRITTEN, Kind.OURS);
    private static final Map<Integer, Function> FUNCTIONS = new HashMap<>();
    private static final Map<Integer, SortOperator> OPERATORS = new HashMap<>();

    static {
        AREAS.forEach(FunctionTable::readFunctions);
        for (String[] cells : read("/mooncake/query/operators.tsv", 3)) {
            OPERATORS.put(Integer.parseInt(cells[0]), SortOperator.valueOf(cells[1].toUpperCase(Locale.ROOT)));
        }
    }

    private FunctionTable() {}

    public enum Kind {
        SAME,
        REWRITTEN,
        OURS,
        AGGREGATE,
        WINDOW,
        SET,
        FOLDED
    }

    enum SortOperator {
        ASC,
        DESC,
        EQUAL
    }

    /// A row of the table.
    public record Function(int oid, String signature, Kind kind, Set<String> needs, String form) {
        /// How many arguments it has, -1 for a list of any length.
        int arguments() {
            String list = signature.substring(signature.indexOf('(') + 1, signature.lastIndexOf(')'));
            if (list.contains("any") && list.endsWith("any")) {
                return -1;
            }
            return list.isEmpty() ? 0 : list.split(",", -1).length;
        }

        boolean isRule() {
            return form.startsWith("@");
        }

        String rule() {
            return form.substring(1);
        }

        /// Whether an argument is of type `char(n)`, whose padding the form takes into account.
        boolean takesPadded(int argument) {
            String[] types = signature
                    .substring(signature.indexOf('(') + 1, signature.length() - 1)
                    .split(",", -1);
            return argument < types.length && types[argument].equals("character");
        }

        boolean fails() {
            return needs.contains("fails");
        }
    }

    /// Every entry, for tests.
    public static List<Function> all() {
        return List.copyOf(FUNCTIONS.values());
    }

    /// A scalar function, or refuses.
    static Function scalar(int oid) {
        Function function = FUNCTIONS.get(oid);
        if (function == null || !SCALAR.contains(function.kind())) {
            throw Refusal.because("Function %d is not known to mean the same in DuckDB.", oid);
        }
        return function;
    }

    static Function aggregate(int oid) {
        return ofKind(oid, Kind.AGGREGATE);
    }

    static boolean isAggregate(int oid) {
        Function function = FUNCTIONS.get(oid);
        return function != null && function.kind() == Kind.AGGREGATE;
    }

    static Function window(int oid) {
        return ofKind(oid, Kind.WINDOW);
    }

    /// A function that returns rows, or refuses.
    static Function set(int oid) {
        return ofKind(oid, Kind.SET);
    }

    static boolean isSet(int oid) {
        Function function = FUNCTIONS.get(oid);
        return function != null && function.kind() == Kind.SET;
    }

    /// Whether a function is the equality of a type.
    static boolean isEquality(int oid) {
        Function function = FUNCTIONS.get(oid);
        return function != null && EQUALITY.matcher(function.signature()).find();
    }

    private static Function ofKind(int oid, Kind kind) {
        Function function = FUNCTIONS.get(oid);
        if (function == null || function.kind() != kind) {
            throw Refusal.because(
                    "%s function %d is not known to mean the same in DuckDB.",
                    switch (kind) {
                        case WINDOW -> "Window";
                        case AGGREGATE -> "Aggregate";
                        case SET -> "Row-returning";
                        case SAME, REWRITTEN, OURS, FOLDED -> "Scalar";
                    },
                    oid);
        }
        return function;
    }

    static void requireEquality(int operator) {
        if (OPERATORS.get(operator) != SortOperator.EQUAL) {
            throw Refusal.because("Operator %d is not known to be an equality.", operator);
        }
    }

    /// Whether the sort operator is the descending one.
    static boolean isDescending(int operator) {
        SortOperator known = OPERATORS.get(operator);
        if (known == null || known == SortOperator.EQUAL) {
            throw Refusal.because("Operator %d is not known to sort.", operator);
        }
        return known == SortOperator.DESC;
    }

    private static void readFunctions(String area) {
        for (String[] cells : read("/mooncake/query/functions/" + area + ".tsv", 5)) {
            int oid = Integer.parseInt(cells[0]);
            Kind kind = Kind.valueOf(cells[2].toUpperCase(Locale.ROOT));
            Set<String> needs = cells[3].equals("-") ? Set.of() : Set.of(cells[3].split(",", -1));
            Function before = FUNCTIONS.put(oid, new Function(oid, cells[1], kind, needs, cells[4]));
            Check.that(before == null, "function %s twice in the allow-list", oid);
        }
    }

    private static List<String[]> read(String resource, int width) {
        InputStream stream = Objects.requireNonNull(FunctionTable.class.getResourceAsStream(resource), resource);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            List<String[]> rows = reader.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> line.split("\t", -1))
                    .toList();
            rows.forEach(row -> Check.that(row.length == width, "row %s of %s", Arrays.toString(row), resource));
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
