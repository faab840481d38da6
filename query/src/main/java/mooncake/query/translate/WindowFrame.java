package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Query;
import mooncake.query.tree.Refusal;
import mooncake.query.tree.SortKey;
import mooncake.query.tree.Target;
import org.jspecify.annotations.Nullable;

/// Which rows around the current one a window function sees: ROWS, RANGE and GROUPS.
final class WindowFrame {
    private static final int ROWS = 0x00004;
    private static final int GROUPS = 0x00008;
    private static final int START_UNBOUNDED_PRECEDING = 0x00020;
    private static final int END_UNBOUNDED_FOLLOWING = 0x00100;
    private static final int START_CURRENT_ROW = 0x00200;
    private static final int END_CURRENT_ROW = 0x00400;
    private static final int START_OFFSET_PRECEDING = 0x00800;
    private static final int END_OFFSET_PRECEDING = 0x01000;
    private static final int START_OFFSET_FOLLOWING = 0x02000;
    private static final int END_OFFSET_FOLLOWING = 0x04000;
    private static final int EXCLUDE_CURRENT_ROW = 0x08000;
    private static final int EXCLUDE_GROUP = 0x10000;
    private static final int EXCLUDE_TIES = 0x20000;
    private static final int OFFSETS =
            START_OFFSET_PRECEDING | END_OFFSET_PRECEDING | START_OFFSET_FOLLOWING | END_OFFSET_FOLLOWING;

    private final ExprSql expressions;
    private final Query.WindowClause window;
    private final int options;

    WindowFrame(ExprSql expressions, Query.WindowClause window) {
        this.expressions = expressions;
        this.window = window;
        this.options = window.frame();
    }

    static boolean isRangeOfOffsets(Query.WindowClause window) {
        return (window.frame() & OFFSETS) != 0 && (window.frame() & (ROWS | GROUPS)) == 0;
    }

    WindowOver over() {
        if (!isRangeOfOffsets(window)) {
            return counted(keys(expressions), "BIGINT");
        }
        SortKey key = window.order().getFirst();
        Scalar value = expressions.translate(
                QuerySql.target(expressions.scope().query().targets(), key.ref())
                        .expr());
        boolean integer = value.form() instanceof Form.Plain(int type) && isInteger(type);
        if (!integer || isBroken()) {
            return new RangeFrame(this, expressions, window).over(exclusion());
        }
        String order = "CAST(" + value.sql() + " AS HUGEINT)" + QuerySql.direction(key);
        return counted(WindowOver.keys(partition(expressions), List.of(order)), "HUGEINT");
    }

    /// DuckDB takes too few rows of those that sort like the current one into such a frame of RANGE when its offset is
    /// 0.
    boolean isBroken() {
        return (options & START_UNBOUNDED_PRECEDING) != 0 && isEndPreceding();
    }

    boolean isStartPreceding() {
        return (options & START_OFFSET_PRECEDING) != 0;
    }

    boolean isEndPreceding() {
        return (options & END_OFFSET_PRECEDING) != 0;
    }

    List<String> partition(ExprSql expressions) {
        List<String> partition = new ArrayList<>();
        for (SortKey key : window.partition()) {
            FunctionTable.requireEquality(key.equality());
            Target target = QuerySql.target(expressions.scope().query().targets(), key.ref());
            if (target.expr().collation() != 0) {
                expressions.context().collations().requireEquality(target.expr().collation());
            }
            partition.add(Forms.groupKey(expressions.translate(target.expr())));
        }
        return partition;
    }

    String keys(ExprSql expressions) {
        List<String> order = new ArrayList<>();
        for (SortKey key : window.order()) {
            Target target = QuerySql.target(expressions.scope().query().targets(), key.ref());
            Scalar value = expressions.translate(target.expr());
            String sorted = Forms.orderKey(
                    value, target.expr().collation(), expressions.context().collations());
            order.add(sorted + QuerySql.direction(key));
        }
        return WindowOver.keys(partition(expressions), order);
    }

    /// A frame whose offsets are integers.
    ///
    /// @param keys PARTITION BY and ORDER BY
    /// @param type of the offsets
    private WindowOver counted(String keys, String type) {
        String mode = (options & ROWS) != 0 ? "ROWS" : (options & GROUPS) != 0 ? "GROUPS" : "RANGE";
        if (mode.equals("GROUPS") && window.order().isEmpty()) {
            throw Refusal.because("A window's GROUPS without ORDER BY is not translated.");
        }
        Expr start = window.start();
        Expr end = window.end();
        return new WindowOver(
                keys,
                mode,
                start(start == null ? null : offset(start, type, "starting", isStartPreceding())),
                end(end == null ? null : offset(end, type, "ending", isEndPreceding())),
                exclusion());
    }

    /// @param offset with its direction, where the frame begins at one
    String start(@Nullable String offset) {
        return bound(
                START_UNBOUNDED_PRECEDING,
                START_CURRENT_ROW,
                START_OFFSET_PRECEDING | START_OFFSET_FOLLOWING,
                WindowOver.UNBOUNDED_PRECEDING,
                offset);
    }

    /// @param offset with its direction, where the frame ends at one
    String end(@Nullable String offset) {
        return bound(
                END_UNBOUNDED_FOLLOWING,
                END_CURRENT_ROW,
                END_OFFSET_PRECEDING | END_OFFSET_FOLLOWING,
                WindowOver.UNBOUNDED_FOLLOWING,
                offset);
    }

    private String bound(int unbounded, int current, int offsets, String unboundedText, @Nullable String offset) {
        if ((options & unbounded) != 0) {
            return unboundedText;
        }
        if ((options & current) != 0) {
            return "CURRENT ROW";
        }
        if (offset == null || (options & offsets) == 0) {
            throw Refusal.because("A window's frame is not known.");
        }
        return offset;
    }

    private WindowOver.Exclusion exclusion() {
        return (options & EXCLUDE_CURRENT_ROW) != 0
                ? WindowOver.Exclusion.CURRENT_ROW
                : (options & EXCLUDE_GROUP) != 0
                        ? WindowOver.Exclusion.GROUP
                        : (options & EXCLUDE_TIES) != 0 ? WindowOver.Exclusion.TIES : WindowOver.Exclusion.NO_OTHERS;
    }

    private String offset(Expr expr, String duckType, String side, boolean preceding) {
        Scalar offset = expressions.translate(expr);
        if (!(offset.form() instanceof Form.Plain(int type)) || !isInteger(type)) {
            throw Refusal.because("A window's offset is no integer.");
        }
        String text = offset.literalText();
        String sql = text != null && !text.startsWith("-")
                ? "CAST('" + Long.parseLong(text) + "' AS " + duckType + ")"
                : "CAST(mc_frame(CAST(" + offset.sql() + " AS BIGINT), '" + side + "') AS " + duckType + ")";
        return sql + (preceding ? " PRECEDING" : " FOLLOWING");
    }

    private static boolean isInteger(int type) {
        return type == Oids.INT2 || type == Oids.INT4 || type == Oids.INT8;
    }
}
