package mooncake.query.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// Functions that return rows in the target list: a SELECT below the targets in which they run in lock step, the
/// shorter ones filled up with NULL.
final class TargetRows implements Layer {
    private final ExprSql below;
    private final Exports exports;
    private final Map<Expr.Call, Scalar> calls = new HashMap<>();
    private final List<String> unnested = new ArrayList<>();

    /// @param below expressions over what the functions are called with
    TargetRows(ExprSql below) {
        this.below = below;
        this.exports = new Exports(below.context().name("p"));
    }

    /// The value of a row below, repeated for each row of the functions.
    Scalar export(Scalar value) {
        return exports.add(value);
    }

    @Override
    public @Nullable Scalar find(Expr expr) {
        if (expr instanceof Expr.Call call && call.rows()) {
            return calls.computeIfAbsent(call, this::unnest);
        }
        Scalar computed = below.computed(expr);
        if (computed != null) {
            return exports.add(computed);
        }
        boolean whole = switch (expr) {
            case Expr.Var column -> !GroupSql.isAlias(below.scope().query(), column);
            case Expr.Aggregate _, Expr.Grouping _, Expr.Window _, Expr.SubLink _ -> true;
            default -> false;
        };
        return whole ? exports.add(below.translate(expr)) : null;
    }

    private Scalar unnest(Expr.Call call) {
        RowList list = new SetFunctions(below).list(call, 1);
        if (list.columns().size() != 1) {
            throw Refusal.because("Function %d returns rows of several columns as values.", call.function());
        }
        String name = "u" + (unnested.size() + 1);
        unnested.add("unnest(" + list.sql() + ") AS " + name);
        return Scalar.of(exports.alias() + "." + name, list.columns().getFirst(), false);
    }

    /// FROM for the targets.
    ///
    /// @param body FROM and WHERE of what the functions are called with
    String from(String body) {
        List<String> targets = new ArrayList<>(exports.targets());
        targets.addAll(unnested);
        return " FROM (SELECT " + String.join(", ", targets) + body + ") AS " + exports.alias();
    }
}
