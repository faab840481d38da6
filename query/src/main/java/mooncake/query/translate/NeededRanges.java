package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.model.ColumnRange;
import mooncake.query.frame.Value;
import mooncake.query.tree.Expr;
import mooncake.query.tree.Oids;
import org.jspecify.annotations.Nullable;

/// Reads from a condition which rows of mirrors cannot be in the answer, by the range of one column, so that files
/// without others are not opened. The condition itself stays in the SQL: a range that is missed costs time only.
///
/// A comparison is never true of null. So rows outside of a range can be left out also below an outer join: what would
/// have been joined with them is then joined with nulls, which the condition leaves out too.
final class NeededRanges {
    private final Scope scope;

    private NeededRanges(Scope scope) {
        this.scope = scope;
    }

    /// Notes what a translated WHERE, or the ON of an inner join, says of the scope's mirrors.
    static void note(Scope scope, Expr condition) {
        NeededRanges ranges = new NeededRanges(scope);
        ExprSql.flatten(condition).forEach(ranges::part);
    }

    private void part(Expr part) {
        switch (part) {
            case Expr.Call call
            when call.args().size() == 2 ->
                comparison(call, call.args().get(0), call.args().get(1));
            case Expr.ArrayTest test when test.any() -> list(test);
            default -> {
                // Nothing is known.
            }
        }
    }

    private void comparison(Expr.Call call, Expr left, Expr right) {
        String operator = CallSql.plainOperator(FunctionTable.scalar(call.function()));
        if (operator == null) {
            return;
        }
        if (right instanceof Expr.Param param) {
            compared(left, operator, scope.context().value(param.number()));
        } else if (left instanceof Expr.Param param) {
            compared(right, CallSql.mirrored(operator), scope.context().value(param.number()));
        }
    }

    private void compared(Expr column, String operator, Value value) {
        Scope.MirrorColumn found = find(column);
        Long count = found == null ? null : count(found.kind(), value);
        if (found == null || count == null) {
            return;
        }
        switch (operator) {
            case "=" -> need(found, count, count);
            case "<", "<=" -> need(found, Long.MIN_VALUE, count);
            case ">", ">=" -> need(found, count, Long.MAX_VALUE);
            default -> {
                // All but one value.
            }
        }
    }

    private void list(Expr.ArrayTest test) {
        Scope.MirrorColumn found = find(test.left());
        if (found == null || !"=".equals(CallSql.plainOperator(FunctionTable.scalar(test.function())))) {
            return;
        }
        List<Value> elements = elements(test.array());
        long low = Long.MAX_VALUE;
        long high = Long.MIN_VALUE;
        for (Value element : elements) {
            Long count = count(found.kind(), element);
            if (count == null) {
                return;
            }
            low = Math.min(low, count);
            high = Math.max(high, count);
        }
        if (!elements.isEmpty()) {
            need(found, low, high);
        }
    }

    /// The listed values without nulls, none when they are not all known.
    private List<Value> elements(Expr array) {
        List<Value> elements = new ArrayList<>();
        switch (array) {
            case Expr.Array list -> {
                for (Expr element : list.elements()) {
                    if (!(element instanceof Expr.Param param)) {
                        return List.of();
                    }
                    elements.add(scope.context().value(param.number()));
                }
            }
            case Expr.Param param -> {
                Value value = scope.context().value(param.number());
                int type = Oids.elementOf(value.type());
                if (value.text() == null || type == 0 || !value.text().startsWith("{")) {
                    return List.of();
                }
                Literals.elements(value.text()).forEach(text -> elements.add(new Value(type, -1, true, text)));
            }
            default -> {
                return List.of();
            }
        }
        elements.removeIf(element -> element.known() && element.text() == null);
        return elements;
    }

    private Scope.@Nullable MirrorColumn find(Expr expr) {
        return switch (expr) {
            case Expr.Var column -> scope.mirrorColumn(column);
            case Expr.Relabel relabel when kind(relabel.type()) != null -> find(relabel.arg());
            default -> null;
        };
    }

    private void need(Scope.MirrorColumn column, long low, long high) {
        scope.context().need(column.use(), new ColumnRange(column.attribute(), column.kind(), low, high));
    }

    static ColumnRange.@Nullable Kind kind(int type) {
        return switch (type) {
            case Oids.INT2, Oids.INT4, Oids.INT8 -> ColumnRange.Kind.INTEGER;
            case Oids.DATE -> ColumnRange.Kind.DATE;
            case Oids.TIMESTAMP -> ColumnRange.Kind.TIMESTAMP;
            case Oids.TIMESTAMPTZ -> ColumnRange.Kind.TIMESTAMP_WITH_ZONE;
            default -> null;
        };
    }

    private static @Nullable Long count(ColumnRange.Kind kind, Value value) {
        String text = value.text();
        if (text == null || !value.known() || kind(value.type()) != kind) {
            return null;
        }
        return switch (kind) {
            case INTEGER -> Long.parseLong(text);
            case DATE -> (long) DateTimes.parseDate(text);
            case TIMESTAMP, TIMESTAMP_WITH_ZONE -> DateTimes.parseTimestamp(text);
        };
    }
}
