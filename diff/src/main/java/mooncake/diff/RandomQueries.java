package mooncake.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooncake.diff.Fragment.Fixed;
import mooncake.diff.Fragment.Several;
import mooncake.diff.Fragment.Typed;

/// Random SELECTs over random tables.
final class RandomQueries {
    private static final int DEPTH = 3;

    private final Random random;
    private final List<RandomTables.Table> tables;
    private final RandomExpressions expressions;
    private int names;

    RandomQueries(Random random, List<RandomTables.Table> tables, List<Callable> callables) {
        this.random = random;
        this.tables = tables;
        this.expressions = new RandomExpressions(random, callables);
        expressions.subQueries(this::subQueryCondition, this::scalarSubQuery);
    }

    /// A query and the types of its columns.
    private record Select(Fragment fragment, List<String> types) {}

    Fragment next() {
        names = 0;
        Select select = switch (random.nextInt(10)) {
            case 0 -> union();
            case 1 -> common();
            case 2 -> random.nextBoolean() ? recursive() : common();
            default -> select(Scope.EMPTY, randomTypes(random.nextInt(1, 5)), 2);
        };
        List<Fragment> order = new ArrayList<>();
        boolean total = select.types.stream().allMatch(RandomExpressions::sorted);
        for (int i = 1; total && i <= select.types.size(); i++) {
            order.add(new Fixed(i + expressions.direction()));
        }
        boolean first = select.fragment.sql().startsWith("SELECT DISTINCT ON");
        boolean ordered = total && (first || random.nextInt(3) > 0);
        List<Fragment> limit = ordered && random.nextInt(3) == 0 ? List.of(new Fixed(limit())) : List.of();
        return new Typed(
                "",
                "",
                List.of(
                        select.fragment,
                        new Several(" ORDER BY ", ", ", "", 0, ordered ? order : List.of()),
                        new Several(" ", "", "", 0, limit)));
    }

    private String limit() {
        String offset = random.nextBoolean() ? "" : " OFFSET " + random.nextInt(5);
        return random.nextInt(4) == 0
                ? offset.strip() + " FETCH FIRST " + random.nextInt(1, 20) + " ROWS WITH TIES"
                : "LIMIT " + random.nextInt(20) + offset;
    }

    private List<String> randomTypes(int count) {
        return IntStream.range(0, count).mapToObj(_ -> expressions.type()).toList();
    }

    private static String rows(List<String> types) {
        return "rows of " + types;
    }

    private Select union() {
        List<String> types = randomTypes(random.nextInt(1, 4));
        String operator = pick(List.of(
                " UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT ", " EXCEPT ALL ", " INTERSECT ALL ", " UNION ALL "));
        List<Fragment> parts = List.of(
                new Fixed("("),
                select(Scope.EMPTY, types, 1).fragment,
                new Fixed(")" + operator + "("),
                select(Scope.EMPTY, types, 1).fragment,
                new Fixed(")"));
        return new Select(new Typed(rows(types), "", parts), types);
    }

    /// A query over one with a name, which it may use twice.
    private Select common() {
        List<String> types = randomTypes(random.nextInt(2, 4));
        Select inner = select(Scope.EMPTY, types, 1);
        String columns = columnList(types.size());
        String name = "w" + ++names;
        String materialized = pick(List.of("", "", "MATERIALIZED ", "NOT MATERIALIZED "));
        List<Source> sources = new ArrayList<>();
        sources.add(source(name, "w1", types));
        if (random.nextBoolean()) {
            sources.add(table());
        }
        Select outer = select(Scope.EMPTY, randomTypes(random.nextInt(1, 4)), 1, sources);
        List<Fragment> parts = List.of(
                new Fixed("WITH " + name + "(" + columns + ") AS " + materialized + "("),
                inner.fragment,
                new Fixed(") "),
                outer.fragment);
        return new Select(new Typed(rows(outer.types), "", parts), outer.types);
    }

    /// A few steps from a row of constants or from the rows of a table.
    private Select recursive() {
        List<String> types = randomTypes(1);
        Select start = select(Scope.EMPTY, types, 0);
        String type = Pool.of(types.getFirst()).type();
        String union =
                pick(List.of(" UNION ALL ", RandomExpressions.sorted(types.getFirst()) ? " UNION " : " UNION ALL "));
        Scope row = new Scope(
                List.of(new Scope.Column("r.n", "int4", true), new Scope.Column("r.x1", types.getFirst(), true)),
                List.of());
        List<Fragment> parts = List.of(
                new Fixed("WITH RECURSIVE r(n, x1) AS (SELECT 1, q.x1 FROM ("),
                start.fragment,
                new Fixed(") q(x1)" + union + "SELECT r.n + 1, CAST("),
                expressions.expression(types.getFirst(), 2, row),
                new Fixed(" AS " + type + ") FROM r WHERE r.n < " + random.nextInt(2, 5) + ") SELECT n, x1 FROM r"));
        List<String> actual = List.of("int4", types.getFirst());
        return new Select(new Typed(rows(actual), "", parts), actual);
    }

    private static String columnList(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "x" + i).collect(Collectors.joining(", "));
    }

    /// Something in FROM.
    private record Source(Fragment fragment, List<Scope.Column> columns) {}

    private Source table() {
        RandomTables.Table table = pick(tables);
        String alias = "a" + ++names;
        return new Source(
                new Fixed(table.name() + " " + alias),
                table.columns().stream()
                        .map(column -> new Scope.Column(
                                alias + "." + column.name(),
                                column.type(),
                                column.name().equals("id")))
                        .toList());
    }

    private Source source(String text, String name, List<String> types) {
        String alias = name + "_" + ++names;
        return new Source(new Fixed(text + " " + alias), columns(alias, types));
    }

    private static List<Scope.Column> columns(String alias, List<String> types) {
        List<Scope.Column> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add(new Scope.Column(alias + ".x" + (i + 1), types.get(i), RandomExpressions.sorted(types.get(i))));
        }
        return columns;
    }

    /// A sub-SELECT in FROM, LATERAL when it may name what stands before it.
    private Source derived(Scope before, int depth) {
        List<String> types = randomTypes(random.nextInt(1, 4));
        String alias = "d" + ++names;
        boolean lateral = !before.own().isEmpty() && random.nextInt(3) == 0;
        Scope scope = lateral ? before.inner(List.of()) : Scope.EMPTY;
        Select select = select(scope, types, depth - 1);
        Fragment fragment = new Typed(
                "",
                "",
                List.of(
                        new Fixed(lateral ? "LATERAL (" : "("),
                        select.fragment,
                        new Fixed(") " + alias + "(" + columnList(types.size()) + ")")));
        return new Source(fragment, columns(alias, types));
    }

    private Source values() {
        List<String> types = randomTypes(random.nextInt(1, 3));
        List<Fragment> rows = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            List<Fragment> cells = new ArrayList<>();
            types.forEach(type -> cells.add(expressions.literal(type)));
            rows.add(new Several("(", ", ", ")", types.size(), cells));
        }
        String alias = "v" + ++names;
        Fragment list = new Several("(VALUES ", ", ", ") " + alias + "(" + columnList(types.size()) + ")", 1, rows);
        return new Source(list, columns(alias, types));
    }

    private Source series() {
        String call = "generate_series(" + random.nextInt(3) + ", " + random.nextInt(2, 9) + ")";
        String alias = "s" + ++names;
        return new Source(new Fixed(call + " " + alias + "(x1)"), columns(alias, List.of("int4")));
    }

    private List<Source> sources(Scope outer, int depth) {
        List<Source> sources = new ArrayList<>();
        sources.add(table());
        int more = pick(List.of(0, 0, 0, 1, 1, 2));
        for (int i = 0; i < more; i++) {
            List<Scope.Column> before =
                    sources.stream().flatMap(source -> source.columns.stream()).toList();
            switch (random.nextInt(12)) {
                case 0, 1 -> sources.add(depth > 0 ? derived(outer.inner(before), depth) : table());
                case 2 -> sources.add(values());
                case 3 -> sources.add(series());
                default -> sources.add(table());
            }
        }
        return sources;
    }

    private Select select(Scope outer, List<String> types, int depth) {
        return select(outer, types, depth, sources(outer, depth));
    }

    private Select select(Scope outer, List<String> types, int depth, List<Source> sources) {
        List<Scope.Column> columns =
                sources.stream().flatMap(source -> source.columns.stream()).toList();
        Scope scope = new Scope(columns, outer.outer().isEmpty() ? outer.own() : all(outer));
        List<Fragment> from = from(sources, scope);
        List<Fragment> where = conditions(random.nextInt(3), depth, scope);
        int kind = random.nextInt(10);
        if (kind < 3) {
            return grouped(types, scope, from, where);
        }
        List<Fragment> targets = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        for (String type : types) {
            targets.add(expressions.expression(type, DEPTH, scope));
            actual.add(type);
        }
        String distinct = "";
        boolean free = outer.equals(Scope.EMPTY);
        if (kind == 3 && types.stream().allMatch(RandomExpressions::sorted)) {
            distinct =
                    outer.equals(Scope.EMPTY) && depth == 2 && random.nextBoolean() ? "DISTINCT ON (1) " : "DISTINCT ";
        } else if (kind < 6 && free && depth == 2) {
            RandomExpressions.Of window = expressions.window(scope);
            targets.add(window.fragment());
            actual.add(window.type());
        }
        return assembled(distinct, targets, actual, from, where, List.of());
    }

    private static List<Scope.Column> all(Scope scope) {
        List<Scope.Column> all = new ArrayList<>(scope.own());
        all.addAll(scope.outer());
        return all;
    }

    private Select assembled(
            String distinct,
            List<Fragment> targets,
            List<String> types,
            List<Fragment> from,
            List<Fragment> where,
            List<Fragment> rest) {
        List<Fragment> parts = new ArrayList<>();
        parts.add(new Several("SELECT " + distinct, ", ", "", 1, targets));
        parts.addAll(from);
        parts.add(new Several(" WHERE ", " AND ", "", 0, where));
        parts.addAll(rest);
        return new Select(new Typed(rows(types), "", parts), types);
    }

    /// Types are those of the query around it: aggregates of other types are cast by way of the target's expression.
    private Select grouped(List<String> types, Scope scope, List<Fragment> from, List<Fragment> where) {
        List<Fragment> targets = new ArrayList<>();
        List<Fragment> keys = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        // Postgres takes keys that are constants for equal in all of several grouping sets
        boolean severalSets = random.nextInt(4) == 0;
        for (String type : types) {
            boolean named = !severalSets || !scope.ofType(type).isEmpty();
            boolean key = RandomExpressions.sorted(type) && named && random.nextBoolean();
            if (key) {
                Fragment expression = severalSets
                        ? new Typed(
                                type,
                                "",
                                List.of(new Fixed(pick(scope.ofType(type)).sql())))
                        : expressions.expression(type, 2, scope);
                keys.add(expression);
                targets.add(expression);
            } else {
                targets.add(aggregated(type, scope));
            }
            actual.add(type);
        }
        List<Fragment> having =
                random.nextInt(4) == 0 ? List.of(new Fixed("count(*) > " + random.nextInt(4))) : List.of();
        boolean sets = keys.size() > 1 && severalSets;
        String open = sets ? pick(List.of("ROLLUP (", "CUBE (", "GROUPING SETS ((), ")) : "";
        return assembled(
                "",
                targets,
                actual,
                from,
                where,
                List.of(
                        new Several(" GROUP BY " + open, ", ", sets ? ")" : "", 0, keys),
                        new Several(" HAVING ", "", "", 0, having)));
    }

    /// An aggregate of this type, or of any and then tested.
    private Fragment aggregated(String type, Scope scope) {
        for (int i = 0; i < 12; i++) {
            RandomExpressions.Of aggregate = expressions.aggregate(scope);
            if (aggregate.type().equals(type)) {
                return aggregate.fragment();
            }
        }
        RandomExpressions.Of aggregate = expressions.aggregate(scope);
        return new Typed(
                type,
                "NULL::" + Pool.of(type).type(),
                List.of(
                        new Fixed("CASE WHEN "),
                        aggregate.fragment(),
                        new Fixed(" IS NOT NULL THEN " + literal(type) + " ELSE " + literal(type) + " END")));
    }

    private String literal(String type) {
        return Pool.of(type).literal(pick(Pool.of(type).mild()));
    }

    private List<Fragment> from(List<Source> sources, Scope scope) {
        List<Fragment> parts = new ArrayList<>();
        parts.add(new Fixed(" FROM "));
        parts.add(sources.getFirst().fragment);
        List<Scope.Column> before = new ArrayList<>(sources.getFirst().columns);
        List<Fragment> joins = new ArrayList<>();
        for (Source source : sources.subList(1, sources.size())) {
            joins.add(join(before, source, scope));
            before.addAll(source.columns);
        }
        parts.add(new Several("", "", "", 0, joins));
        return parts;
    }

    private Fragment join(List<Scope.Column> before, Source source, Scope scope) {
        boolean lateral = source.fragment.sql().startsWith("LATERAL");
        String kind = pick(List.of(" JOIN ", " JOIN ", " LEFT JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN "));
        if (lateral && (kind.equals(" RIGHT JOIN ") || kind.equals(" FULL JOIN "))) {
            kind = " LEFT JOIN ";
        }
        List<Fragment> conditions = new ArrayList<>();
        conditions.add(new Fixed(equality(before, source.columns)));
        if (!kind.equals(" FULL JOIN ") && random.nextInt(4) == 0) {
            List<Scope.Column> both = new ArrayList<>(before);
            both.addAll(source.columns);
            conditions.add(expressions.expression("bool", 2, new Scope(both, scope.outer())));
        }
        return new Typed(
                "", "", List.of(new Fixed(kind), source.fragment, new Several(" ON ", " AND ", "", 1, conditions)));
    }

    /// Two columns of one type, one of each side; `true` where there are none.
    private String equality(List<Scope.Column> left, List<Scope.Column> right) {
        for (int i = 0; i < 20; i++) {
            Scope.Column a = pick(left);
            Scope.Column b = pick(right);
            boolean small = !a.sql().endsWith(".id") || !b.sql().endsWith(".id") || random.nextInt(4) == 0;
            if (a.type().equals(b.type()) && RandomExpressions.sorted(a.type()) && small) {
                return a.sql() + " = " + b.sql();
            }
        }
        return "true";
    }

    private List<Fragment> conditions(int count, int depth, Scope scope) {
        List<Fragment> conditions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            conditions.add(expressions.expression("bool", Math.min(DEPTH, depth + 1), scope));
        }
        return conditions;
    }

    /// EXISTS, IN, a quantified or a scalar sub-SELECT, correlated by `k` more often than not.
    private Fragment subQueryCondition(Scope scope) {
        Source source = table();
        Scope inner = scope.inner(source.columns);
        String alias = source.columns.getFirst().sql().replace(".id", "");
        List<Fragment> where = new ArrayList<>();
        List<Scope.Column> keys = scope.own().stream()
                .filter(column -> column.sql().endsWith(".k"))
                .toList();
        if (!keys.isEmpty() && random.nextInt(4) > 0) {
            where.add(new Fixed(alias + ".k = " + pick(keys).sql()));
        }
        if (random.nextInt(3) == 0) {
            where.add(expressions.expression("bool", 1, inner));
        }
        Several condition = new Several(" WHERE ", " AND ", "", 0, where);
        String type = pick(List.of("int4", "text", "numeric", "date", "int8"));
        Fragment left = expressions.expression(type, 1, scope);
        Fragment target = expressions.expression(type, 1, new Scope(source.columns, List.of()));
        List<Fragment> parts = switch (random.nextInt(6)) {
            case 5 -> {
                String second = pick(List.of("int4", "text", "numeric", "date", "int8"));
                yield List.of(
                        new Fixed("(("),
                        left,
                        new Fixed(", "),
                        expressions.expression(second, 1, scope),
                        new Fixed(pick(List.of(") IN (SELECT ", ") NOT IN (SELECT ", ") = ANY (SELECT "))),
                        target,
                        new Fixed(", "),
                        expressions.expression(second, 1, new Scope(source.columns, List.of())),
                        new Fixed(" FROM "),
                        source.fragment,
                        condition,
                        new Fixed("))"));
            }
            case 0 -> List.of(new Fixed("EXISTS (SELECT 1 FROM "), source.fragment, condition, new Fixed(")"));
            case 1 -> List.of(new Fixed("NOT EXISTS (SELECT 1 FROM "), source.fragment, condition, new Fixed(")"));
            case 2 -> in(left, random.nextBoolean() ? " IN " : " NOT IN ", target, source, condition);
            case 3 -> in(left, random.nextBoolean() ? " > ALL " : " = ANY ", target, source, condition);
            default -> {
                RandomExpressions.Of count = new RandomExpressions.Of(new Fixed("count(*)"), "int8");
                yield List.of(
                        new Fixed("((SELECT "),
                        count.fragment(),
                        new Fixed(" FROM "),
                        source.fragment,
                        condition,
                        new Fixed(") > " + random.nextInt(5) + ")"));
            }
        };
        return new Typed("bool", "NULL::bool", parts);
    }

    /// The value of a correlated sub-SELECT, as text of a type that has a least value.
    private Fragment scalarSubQuery(Scope scope, String type) {
        Source source = table();
        String alias = source.columns.getFirst().sql().replace(".id", "");
        List<Scope.Column> keys = scope.own().stream()
                .filter(column -> column.sql().endsWith(".k"))
                .toList();
        List<Fragment> where = keys.isEmpty()
                ? List.of()
                : List.of(new Fixed(alias
                        + pick(List.of(".k = ", ".id = ", ".k < "))
                        + pick(keys).sql()));
        return new Typed(
                type,
                "NULL::" + Pool.of(type).type(),
                List.of(
                        new Fixed("(SELECT " + pick(List.of("min(", "max("))),
                        expressions.expression(type, 1, new Scope(source.columns, List.of())),
                        new Fixed(") FROM "),
                        source.fragment,
                        new Several(" WHERE ", " AND ", "", 0, where),
                        new Fixed(")")));
    }

    private static List<Fragment> in(Fragment left, String operator, Fragment target, Source source, Fragment where) {
        return List.of(
                new Fixed("("),
                left,
                new Fixed(operator + "(SELECT "),
                target,
                new Fixed(" FROM "),
                source.fragment,
                where,
                new Fixed("))"));
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
