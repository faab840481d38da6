package mooncake.query.translate;

import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Query;
import mooncake.query.tree.Refusal;
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

    /// What the distances of a RANGE are, null where rows or groups are counted.
    private @Nullable Distance distance;

    private enum Distance {
        INTEGER,
        INTERVAL
    }

    WindowFrame(ExprSql expressions, Query.WindowClause window) {
        this.expressions = expressions;
        this.window = window;
        this.options = window.frame();
    }

    /// What the window is ordered by, in a type that holds every value a distance away.
    ///
    /// @param sorted what the value is ordered by elsewhere
    String key(Scalar value, String sorted) {
        if ((options & OFFSETS) == 0 || (options & (ROWS | GROUPS)) != 0) {
            return sorted;
        }
        if (!(value.form() instanceof Form.Plain(int type))) {
            throw Refusal.because("A window's RANGE over such values is not translated.");
        }
        return switch (type) {
            case Oids.INT2, Oids.INT4, Oids.INT8 -> {
                distance = Distance.INTEGER;
                yield "CAST(" + value.sql() + " AS HUGEINT)";
            }
            case Oids.DATE, Oids.TIMESTAMP -> {
                distance = Distance.INTERVAL;
                yield "CAST(" + value.sql() + " AS TIMESTAMP)";
            }
            default -> throw Refusal.because("A window's RANGE over values of type %d is not translated.", type);
        };
    }

    /// @param keys PARTITION BY and ORDER BY
    WindowOver over(String keys, boolean unordered) {
        String mode = (options & ROWS) != 0 ? "ROWS" : (options & GROUPS) != 0 ? "GROUPS" : "RANGE";
        if (mode.equals("GROUPS") && unordered) {
            throw Refusal.because("A window's GROUPS without ORDER BY is not translated.");
        }
        String start = bound(
                START_UNBOUNDED_PRECEDING,
                START_CURRENT_ROW,
                START_OFFSET_PRECEDING,
                START_OFFSET_FOLLOWING,
                "UNBOUNDED PRECEDING",
                window.start());
        String end = bound(
                END_UNBOUNDED_FOLLOWING,
                END_CURRENT_ROW,
                END_OFFSET_PRECEDING,
                END_OFFSET_FOLLOWING,
                "UNBOUNDED FOLLOWING",
                window.end());
        WindowOver.Exclusion excluded = (options & EXCLUDE_CURRENT_ROW) != 0
                ? WindowOver.Exclusion.CURRENT_ROW
                : (options & EXCLUDE_GROUP) != 0
                        ? WindowOver.Exclusion.GROUP
                        : (options & EXCLUDE_TIES) != 0 ? WindowOver.Exclusion.TIES : WindowOver.Exclusion.NO_OTHERS;
        return new WindowOver(keys, mode, start, end, excluded);
    }

    private String bound(
            int unbounded, int current, int preceding, int following, String unboundedText, @Nullable Expr offset) {
        if ((options & unbounded) != 0) {
            return unboundedText;
        }
        if ((options & current) != 0) {
            return "CURRENT ROW";
        }
        if (offset == null || (options & (preceding | following)) == 0) {
            throw Refusal.because("A window's frame is not known.");
        }
        return offset(expressions.translate(offset)) + ((options & preceding) != 0 ? " PRECEDING" : " FOLLOWING");
    }

    private String offset(Scalar offset) {
        String text = offset.literalText();
        if (text == null) {
            throw Refusal.because("A window's offset is translated for constants only.");
        }
        if (distance == Distance.INTERVAL) {
            if (text.contains("-") || text.contains("infinity")) {
                throw Refusal.because("A window's RANGE over a negative or endless interval is not translated.");
            }
            return offset.sql();
        }
        if (!(offset.form() instanceof Form.Plain(int type)) || !isInteger(type)) {
            throw Refusal.because("A window's offset is no integer.");
        }
        String duckType = distance == Distance.INTEGER ? "HUGEINT" : "BIGINT";
        return text.startsWith("-")
                ? "CAST(mc_frame(CAST(" + offset.sql() + " AS BIGINT)) AS " + duckType + ")"
                : "CAST('" + Long.parseLong(text) + "' AS " + duckType + ")";
    }

    private static boolean isInteger(int type) {
        return type == Oids.INT2 || type == Oids.INT4 || type == Oids.INT8;
    }
}
