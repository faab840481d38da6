package mooncake.query.exact;

import java.nio.charset.StandardCharsets;
import java.util.List;
import mooncake.duckdb.DuckVector;
import mooncake.duckdb.VectorFunction;
import mooncake.duckdb.WritableVector;

/// A function of SQL by its parts.
record ExactFunction(String name, List<String> argumentTypes, String resultType, Nulls nulls, Body body)
        implements VectorFunction {
    /// A function whose null arguments make null results.
    ExactFunction(String name, List<String> argumentTypes, String resultType, Body body) {
        this(name, argumentTypes, resultType, Nulls.PROPAGATE, body);
    }

    /// Computes all rows of a call.
    interface Body {
        void apply(DuckVector[] arguments, int rows, WritableVector out);
    }

    /// Computes one row, whose arguments are all present.
    interface Row {
        void apply(DuckVector[] arguments, int row, WritableVector out);
    }

    /// A function whose rows are computed one by one, with nothing kept between them.
    static ExactFunction ofRows(String name, List<String> argumentTypes, String resultType, Row body) {
        return new ExactFunction(
                name,
                argumentTypes,
                resultType,
                (in, rows, out) -> VectorFunction.eachRow(in, rows, out, row -> body.apply(in, row, out)));
    }

    /// The same for a function that looks at nulls itself.
    static ExactFunction ofAllRows(String name, List<String> argumentTypes, String resultType, Row body) {
        return new ExactFunction(name, argumentTypes, resultType, Nulls.HANDLED, (in, rows, out) -> {
            for (int row = 0; row < rows; row++) {
                body.apply(in, row, out);
            }
        });
    }

    @Override
    public void apply(DuckVector[] arguments, int rows, WritableVector out) {
        body.apply(arguments, rows, out);
    }

    static byte[] bytes(DuckVector vector, int row) {
        return vector.getBytes(row).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
