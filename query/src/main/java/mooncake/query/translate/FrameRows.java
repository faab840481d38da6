package mooncake.query.translate;

import java.util.function.Function;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Query;
import org.jspecify.annotations.Nullable;

/// A SELECT below the one with the windows, which computes where their frames of RANGE begin and end, for values that
/// DuckDB does not measure distances between as Postgres does.
final class FrameRows implements Layer {
    private final ExprSql below;
    private final Exports exports;

    /// @param below expressions over the rows of the windows
    FrameRows(ExprSql below) {
        this.below = below;
        this.exports = new Exports(below.context().name("f"));
    }

    static boolean isNeeded(Query query) {
        return query.windows().stream().anyMatch(WindowFrame::isRangeOfOffsets);
    }

    /// The column here for a value below.
    Scalar export(Scalar value) {
        return exports.add(value);
    }

    @Override
    public @Nullable Scalar find(Expr expr) {
        Scalar computed = below.computed(expr);
        if (computed != null) {
            return exports.add(computed);
        }
        boolean whole = switch (expr) {
            case Expr.Var column -> !GroupSql.isAlias(below.scope().query(), column);
            case Expr.Aggregate _, Expr.Grouping _, Expr.SubLink _ -> true;
            default -> false;
        };
        return whole ? exports.add(below.translate(expr)) : null;
    }

    @Override
    public String computedBelow(Function<ExprSql, String> sql) {
        return exports.addRaw(sql.apply(below));
    }

    /// FROM for the SELECT with the windows.
    ///
    /// @param body FROM and WHERE of the rows
    String from(String body) {
        String targets = exports.targets().isEmpty() ? "1 AS c0" : String.join(", ", exports.targets());
        return " FROM (SELECT " + targets + body + ") AS " + exports.alias();
    }
}
