package mooncake.query.translate;

import mooncake.query.tree.Expr;
import mooncake.query.tree.Refusal;
import org.jspecify.annotations.Nullable;

/// A SELECT below the one that expressions are written for, which has computed parts of them already: groups and their
/// aggregates, or the rows of functions in the target list.
interface Layer {
    /// Nothing lies between the expressions and the tables.
    Layer NONE = _ -> null;

    /// The value that the layer has for a whole expression of its own query level; null when the expression is to be
    /// put together from its parts.
    @Nullable
    Scalar find(Expr expr);

    /// How a column by which the rows of this level are ordered is called above the layer.
    default String inputOrder(String column) {
        return column;
    }

    /// A column that the SELECT below computes in addition.
    default String computedBelow(java.util.function.Function<ExprSql, String> sql) {
        throw Refusal.because("A window's frame stands where nothing is computed before it.");
    }

    /// An aggregate over the rows of this query level, asked for here or in a sub-SELECT.
    default Scalar aggregate(Expr.Aggregate aggregate) {
        throw Refusal.because("Aggregate %d stands where nothing is grouped.", aggregate.function());
    }

    default Scalar grouping(Expr.Grouping grouping) {
        throw Refusal.because(
                "GROUPING of %d keys stands where nothing is grouped.",
                grouping.refs().size());
    }
}
