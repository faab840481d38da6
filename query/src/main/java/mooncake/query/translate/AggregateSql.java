package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.frame.Value;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import mooncake.query.tree.SortKey;
import mooncake.query.tree.Target;
import org.jspecify.annotations.Nullable;

/// Aggregates, on their own and over windows.
final class AggregateSql {
    private static final int COUNT = 2147;

    private final ExprSql expressions;

    AggregateSql(ExprSql expressions) {
        this.expressions = expressions;
    }

    /// How each aggregate that one of Postgres needs is written: DISTINCT, ORDER BY, FILTER and OVER around it.
    ///
    /// @param order ORDER BY of the rows that are gathered, with a blank before it, or nothing
    /// @param suffix FILTER and OVER
    record Frame(boolean distinct, String order, String suffix, boolean window) {
        Frame(boolean distinct, String suffix, boolean window) {
            this(distinct, "", suffix, window);
        }

        String call(String function, String argument) {
            return function + "(" + (distinct ? "DISTINCT " : "") + argument + order + ")" + suffix;
        }

        /// For a part of the result that does not depend on the order or on equal values being left out.
        Frame plain() {
            return new Frame(false, "", suffix, window);
        }
    }

    Scalar translate(Expr.Aggregate aggregate) {
        FunctionTable.Function function = FunctionTable.aggregate(aggregate.function());
        if (isRowCount(aggregate)) {
            return rowCount(aggregate);
        }
        List<Scalar> args = aggregate.args().stream()
                .filter(target -> !target.junk())
                .map(target -> summand(function, target.expr()))
                .toList();
        boolean distinct = !aggregate.distinct().isEmpty();
        if (distinct) {
            requireDistinct(aggregate, args);
        }
        Expr filter = aggregate.filter();
        Scalar condition = filter == null ? null : expressions.translate(filter);
        String suffix = condition == null ? "" : " FILTER (WHERE " + condition.sql() + ")";
        String order = function.needs().contains("ordered") ? orderBy(aggregate, args) : "";
        if (ListAggregates.isListed(function)) {
            return new ListAggregates(expressions)
                    .build(
                            function,
                            guarded(args, condition),
                            aggregate.type(),
                            new Frame(distinct, order, suffix, false));
        }
        return build(
                function,
                guarded(args, condition),
                aggregate.inputCollation(),
                new Frame(distinct, order, suffix, false));
    }

    /// An argument. DuckDB takes a sum of numbers and a constant apart.
    private Scalar summand(FunctionTable.Function function, Expr expr) {
        Scalar arg = expressions.translate(expr);
        boolean apart =
                function.form().equals("@sum_integer") || function.form().equals("@avg_exact");
        return apart && !IntegerSql.isSmall(expr, expressions.context())
                ? new Scalar(IntegerSql.kept(arg), arg.form(), arg.literal(), arg.fails())
                : arg;
    }

    /// Without an ORDER BY of its own an aggregate takes the rows as DISTINCT sorts them, or as a sub-SELECT did.
    private String orderBy(Expr.Aggregate aggregate, List<Scalar> args) {
        List<SortKey> keys = aggregate.order().isEmpty() ? aggregate.distinct() : aggregate.order();
        if (keys.isEmpty()) {
            String input = expressions.inputOrder();
            return input == null ? "" : " ORDER BY " + input;
        }
        List<String> order = new ArrayList<>();
        for (SortKey key : keys) {
            Target target = QuerySql.target(aggregate.args(), key.ref());
            Scalar value = expressions.translate(target.expr());
            if (!aggregate.distinct().isEmpty() && value.literal() != null) {
                continue;
            }
            order.add(Forms.orderKey(
                            value,
                            target.expr().collation(),
                            expressions.context().collations())
                    + QuerySql.direction(key));
        }
        return order.isEmpty() || args.isEmpty() ? "" : " ORDER BY " + String.join(", ", order);
    }

    /// `count(ROW(...))`, of which only the fields' equality has to be known.
    private static boolean isRowCount(Expr.Aggregate aggregate) {
        return aggregate.function() == COUNT && aggregate.args().getFirst().expr() instanceof Expr.Row;
    }

    private Scalar rowCount(Expr.Aggregate aggregate) {
        List<String> keys = new ArrayList<>();
        boolean fails = false;
        if (aggregate.args().getFirst().expr() instanceof Expr.Row(List<Expr> fields, int _)) {
            for (Expr field : fields) {
                if (field.collation() != 0) {
                    expressions.context().collations().requireEquality(field.collation());
                }
                Scalar value = expressions.translate(field);
                keys.add(Forms.groupKey(value));
                fails |= value.fails();
            }
        }
        Expr filter = aggregate.filter();
        String suffix = filter == null
                ? ""
                : " FILTER (WHERE " + expressions.translate(filter).sql() + ")";
        Frame frame = new Frame(!aggregate.distinct().isEmpty(), suffix, false);
        return Scalar.of(frame.call("count", "row(" + String.join(", ", keys) + ")"), new Form.Plain(Oids.INT8), fails);
    }

    /// Arguments that may fail are only computed for rows that the filter lets through.
    static List<Scalar> guarded(List<Scalar> args, @Nullable Scalar condition) {
        if (condition == null) {
            return args;
        }
        return args.stream()
                .map(arg -> arg.fails()
                        ? Scalar.of("CASE WHEN " + condition.sql() + " THEN " + arg.sql() + " END", arg.form(), true)
                        : arg)
                .toList();
    }

    private void requireDistinct(Expr.Aggregate aggregate, List<Scalar> args) {
        long values = args.stream().filter(arg -> arg.literal() == null).count();
        if (values > 1) {
            throw Refusal.because("DISTINCT over several arguments is not translated.");
        }
        aggregate.distinct().forEach(key -> FunctionTable.requireEquality(key.equality()));
        int collation = aggregate.args().getFirst().expr().collation();
        if (collation != 0) {
            expressions.context().collations().requireEquality(collation);
        }
        Forms.groupKey(args.getFirst());
    }

    Scalar build(FunctionTable.Function function, List<Scalar> args, int inputCollation, Frame frame) {
        if (function.needs().contains("order")
                && !expressions.context().collations().isBinary(inputCollation)) {
            return firstInOrder(function, args.getFirst(), inputCollation, frame);
        }
        if (!function.isRule()) {
            Scalar arg = args.getFirst();
            if (!args.stream().allMatch(value -> value.form() instanceof Form.Plain)) {
                throw Refusal.because("Aggregate %s is not translated for such values.", function.signature());
            }
            String name = function.form().substring(0, function.form().indexOf('('));
            return Scalar.of(frame.call(name, arg.sql()), arg.form(), arg.fails());
        }
        return switch (function.rule()) {
            case "count_rows" -> Scalar.of("count(*)" + frame.suffix(), new Form.Plain(Oids.INT8), false);
            case "sum_money" -> {
                Scalar amount = args.getFirst();
                yield Scalar.of(
                        "CAST(" + frame.call("sum", amount.sql()) + " AS BIGINT)", amount.form(), amount.fails());
            }
            case "count" -> count(args.getFirst(), frame);
            case "string_agg" -> strings(args, frame);
            case "string_agg_bytes" -> {
                if (frame.distinct()) {
                    throw Refusal.because("DISTINCT bytes are not joined.");
                }
                Scalar joined =
                        strings(args.stream().map(AggregateSql::hexadecimal).toList(), frame);
                yield Scalar.of("from_hex(" + joined.sql() + ")", new Form.Plain(Oids.BYTEA), joined.fails());
            }
            case "min_document" -> extreme("arg_min", args.getFirst(), inputCollation, frame);
            case "max_document" -> extreme("arg_max", args.getFirst(), inputCollation, frame);
            case "min_padded" -> padded("min", args.getFirst(), frame);
            case "max_padded" -> padded("max", args.getFirst(), frame);
            case "pair_count" -> FloatAggregates.pairs(args, frame);
            case "float_statistic" -> FloatAggregates.statistic(function, args, frame);
            case "interval_gathered" -> FloatAggregates.ofIntervals(function, args.getFirst(), frame);
            case "sum_float", "avg_float" -> FloatAggregates.build(function.rule(), args.getFirst(), frame);
            default ->
                NumericAggregates.build(
                        function.rule(),
                        args.getFirst(),
                        frame,
                        expressions.context().allNumericsFree());
        };
    }

    /// The least or greatest text in an order that is not that of its bytes.
    private Scalar firstInOrder(FunctionTable.Function function, Scalar arg, int collation, Frame frame) {
        if (arg.form() instanceof Form.Padded(int length) && length < 1) {
            throw Refusal.because("%s of char without one length is not translated.", function.signature());
        }
        String key = Forms.orderKey(arg, collation, expressions.context().collations());
        String name = function.signature().startsWith("min(") ? "arg_min" : "arg_max";
        return Scalar.of(frame.plain().call(name, arg.sql() + ", " + key), arg.form(), arg.fails());
    }

    private static Scalar count(Scalar arg, Frame frame) {
        String sql = frame.distinct() ? Forms.groupKey(arg) : arg.sql();
        return Scalar.of(frame.call("count", sql), new Form.Plain(Oids.INT8), arg.fails());
    }

    private Scalar extreme(String function, Scalar arg, int collation, Frame frame) {
        String key = Forms.orderKey(arg, collation, expressions.context().collations());
        String call = function + "(" + arg.sql() + ", " + key + ")" + frame.suffix();
        return Scalar.of(call, arg.form(), arg.fails());
    }

    private static Scalar padded(String function, Scalar arg, Frame frame) {
        if (!(arg.form() instanceof Form.Padded(int length)) || length < 1) {
            throw Refusal.because("%s of char without one length is not translated.", function);
        }
        return Scalar.of(
                "rpad(" + frame.call(function, TextRules.trimmed(arg)) + ", " + length + ", ' ')",
                arg.form(),
                arg.fails());
    }

    /// Bytes as digits, a constant as another one.
    private static Scalar hexadecimal(Scalar bytes) {
        String constant = bytes.literalText();
        Value digits = constant == null ? null : new Value(Oids.TEXT, -1, true, constant.substring(2));
        return new Scalar("hex(" + bytes.sql() + ")", new Form.Plain(Oids.TEXT), digits, bytes.fails());
    }

    /// The parts with the separators before them. DuckDB's own function takes only one separator for all.
    private static Scalar strings(List<Scalar> args, Frame frame) {
        Scalar value = args.get(0);
        Scalar separator = args.get(1);
        boolean fails = ExprSql.anyFails(args);
        Form text = new Form.Plain(Oids.TEXT);
        if (separator.literalText() != null) {
            return Scalar.of(
                    "string_agg(" + (frame.distinct() ? "DISTINCT " : "") + value.sql() + ", " + separator.sql()
                            + frame.order() + ")" + frame.suffix(),
                    text,
                    fails);
        }
        if (frame.distinct()) {
            throw Refusal.because("DISTINCT parts with several separators are not translated.");
        }
        String parts = frame.call(
                "list",
                "CASE WHEN " + value.sql() + " IS NOT NULL THEN struct_pack(v := " + value.sql() + ", s := coalesce("
                        + separator.sql() + ", '')) END");
        return Scalar.of(
                "array_to_string(nullif(list_transform(list_filter(" + parts
                        + ", lambda p : p IS NOT NULL), lambda p, i : CASE WHEN i = 1 THEN p.v ELSE p.s || p.v END), []), '')",
                text,
                fails);
    }
}
