package mooncake.source.copy;

import mooncake.model.Tuple;

/// Takes the rows of a copy.
@FunctionalInterface
public interface RowConsumer {
    /// Takes one row.
    ///
    /// @param row valid only during the call
    void accept(Tuple row);
}
