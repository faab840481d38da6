package mooncake.diff;

import java.util.ArrayList;
import java.util.List;

/// Something that is written with arguments and stands in the allow-list.
///
/// @param name the function's
/// @param symbol the operator's, or the type that is cast to
/// @param arguments names of types as in pg_type
/// @param result name of a type
/// @param direct arguments in front of WITHIN GROUP
/// @param fails raises errors for ordinary values
record Callable(
        int oid,
        String name,
        Form form,
        String symbol,
        List<String> arguments,
        String result,
        int direct,
        boolean fails) {
    enum Form {
        FUNCTION,
        OPERATOR,
        CAST,
        AGGREGATE,
        ORDERED_AGGREGATE,
        WINDOW,
        SET
    }

    private static final List<String> ORDER_MATTERS = List.of(
            "array_agg", "string_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "xmlagg");

    /// The call over arguments that are written already.
    String sql(List<String> values) {
        return switch (form) {
            case FUNCTION, WINDOW, SET, AGGREGATE -> "\"" + name + "\"(" + String.join(", ", values) + ")";
            case CAST -> "CAST(" + values.getFirst() + " AS " + symbol + ")";
            case OPERATOR ->
                values.size() == 1
                        ? "(" + symbol + " " + values.getFirst() + ")"
                        : "(" + values.get(0) + " " + symbol + " " + values.get(1) + ")";
            case ORDERED_AGGREGATE ->
                "\"" + name + "\"(" + String.join(", ", values.subList(0, direct)) + ") WITHIN GROUP (ORDER BY "
                        + String.join(", ", values.subList(direct, values.size())) + ")";
        };
    }

    /// The call of an aggregate whose rows come in the order of these columns, where that matters.
    String ordered(List<String> values, List<String> order) {
        if (form != Form.AGGREGATE || !ORDER_MATTERS.contains(name)) {
            return sql(values);
        }
        List<String> all = new ArrayList<>(values);
        String last = all.removeLast();
        all.add(last + " ORDER BY " + String.join(", ", order));
        return sql(all);
    }

    boolean orderMatters() {
        return ORDER_MATTERS.contains(name);
    }

    boolean isScalar() {
        return form == Form.FUNCTION || form == Form.OPERATOR || form == Form.CAST;
    }
}
