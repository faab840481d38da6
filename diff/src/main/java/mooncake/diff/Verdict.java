package mooncake.diff;

/// What became of one query.
sealed interface Verdict {
    /// The same rows, or an error of the same class.
    record Same(boolean failed) implements Verdict {}

    /// SQL leaves the answer open: Postgres itself gives another one from the same rows in another order.
    record Open() implements Verdict {}

    record LeftOut(String why) implements Verdict {}

    record Different(String expected, String found) implements Verdict {}
}
