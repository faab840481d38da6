package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Query;
import mooncake.query.tree.Refusal;
import mooncake.query.tree.SortKey;

/// A frame of RANGE between values at a distance from the current row's, other than integers. A SELECT below finds the
/// positions at which it begins and ends; then the window is ordered by the position of each row's first peer.
final class RangeFrame {
    private static final int TAIL = 1;
    private static final int BACK = 2;
    private static final int LESS = 4;
    private static final int NULLS_FIRST = 8;
    private static final int STEPWISE = 16;

    private final WindowFrame frame;
    private final ExprSql expressions;
    private final Query.WindowClause window;
    private final SortKey key;

    /// The current row's first peer.
    private final String peer;

    /// What the function that finds an edge is called, and how it takes the values and the distance.
    private record Measure(String function, String value, String distance, String zone) {}

    RangeFrame(WindowFrame frame, ExprSql expressions, Query.WindowClause window) {
        this.frame = frame;
        this.expressions = expressions;
        this.window = window;
        this.key = window.order().getFirst();
        this.peer = expressions.computedBelow(below -> "rank() OVER (" + frame.keys(below) + ")");
    }

    WindowOver over(WindowOver.Exclusion excluded) {
        String keys = WindowOver.keys(frame.partition(expressions), List.of(peer + " ASC"));
        Expr start = window.start();
        Expr end = window.end();
        return new WindowOver(
                keys,
                "RANGE",
                frame.isBroken() ? "(" + peer + " - 1) PRECEDING" : frame.start(start == null ? null : start(start)),
                frame.end(end == null ? null : end(end)),
                excluded);
    }

    private String start(Expr offset) {
        boolean preceding = frame.isStartPreceding();
        String head = edge(offset, preceding, false);
        return preceding ? "(" + peer + " - " + head + ") PRECEDING" : "(" + head + " - " + peer + ") FOLLOWING";
    }

    private String end(Expr offset) {
        boolean preceding = frame.isEndPreceding();
        String last = "(" + edge(offset, preceding, true) + " - 1)";
        return preceding
                ? "greatest(" + peer + " - " + last + ", 0) PRECEDING"
                : "(" + last + " - " + peer + ") FOLLOWING";
    }

    /// The position of the frame's first row, or of the one behind its last.
    private String edge(Expr offset, boolean preceding, boolean tail) {
        boolean descending = FunctionTable.isDescending(key.sort());
        return expressions.computedBelow(below -> {
            Scalar value = below.translate(
                    QuerySql.target(below.scope().query().targets(), key.ref()).expr());
            Scalar distance = below.translate(offset);
            Measure measure = measure(value, distance, below.context());
            int bits = (tail ? TAIL : 0)
                    | (preceding == descending ? 0 : BACK)
                    | (tail == descending ? 0 : LESS)
                    | (key.nullsFirst() ? NULLS_FIRST : 0)
                    | (measure.function().startsWith("mc_edge_timestamp") && !isEven(distance, measure, below.context())
                            ? STEPWISE
                            : 0);
            String keys = frame.keys(below);
            List<String> args = new ArrayList<>();
            args.add("list(" + measure.value() + ")" + WindowOver.whole(keys));
            args.add("rank() OVER (" + keys + ")");
            args.add(measure.distance());
            args.add("CAST(" + bits + " AS INTEGER)");
            if (!measure.zone().isEmpty()) {
                args.add(measure.zone());
            }
            return measure.function() + "(" + String.join(", ", args) + ")";
        });
    }

    private static Measure measure(Scalar value, Scalar distance, Context context) {
        if (Forms.isNumeric(value.form()) && Forms.isNumeric(distance.form())) {
            return new Measure("mc_edge_numeric", Forms.free(value), Forms.free(distance), "");
        }
        if (!(value.form() instanceof Form.Plain(int type)) || !(distance.form() instanceof Form.Plain)) {
            throw Refusal.because("A window's RANGE over such values is not translated.");
        }
        String sql = value.sql();
        String by = distance.sql();
        return switch (type) {
            case Oids.INT2, Oids.INT4, Oids.INT8 ->
                new Measure("mc_edge_numeric", "CAST(" + sql + " AS VARCHAR)", "CAST(" + by + " AS VARCHAR)", "");
            case Oids.FLOAT4, Oids.FLOAT8 -> new Measure("mc_edge_f8", "CAST(" + sql + " AS DOUBLE)", by, "");
            case Oids.TIME -> new Measure("mc_edge_time", sql, by, "");
            case Oids.INTERVAL -> new Measure("mc_edge_interval", sql, by, "");
            case Oids.DATE -> new Measure("mc_edge_timestamp", "mc_date_timestamp(" + sql + ")", by, "");
            case Oids.TIMESTAMP -> new Measure("mc_edge_timestamp", sql, by, "");
            case Oids.TIMESTAMPTZ -> new Measure("mc_edge_timestamptz", sql, by, context.zoneLiteral());
            default -> throw Refusal.because("A window's RANGE over values of type %d is not translated.", type);
        };
    }

    /// Whether a later moment always has a later one at this distance. Of months, and of days in a time zone, the same
    /// number may be of different lengths.
    private static boolean isEven(Scalar distance, Measure measure, Context context) {
        if (distance.isNullLiteral()) {
            return true;
        }
        String text = distance.literalText();
        if (text == null) {
            context.noteLateRefusal();
            return false;
        }
        DateTimes.Interval parts = DateTimes.parseInterval(text);
        if (parts.size().signum() < 0) {
            return true;
        }
        if (parts.months() < 0 || parts.days() < 0 || parts.micros() < 0) {
            throw Refusal.because("A window's RANGE over an interval with a negative part is not translated.");
        }
        return parts.months() == 0 && (parts.days() == 0 || measure.zone().isEmpty());
    }
}
