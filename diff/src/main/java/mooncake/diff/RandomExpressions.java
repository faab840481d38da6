package mooncake.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import mooncake.diff.Fragment.Fixed;
import mooncake.diff.Fragment.Several;
import mooncake.diff.Fragment.Typed;
import org.jspecify.annotations.Nullable;

/// Random expressions of a type over the entries of the allow-list and SQL's own forms.
final class RandomExpressions {
    /// Types that targets have: those of columns that can be compared.
    private static final List<String> TYPES =
            RandomTables.TYPES.stream().filter(type -> !type.equals("json")).toList();

    private static final List<String> COMPARISONS = List.of("=", "<>", "<", "<=", ">", ">=");
    private static final List<String> UNSORTED = List.of("json", "jsonpath", "xid");
    /// Types that have min() and max().
    private static final List<String> LEAST = List.of(
            "int4", "int8", "int2", "numeric", "text", "date", "timestamp", "timestamptz", "interval", "float8");

    private static final double FAILS = 0.12;

    private final Random random;
    private final Map<String, List<Callable>> scalars = new HashMap<>();
    private final List<Callable> aggregates = new ArrayList<>();
    private final List<Callable> windows = new ArrayList<>();
    private @Nullable Function<Scope, Fragment> conditions;
    private @Nullable BiFunction<Scope, String, Fragment> scalarQueries;

    RandomExpressions(Random random, List<Callable> callables) {
        this.random = random;
        for (Callable callable : callables) {
            switch (callable.form()) {
                case FUNCTION, OPERATOR, CAST ->
                    scalars.computeIfAbsent(callable.result(), _ -> new ArrayList<>())
                            .add(callable);
                case AGGREGATE, ORDERED_AGGREGATE -> aggregates.add(callable);
                case WINDOW -> windows.add(callable);
                case SET -> {} // stands in FROM
            }
        }
    }

    /// What makes conditions and values with sub-SELECTs.
    void subQueries(Function<Scope, Fragment> conditionMaker, BiFunction<Scope, String, Fragment> valueMaker) {
        this.conditions = conditionMaker;
        this.scalarQueries = valueMaker;
    }

    String type() {
        return TYPES.get(random.nextInt(TYPES.size()));
    }

    /// Has the type an order, and so an equality?
    static boolean sorted(String type) {
        return !UNSORTED.contains(type) && !type.equals("_json");
    }

    Fragment expression(String type, int depth, Scope scope) {
        if (depth <= 0 || random.nextInt(5) == 0) {
            return leaf(type, scope);
        }
        List<Fragment> parts = switch (random.nextInt(type.equals("bool") ? 26 : 14)) {
            case 0 -> cases(type, depth, scope);
            case 1 -> list("coalesce(", type, depth, scope);
            case 2 -> sorted(type) ? list("nullif(", type, depth, scope) : call(type, depth, scope);
            case 3 ->
                sorted(type)
                        ? list(random.nextBoolean() ? "greatest(" : "least(", type, depth, scope)
                        : call(type, depth, scope);
            case 4 -> special(type, depth, scope);
            case 5, 6, 7, 8, 9, 10, 11, 12, 13 -> call(type, depth, scope);
            default -> condition(depth, scope);
        };
        return typed(type, parts);
    }

    /// Forms that only some types have.
    private List<Fragment> special(String type, int depth, Scope scope) {
        if (random.nextInt(3) == 0 && scalarQueries != null && LEAST.contains(type)) {
            return List.of(scalarQueries.apply(scope, type));
        }
        return switch (type) {
            case "text" -> List.of(new Fixed("("), expression(type(), depth - 1, scope), new Fixed(")::text"));
            case "int4" ->
                List.of(
                        new Fixed("("),
                        expression("_int4", depth - 1, scope),
                        new Fixed(")[" + random.nextInt(4) + "]"));
            case "_int4" -> List.of(new Several("ARRAY[", ", ", "]", 1, list("int4", depth, scope)));
            case "_text" -> List.of(new Several("ARRAY[", ", ", "]", 1, list("text", depth, scope)));
            default -> call(type, depth, scope);
        };
    }

    private List<Fragment> list(String type, int depth, Scope scope) {
        List<Fragment> items = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            items.add(expression(type, depth - 1, scope));
        }
        return items;
    }

    private Fragment leaf(String type, Scope scope) {
        List<Scope.Column> columns = scope.ofType(type);
        List<Scope.Column> outer = scope.outerOfType(type);
        if (!columns.isEmpty() && random.nextInt(5) > 0) {
            return typed(type, List.of(new Fixed(pick(columns).sql())));
        }
        if (!outer.isEmpty() && random.nextInt(3) == 0) {
            return typed(type, List.of(new Fixed(pick(outer).sql())));
        }
        return literal(Pool.of(type));
    }

    Fragment literal(String type) {
        return literal(Pool.of(type));
    }

    private Fragment literal(Pool pool) {
        int choice = random.nextInt(14);
        if (choice == 0) {
            return new Fixed("NULL::" + pool.type());
        }
        List<String> values = choice == 1 ? pool.all() : pool.mild();
        return typed(pool.type(), List.of(new Fixed(pool.literal(pick(values)))));
    }

    private Typed typed(String type, List<Fragment> parts) {
        return new Typed(type, Pool.exists(type) ? "NULL::" + Pool.of(type).type() : "", parts);
    }

    private List<Fragment> cases(String type, int depth, Scope scope) {
        return List.of(
                new Fixed("CASE WHEN "),
                expression("bool", depth - 1, scope),
                new Fixed(" THEN "),
                expression(type, depth - 1, scope),
                new Fixed(" ELSE "),
                expression(type, depth - 1, scope),
                new Fixed(" END"));
    }

    private List<Fragment> list(String open, String type, int depth, Scope scope) {
        return List.of(
                new Fixed(open),
                expression(type, depth - 1, scope),
                new Fixed(", "),
                expression(type, depth - 1, scope),
                new Fixed(")"));
    }

    private List<Fragment> call(String type, int depth, Scope scope) {
        List<Callable> callables = scalars.getOrDefault(type, List.of());
        if (callables.isEmpty()) {
            return List.of(leaf(type, scope));
        }
        Callable callable = pick(callables);
        for (int i = 0; i < 3 && callable.fails() && random.nextDouble() > FAILS; i++) {
            callable = pick(callables);
        }
        return callOf(callable, depth - 1, scope);
    }

    /// The call's text with expressions where its arguments stand.
    private List<Fragment> callOf(Callable callable, int depth, Scope scope) {
        List<Fragment> arguments = new ArrayList<>();
        List<String> marks = new ArrayList<>();
        for (int i = 0; i < callable.arguments().size(); i++) {
            String type = callable.arguments().get(i);
            Pool pool = Pool.ofArgument(callable.name(), i + 1, type, callable.arguments());
            boolean special = !pool.name().equals(type) || i < callable.direct();
            arguments.add(special ? literal(pool) : expression(type, depth, scope));
            marks.add("\u0001");
        }
        return woven(callable.sql(marks), arguments);
    }

    private static List<Fragment> woven(String text, List<Fragment> arguments) {
        String[] pieces = text.split("\u0001", -1);
        List<Fragment> parts = new ArrayList<>();
        for (int i = 0; i < pieces.length; i++) {
            parts.add(new Fixed(pieces[i]));
            if (i < arguments.size()) {
                parts.add(arguments.get(i));
            }
        }
        return parts;
    }

    private List<Fragment> condition(int depth, Scope scope) {
        String type = type();
        Fragment left = expression(type, depth - 1, scope);
        return switch (random.nextInt(13)) {
            case 0 -> List.of(new Fixed("("), left, new Fixed(random.nextBoolean() ? " IS NULL)" : " IS NOT NULL)"));
            case 1 ->
                List.of(
                        bool(depth, scope, "("),
                        bool(depth, scope, random.nextBoolean() ? " AND " : " OR "),
                        new Fixed(")"));
            case 2 -> List.of(new Fixed("(NOT "), expression("bool", depth - 1, scope), new Fixed(")"));
            case 3 ->
                List.of(
                        new Fixed("("),
                        left,
                        new Fixed(random.nextBoolean() ? " BETWEEN " : " NOT BETWEEN "),
                        expression(type, 0, scope),
                        new Fixed(" AND "),
                        expression(type, 0, scope),
                        new Fixed(")"));
            case 4, 5 ->
                List.of(
                        new Fixed("("),
                        left,
                        new Several(random.nextBoolean() ? " IN (" : " NOT IN (", ", ", "))", 1, values(type)));
            case 6 ->
                List.of(
                        new Fixed("("),
                        left,
                        new Fixed(random.nextBoolean() ? " IS DISTINCT FROM " : " IS NOT DISTINCT FROM "),
                        expression(type, depth - 1, scope),
                        new Fixed(")"));
            case 7 ->
                List.of(
                        new Fixed("("),
                        expression("bool", depth - 1, scope),
                        new Fixed(pick(List.of(" IS TRUE)", " IS NOT TRUE)", " IS FALSE)", " IS UNKNOWN)"))));
            case 8 ->
                List.of(
                        new Fixed("("),
                        left,
                        new Several(
                                " " + pick(COMPARISONS) + (random.nextBoolean() ? " ANY" : " ALL") + " (ARRAY[",
                                ", ",
                                "]))",
                                1,
                                values(type)));
            case 9, 10 ->
                conditions == null || random.nextInt(3) > 0
                        ? List.of(
                                new Fixed("("),
                                left,
                                new Fixed(" " + pick(COMPARISONS) + " "),
                                expression(type, depth - 1, scope),
                                new Fixed(")"))
                        : List.of(conditions.apply(scope));
            default ->
                List.of(
                        new Fixed("("),
                        left,
                        new Fixed(" " + pick(COMPARISONS) + " "),
                        expression(type, depth - 1, scope),
                        new Fixed(")"));
        };
    }

    private Fragment bool(int depth, Scope scope, String before) {
        return new Several(before, "", "", 1, List.of(expression("bool", depth - 1, scope)));
    }

    private List<Fragment> values(String type) {
        List<Fragment> values = new ArrayList<>();
        int count = random.nextInt(1, 4);
        for (int i = 0; i < count; i++) {
            values.add(literal(Pool.of(type)));
        }
        return values;
    }

    /// An expression and its type.
    record Of(Fragment fragment, String type) {}

    Of aggregate(Scope scope) {
        Callable callable = pick(aggregates);
        List<Fragment> parts = new ArrayList<>();
        if (callable.orderMatters()) {
            List<String> order = new ArrayList<>(scope.keys());
            List<Fragment> arguments = new ArrayList<>();
            List<String> marks = new ArrayList<>();
            for (String type : callable.arguments()) {
                arguments.add(expression(type, 1, scope));
                marks.add("\u0001");
            }
            if (order.isEmpty()) {
                scope.own().stream().filter(column -> sorted(column.type())).forEach(column -> order.add(column.sql()));
            }
            parts.addAll(woven(order.isEmpty() ? callable.sql(marks) : callable.ordered(marks, order), arguments));
        } else {
            List<Fragment> call = callOf(callable, 2, scope);
            boolean distinct = callable.form() == Callable.Form.AGGREGATE
                    && callable.arguments().size() == 1
                    && sorted(callable.arguments().getFirst())
                    && random.nextInt(6) == 0;
            if (distinct) {
                call = new ArrayList<>(call);
                call.set(0, new Fixed("\"" + callable.name() + "\"(DISTINCT "));
            }
            parts.addAll(call);
        }
        if (random.nextInt(6) == 0) {
            parts.add(new Several(" FILTER (WHERE ", "", ")", 0, List.of(expression("bool", 2, scope))));
        }
        return new Of(typed(callable.result(), parts), callable.result());
    }

    Of window(Scope scope) {
        boolean plain = random.nextInt(3) == 0 && !windows.isEmpty();
        Callable callable = plain ? pick(windows) : pick(aggregates);
        if (callable.form() == Callable.Form.ORDERED_AGGREGATE || callable.orderMatters()) {
            callable = pick(windows);
        }
        List<Fragment> parts = new ArrayList<>(callOf(callable, 1, scope));
        List<Fragment> order = new ArrayList<>();
        String type = type();
        if (sorted(type)) {
            order.add(new Several("", "", direction(), 1, List.of(expression(type, 1, scope))));
        }
        scope.keys().forEach(key -> order.add(new Fixed(key)));
        String partitioned = type();
        List<Fragment> partition =
                random.nextBoolean() && sorted(partitioned) ? List.of(expression(partitioned, 1, scope)) : List.of();
        parts.add(new Fixed(" OVER ("));
        parts.add(new Several("PARTITION BY ", ", ", "", 0, partition));
        parts.add(new Several(" ORDER BY ", ", ", "", 0, order));
        List<Fragment> frame = callable.form() == Callable.Form.AGGREGATE && !order.isEmpty() && random.nextBoolean()
                ? List.of(new Fixed(frame()))
                : List.of();
        parts.add(new Several(" ", "", "", 0, frame));
        parts.add(new Fixed(")"));
        return new Of(typed(callable.result(), parts), callable.result());
    }

    private String frame() {
        String unit = pick(List.of("ROWS", "ROWS", "GROUPS"));
        String start = pick(List.of("UNBOUNDED PRECEDING", "2 PRECEDING", "CURRENT ROW", "1 PRECEDING"));
        String end = pick(List.of("CURRENT ROW", "1 FOLLOWING", "UNBOUNDED FOLLOWING"));
        String exclusion = pick(List.of("", "", "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"));
        return unit + " BETWEEN " + start + " AND " + end + exclusion;
    }

    String direction() {
        return pick(List.of("", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"));
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
