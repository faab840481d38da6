package mooncake.query.translate;

import java.util.Set;
import java.util.regex.Pattern;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;

/// Arithmetic of integers where DuckDB would rearrange it: `i + 1 > 0` becomes `i > -1`, and `sum(i + 1)` a sum of `i`,
/// which no longer fails for the greatest integer.
final class IntegerSql {
    private static final Pattern ARITHMETIC = Pattern.compile("\\((?!CASE |COALESCE).*\\)", Pattern.DOTALL);

    /// Sums and differences of smallint and integer.
    private static final Set<Integer> MIXED = Set.of(178, 179, 182, 183);

    private IntegerSql() {}

    /// A value as it is computed, in a form that is not rearranged.
    static String kept(Scalar value) {
        if (!(value.form() instanceof Form.Plain(int type)) || value.literal() != null) {
            return value.sql();
        }
        String duckType = switch (type) {
            case Oids.INT2 -> "SMALLINT";
            case Oids.INT4 -> "INTEGER";
            case Oids.INT8 -> "BIGINT";
            default -> "";
        };
        return duckType.isEmpty() || !ARITHMETIC.matcher(value.sql()).matches()
                ? value.sql()
                : "(" + value.sql() + " | CAST(0 AS " + duckType + "))";
    }

    /// Whether an expression cannot leave the range of its type: a smallint and a constant added as integers.
    static boolean isSmall(Expr expr, Context context) {
        return expr instanceof Expr.Call call
                && MIXED.contains(call.function())
                && call.args().stream().allMatch(arg -> arg.type() == Oids.INT2 || isSmallConstant(arg, context));
    }

    private static boolean isSmallConstant(Expr expr, Context context) {
        if (!(expr instanceof Expr.Param param)) {
            return false;
        }
        String text = context.value(param.number()).text();
        return text == null || Math.abs(Long.parseLong(text)) <= Integer.MAX_VALUE - (1 << 16);
    }
}
