package mooncake.query.translate;

import mooncake.query.tree.Expr;
import mooncake.query.tree.Query;
import org.jspecify.annotations.Nullable;

/// LIMIT, OFFSET and FETCH FIRST. Their counts are any expressions over no row of the query.
final class LimitSql {
    /// The largest count that DuckDB takes is twice this; no result has so many rows.
    private static final long MAX = 1L << 61;

    private final boolean withTies;
    private final @Nullable Scalar limit;
    private final @Nullable Scalar offset;
    private final boolean outer;

    LimitSql(Query query, ExprSql expressions) {
        int before = expressions.context().outerUses();
        this.withTies = query.withTies();
        this.limit = count(query.limit(), expressions);
        this.offset = count(query.offset(), expressions);
        this.outer = expressions.context().outerUses() > before;
    }

    private static @Nullable Scalar count(@Nullable Expr expr, ExprSql expressions) {
        Scalar count = expr == null ? null : expressions.translate(expr);
        return count == null || count.isNullLiteral() ? null : count;
    }

    /// Whether the rows have to be numbered to be counted: DuckDB knows no ties, and takes no count from an outer
    /// query.
    boolean isNumbered() {
        return (limit != null && withTies) || outer;
    }

    /// The clauses for a query whose rows are not numbered.
    String clauses() {
        return clause(" LIMIT ", limit, limit()) + clause(" OFFSET ", offset, offset());
    }

    private static String clause(String keyword, @Nullable Scalar count, String checked) {
        if (count == null) {
            return "";
        }
        String text = count.literalText();
        boolean plain = text != null && !text.startsWith("-") && Long.parseLong(text) <= MAX;
        return keyword + (plain ? text : checked);
    }

    /// The condition on rows by their number and their rank in the order asked for, both from 1.
    String condition(String number, String rank) {
        String from = offset();
        if (limit == null) {
            return number + " > " + from;
        }
        String end = from + " + " + limit();
        return number + " > " + from + " AND " + limit() + " > 0 AND " + (withTies ? rank : number) + " <= " + end;
    }

    private String limit() {
        return limit == null ? Long.toString(MAX) : checked("mc_limit", limit, MAX);
    }

    private String offset() {
        return offset == null ? "0" : checked("mc_offset", offset, 0);
    }

    private static String checked(String function, Scalar count, long absent) {
        return "least(coalesce(" + function + "(CAST(" + count.sql() + " AS BIGINT)), " + absent + "), " + MAX + ")";
    }
}
