package mooncake.query.translate;

import java.util.ArrayList;
import java.util.List;
import mooncake.model.ColumnRange;
import mooncake.model.ColumnRange.Bound;
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
        String operator = operator(call.function(), call.inputCollation());
        if (operator == null) {
            return;
        }
        if (right instanceof Expr.Param param) {
            compared(left, operator, scope.context().value(param.number()));
        } else if (left instanceof Expr.Param param) {
            compared(right, CallSql.mirrored(operator), scope.context().value(param.number()));
        }
    }

    /// Null when it is none, or compares texts in another order than that of their bytes.
    private @Nullable String operator(int function, int collation) {
        FunctionTable.Function called = FunctionTable.scalar(function);
        String operator = CallSql.plainOperator(called);
        boolean ordered = !called.needs().contains("order")
                || scope.context().collations().isBinary(collation);
        return ordered ? operator : null;
    }

    private void compared(Expr expr, String operator, Value value) {
        Bound bound = bound(value);
        if (bound == null) {
            return;
        }
        for (Scope.MirrorColumn column : find(expr)) {
            switch (operator) {
                case "=" -> need(column, value, bound, bound);
                case "<", "<=" -> need(column, value, Bound.LEAST, bound);
                case ">", ">=" -> need(column, value, bound, Bound.GREATEST);
                default -> {
                    // All but one value.
                }
            }
        }
    }

    private void list(Expr.ArrayTest test) {
        List<Scope.MirrorColumn> columns = find(test.left());
        if (columns.isEmpty() || !"=".equals(operator(test.function(), test.inputCollation()))) {
            return;
        }
        List<Value> elements = elements(test.array());
        Bound low = Bound.GREATEST;
        Bound high = Bound.LEAST;
        for (Value element : elements) {
            Bound bound = bound(element);
            if (bound == null) {
                return;
            }
            low = low.orLess(bound);
            high = high.orMore(bound);
        }
        if (!elements.isEmpty()) {
            for (Scope.MirrorColumn column : columns) {
                need(column, elements.getFirst(), low, high);
            }
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

    private List<Scope.MirrorColumn> find(Expr expr) {
        return switch (expr) {
            case Expr.Var column -> scope.mirrorColumns(column);
            case Expr.Relabel relabel when kind(relabel.type()) != null -> find(relabel.arg());
            default -> List.of();
        };
    }

    /// @param compared a value of those that the column is compared with
    private void need(Scope.MirrorColumn column, Value compared, Bound low, Bound high) {
        if (kind(compared.type()) == column.kind()) {
            scope.context().need(column.use(), new ColumnRange(column.attribute(), column.kind(), low, high));
        }
    }

    static ColumnRange.@Nullable Kind kind(int type) {
        return switch (type) {
            case Oids.INT2, Oids.INT4, Oids.INT8 -> ColumnRange.Kind.INTEGER;
            case Oids.DATE -> ColumnRange.Kind.DATE;
            case Oids.TIMESTAMP -> ColumnRange.Kind.TIMESTAMP;
            case Oids.TIMESTAMPTZ -> ColumnRange.Kind.TIMESTAMP_WITH_ZONE;
            case Oids.NUMERIC -> ColumnRange.Kind.NUMERIC;
            case Oids.TEXT, Oids.VARCHAR -> ColumnRange.Kind.TEXT;
            case Oids.UUID -> ColumnRange.Kind.UUID;
            default -> null;
        };
    }

    private static @Nullable Bound bound(Value value) {
        ColumnRange.Kind kind = kind(value.type());
        String text = value.text();
        if (kind == null || text == null || !value.known() || value.error() != null) {
            return null;
        }
        return switch (kind) {
            case INTEGER -> Bound.of(Long.parseLong(text));
            case DATE -> Bound.of(DateTimes.parseDate(text));
            case TIMESTAMP, TIMESTAMP_WITH_ZONE -> Bound.of(DateTimes.parseTimestamp(text));
            case NUMERIC -> Bound.ofNumeric(text);
            case TEXT -> Bound.ofText(text);
            case UUID -> Bound.ofUuid(text);
        };
    }
}
