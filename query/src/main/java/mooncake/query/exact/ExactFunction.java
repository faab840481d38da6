package mooncake.query.exact;

import java.nio.charset.StandardCharsets;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;

/// A function of SQL by its parts; null arguments make null results.
record ExactFunction(String name, List<String> argumentTypes, String resultType, Body body) implements VectorFunction {

    /// Computes all rows of a call.
    interface Body {
        void apply(DuckVector[] arguments, int rows, WritableVector out);
    }

    /// Computes one row.
    interface Row {
        void apply(int row);
    }

    @Override
    public void apply(DuckVector[] arguments, int rows, WritableVector out) {
        body.apply(arguments, rows, out);
    }

    static void eachRow(DuckVector[] arguments, int rows, WritableVector out, Row body) {
        VectorFunction.eachRow(arguments, rows, out, body::apply);
    }

    static byte[] bytes(DuckVector vector, int row) {
        return vector.getBytes(row).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
