package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;
import org.jspecify.annotations.Nullable;

/// Rows of functions over values that are held as text.
final class Rows {
    static final String TEXT = "VARCHAR";
    static final String TEXTS = "VARCHAR[]";
    static final String INTEGER = "INTEGER";
    static final String INTEGERS = "INTEGER[]";
    static final String BOOLEAN = "BOOLEAN";

    private Rows() {}

    /// Computes a text or NULL from arguments of which each may be NULL.
    interface TextBody {
        @Nullable
        String apply(DuckVector[] in, int row);
    }

    interface NumberBody {
        @Nullable
        Integer apply(DuckVector[] in, int row);
    }

    interface TruthBody {
        @Nullable
        Boolean apply(DuckVector[] in, int row);
    }

    interface ListBody {
        List<@Nullable String> apply(DuckVector[] in, int row);
    }

    /// The text of an argument, null for NULL.
    static @Nullable String text(DuckVector vector, int row) {
        return vector.isValid(row) ? vector.getString(row) : null;
    }

    /// A function whose null arguments make null results; so does a body that gives null.
    static ExactFunction text(String name, List<String> arguments, TextBody body) {
        return ExactFunction.ofRows(name, arguments, TEXT, (in, row, out) -> put(out, row, body.apply(in, row)));
    }

    /// The same with a body that looks at nulls itself.
    static ExactFunction nullableText(String name, List<String> arguments, TextBody body) {
        return ExactFunction.ofAllRows(name, arguments, TEXT, (in, row, out) -> put(out, row, body.apply(in, row)));
    }

    static ExactFunction number(String name, List<String> arguments, NumberBody body) {
        return ExactFunction.ofRows(name, arguments, INTEGER, (in, row, out) -> put(out, row, body.apply(in, row)));
    }

    static ExactFunction nullableNumber(String name, List<String> arguments, NumberBody body) {
        return ExactFunction.ofAllRows(name, arguments, INTEGER, (in, row, out) -> put(out, row, body.apply(in, row)));
    }

    static ExactFunction truth(String name, List<String> arguments, TruthBody body) {
        return ExactFunction.ofRows(name, arguments, BOOLEAN, (in, row, out) -> put(out, row, body.apply(in, row)));
    }

    static ExactFunction nullableTruth(String name, List<String> arguments, TruthBody body) {
        return ExactFunction.ofAllRows(name, arguments, BOOLEAN, (in, row, out) -> put(out, row, body.apply(in, row)));
    }

    /// A function that makes a list of texts; null arguments make null results.
    static ExactFunction texts(String name, List<String> arguments, ListBody body) {
        return new ExactFunction(name, arguments, TEXTS, (in, rows, out) -> {
            List<@Nullable String> all = new ArrayList<>();
            VectorFunction.eachRow(in, rows, out, row -> {
                List<@Nullable String> list = body.apply(in, row);
                out.setList(row, all.size(), list.size());
                all.addAll(list);
            });
            WritableVector elements = out.elements(all.size());
            for (int i = 0; i < all.size(); i++) {
                put(elements, i, all.get(i));
            }
        });
    }

    static void put(WritableVector out, int row, @Nullable String value) {
        if (value == null) {
            out.setNull(row);
        } else {
            out.setString(row, value);
        }
    }

    private static void put(WritableVector out, int row, @Nullable Integer value) {
        if (value == null) {
            out.setNull(row);
        } else {
            out.setInt(row, value);
        }
    }

    private static void put(WritableVector out, int row, @Nullable Boolean value) {
        if (value == null) {
            out.setNull(row);
        } else {
            out.setBoolean(row, value);
        }
    }

    /// A list argument's elements.
    static List<@Nullable String> list(DuckVector vector, DuckVector elements, int row) {
        List<@Nullable String> list = new ArrayList<>();
        int from = vector.listOffset(row);
        for (int i = 0; i < vector.listLength(row); i++) {
            list.add(text(elements, from + i));
        }
        return list;
    }

    static List<@Nullable String> list(DuckVector vector, int row) {
        return list(vector, vector.elements(), row);
    }

    /// A list of integers, null when one of them is.
    static int @Nullable [] integers(DuckVector vector, int row) {
        DuckVector elements = vector.elements();
        int[] integers = new int[vector.listLength(row)];
        for (int i = 0; i < integers.length; i++) {
            int at = vector.listOffset(row) + i;
            if (!elements.isValid(at)) {
                return null;
            }
            integers[i] = elements.getInt(at);
        }
        return integers;
    }
}
