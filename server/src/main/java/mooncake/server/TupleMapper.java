package mooncake.server;

import mooncake.model.Tuple;

/// Brings a row's values into another order, in place: no value is copied. A mapped tuple is valid
/// until the next.
final class TupleMapper {
    /// The place of a column that the row does not have: it is NULL.
    static final int ABSENT = -1;

    private final int[] positions;
    private final int[] offsets;
    private final int[] lengths;

    /// @param positions for each column of the result its position in the row
    TupleMapper(int[] positions) {
        this.positions = positions;
        this.offsets = new int[positions.length];
        this.lengths = new int[positions.length];
    }

    Tuple map(Tuple row) {
        for (int i = 0; i < positions.length; i++) {
            int from = positions[i];
            lengths[i] = from == ABSENT ? Tuple.NULL : row.length(from);
            offsets[i] = from == ABSENT ? 0 : row.offset(from);
        }
        return new Tuple(row.bytes(), offsets, lengths, positions.length);
    }
}
