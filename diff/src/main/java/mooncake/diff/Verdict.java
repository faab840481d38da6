package mooncake.diff;

import java.util.List;

/// What became of one query.
sealed interface Verdict {
    /// How the words for an error begin.
    String ERROR = "error ";

    /// The same rows, or an error of the same class.
    record Same(boolean failed) implements Verdict {}

    /// SQL leaves the answer open: Postgres itself gives another one from the same rows in another order.
    record Open() implements Verdict {}

    /// Postgres alone raises an error, for a value that DuckDB did not need or a row that it had removed before: which
    /// come first is up to the plan. That each function raises its errors is the business of `calls`.
    record Spared() implements Verdict {}

    record LeftOut(String why) implements Verdict {}

    record Different(String expected, String found) implements Verdict {
        /// Data exceptions, what functions do not support, their limits, and what they tell as internal errors.
        private static final List<String> OF_VALUES = List.of(ERROR + "22", ERROR + "0A", ERROR + "54", ERROR + "XX");

        Verdict unlessSpared() {
            return OF_VALUES.stream().anyMatch(expected::startsWith) && !found.startsWith(ERROR) ? new Spared() : this;
        }
    }
}
