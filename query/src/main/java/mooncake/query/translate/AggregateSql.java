package mooncake.query.translate;

import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Refusal;
import mooncake.query.tree.SortKey;
import mooncake.query.tree.Target;
import org.jspecify.annotations.Nullable;

/// Aggregates, on their own and over windows.
final class AggregateSql {
    private final ExprSql expressions;

    AggregateSql(ExprSql expressions) {
        this.expressions = expressions;
    }

    /// How each aggregate that one of Postgres needs is written: DISTINCT, FILTER and OVER around it.
    ///
    /// @param suffix FILTER and OVER
    record Frame(boolean distinct, String suffix, boolean window) {
        String call(String function, String argument) {
            return function + "(" + (distinct ? "DISTINCT " : "") + argument + ")" + suffix;
        }
    }

    Scalar translate(Expr.Aggregate aggregate) {
        FunctionTable.Function function = FunctionTable.aggregate(aggregate.function());
        List<Scalar> args = aggregate.args().stream()
                .filter(target -> !target.junk())
                .map(target -> expressions.translate(target.expr()))
                .toList();
        boolean distinct = !aggregate.distinct().isEmpty();
        if (distinct) {
            requireDistinct(aggregate, args);
        }
        boolean ordered = function.form().equals("@string_agg");
        if (!aggregate.order().isEmpty() && !distinct && !ordered) {
            throw Refusal.because("ORDER BY in an aggregate is not translated.");
        }
        Expr filter = aggregate.filter();
        Scalar condition = filter == null ? null : expressions.translate(filter);
        if (ordered) {
            return stringAggregate(aggregate, args, condition, distinct);
        }
        String suffix = condition == null ? "" : " FILTER (WHERE " + condition.sql() + ")";
        return build(
                function, guarded(args, condition), aggregate.inputCollation(), new Frame(distinct, suffix, false));
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
        if (args.size() != 1 && !aggregate.distinct().isEmpty()) {
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
            if (!(arg.form() instanceof Form.Plain)) {
                throw Refusal.because("Aggregate %s is not translated for such values.", function.signature());
            }
            String name = function.form().substring(0, function.form().indexOf('('));
            return Scalar.of(frame.call(name, arg.sql()), arg.form(), arg.fails());
        }
        return switch (function.rule()) {
            case "count_rows" -> Scalar.of("count(*)" + frame.suffix(), new Form.Plain(Oids.INT8), false);
            case "count" -> count(args.getFirst(), frame);
            case "min_padded" -> padded("min", args.getFirst(), frame);
            case "max_padded" -> padded("max", args.getFirst(), frame);
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
        return Scalar.of(
                new Frame(false, frame.suffix(), frame.window()).call(name, arg.sql() + ", " + key),
                arg.form(),
                arg.fails());
    }

    private static Scalar count(Scalar arg, Frame frame) {
        String sql = frame.distinct() ? Forms.groupKey(arg) : arg.sql();
        return Scalar.of(frame.call("count", sql), new Form.Plain(Oids.INT8), arg.fails());
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

    private Scalar stringAggregate(
            Expr.Aggregate aggregate, List<Scalar> args, @Nullable Scalar condition, boolean distinct) {
        if (aggregate.order().isEmpty() || distinct || args.get(1).literalText() == null) {
            throw Refusal.because("string_agg is translated with an ORDER BY and a constant separator only.");
        }
        StringBuilder order = new StringBuilder();
        for (SortKey key : aggregate.order()) {
            Target target = QuerySql.target(aggregate.args(), key.ref());
            Scalar value = expressions.translate(target.expr());
            order.append(order.isEmpty() ? " ORDER BY " : ", ")
                    .append(Forms.orderKey(
                            value,
                            target.expr().collation(),
                            expressions.context().collations()))
                    .append(QuerySql.direction(key));
        }
        String suffix = condition == null ? "" : " FILTER (WHERE " + condition.sql() + ")";
        List<Scalar> safe = guarded(args, condition);
        return Scalar.of(
                "string_agg(" + safe.get(0).sql() + ", " + args.get(1).sql() + order + ")" + suffix,
                new Form.Plain(Oids.TEXT),
                ExprSql.anyFails(args));
    }
}
