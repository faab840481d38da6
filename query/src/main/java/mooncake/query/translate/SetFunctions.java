package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.RangeEntry;
import mooncake.query.tree.Refusal;

/// Calls of functions that return rows, by the entries of kind `set` in the allow-list: each is a list of DuckDB that
/// is
/// then unnested.
final class SetFunctions {
    /// Text columns of functions like json_each have the default collation.
    private static final int COLLATION_OF_FIELDS = 100;

    private final ExprSql expressions;

    SetFunctions(ExprSql expressions) {
        this.expressions = expressions;
    }

    /// The rows of a call; an expression that is no such function gives one row.
    ///
    /// @param columns how many columns the call has
    RowList list(Expr expr, int columns) {
        if (expr instanceof Expr.Call call && FunctionTable.isSet(call.function())) {
            FunctionTable.Function function = FunctionTable.set(call.function());
            List<Scalar> args = call.args().stream()
                    .map(expressions::translate)
                    .map(SetFunctions::plainScale)
                    .toList();
            RowList list = function.isRule()
                    ? SetRules.apply(function, call, args, expressions.context())
                    : RowList.of(
                            new CallSql(expressions).filled(function, call.inputCollation(), args),
                            expressions.context().form(call.type(), -1),
                            function.fails() || ExprSql.anyFails(args));
            if (list.columns().size() != columns) {
                throw Refusal.because("Function %d returns columns that are not known.", call.function());
            }
            return list;
        }
        if (columns != 1 || (expr instanceof Expr.Call call && call.rows())) {
            throw Refusal.because("A function in FROM is not known to return the same rows in DuckDB.");
        }
        Scalar value = plainScale(expressions.translate(expr));
        return RowList.of("[" + value.sql() + "]", value.form(), value.fails());
    }

    /// A display scale that differs from row to row cannot be kept beside the elements of a list.
    private static Scalar plainScale(Scalar value) {
        return value.form() instanceof Form.Decimal decimal && decimal.shown() != null
                ? Forms.convert(value, new Form.Free())
                : value;
    }

    /// FROM's functions as a SELECT.
    Selected table(RangeEntry.Functions functions) {
        String inner = expressions.context().name("f");
        String outer = expressions.context().name("f");
        List<String> lists = new ArrayList<>();
        List<String> unnested = new ArrayList<>();
        List<String> lengths = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        for (RangeEntry.TableFunction function : functions.functions()) {
            RowList list = list(function.call(), function.columns());
            String name = "l" + (lists.size() + 1);
            lists.add(list.sql() + " AS " + name);
            unnested.add("unnest(" + inner + "." + name + ") AS " + name);
            lengths.add("coalesce(len(" + inner + "." + name + "), 0)");
            boolean single = list.columns().size() == 1;
            for (int i = 1; i <= list.columns().size(); i++) {
                int number = columns.size() + 1;
                targets.add(outer + "." + name + (single ? "" : ".c" + i) + " AS c" + number);
                int collation = single ? function.call().collation() : COLLATION_OF_FIELDS;
                columns.add(new Column(number, list.columns().get(i - 1), collation));
            }
        }
        if (functions.ordinality()) {
            unnested.add("unnest(range(1, 1 + greatest(" + String.join(", ", lengths) + "))) AS o");
            int number = columns.size() + 1;
            targets.add(outer + ".o AS c" + number);
            columns.add(new Column(number, new Form.Plain(Oids.INT8), 0));
        }
        String sql = "SELECT " + String.join(", ", targets) + " FROM (SELECT " + String.join(", ", unnested)
                + " FROM (SELECT " + String.join(", ", lists) + ") AS " + inner + ") AS " + outer;
        return new Selected(sql, columns);
    }
}
