package mooncake.duckdb;

import java.util.List;
import java.util.function.IntConsumer;

/// A scalar function of SQL written in Java, called with whole vectors on DuckDB's threads, several at once.
///
/// Functions of one name are overloads and are registered together. Types are written as in SQL; `ANY` takes every
/// argument type. An exception becomes the statement's error and keeps its [mooncake.model.ErrorCode].
public interface VectorFunction {
    String name();

    List<String> argumentTypes();

    String resultType();

    /// Computes `rows` results. Arguments are flat and all of `rows` length.
    ///
    /// Values at null rows are undefined and must not be read. Under [Nulls#PROPAGATE] a row with a null argument
    /// becomes null whatever is written to it; [#eachRow] leaves such rows out.
    void apply(DuckVector[] arguments, int rows, WritableVector out);

    default Nulls nulls() {
        return Nulls.PROPAGATE;
    }

    /// Whether equal arguments may give different results, so that no call may be folded or shared.
    default boolean isVolatile() {
        return false;
    }

    /// What null arguments mean.
    enum Nulls {
        /// A null argument makes a null result.
        PROPAGATE,
        /// The function looks at nulls itself.
        HANDLED
    }

    /// Calls `row` for every row whose arguments are all present and sets the others to null.
    static void eachRow(DuckVector[] arguments, int rows, WritableVector out, IntConsumer row) {
        for (int i = 0; i < rows; i++) {
            boolean present = true;
            for (DuckVector argument : arguments) {
                present &= argument.isValid(i);
            }
            if (present) {
                row.accept(i);
            } else {
                out.setNull(i);
            }
        }
    }
}
