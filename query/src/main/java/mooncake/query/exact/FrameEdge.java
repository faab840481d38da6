package mooncake.query.exact;

import mooncake.duckdb.DuckVector;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Where a RANGE frame begins or ends: the rows of a partition whose value is within a distance of the current row's,
/// as the `in_range` functions of Postgres say it for each type.
abstract class FrameEdge {
    private static final int TAIL = 1;
    private static final int BACK = 2;
    private static final int LESS = 4;
    private static final int NULLS_FIRST = 8;
    private static final int STEPWISE = 16;

    private final DuckVector[] in;

    /// The values of all lists of a call.
    final DuckVector values;

    private boolean back;
    private boolean less;
    private int list = -1;
    private int first;
    private int end;
    private int reached;
    private int edge;

    /// @param in the partition's values as a list, the position of the current row's first peer, counted from 1, the
    /// distance, and the edge as bits
    FrameEdge(DuckVector[] in) {
        this.in = in;
        this.values = in[0].elements();
    }

    /// Takes a value for the current row's.
    ///
    /// @param row of the call, which has the distance
    abstract void stand(int row, int base);

    /// Whether a value is reached from the one last taken.
    abstract boolean reaches(int value);

    final boolean back() {
        return back;
    }

    final boolean less() {
        return less;
    }

    final boolean within(int comparison) {
        return less ? comparison <= 0 : comparison >= 0;
    }

    static MooncakeException invalidSize() {
        return new MooncakeException(
                ErrorCode.FRAME_NEGATIVE, "invalid preceding or following size in window function");
    }

    /// The position of the frame's first row, or of the one behind its last.
    final long find(int row) {
        int bits = in[3].getInt(row);
        boolean tail = (bits & TAIL) != 0;
        if (!in[2].isValid(row)) {
            throw Errors.nullNotAllowed("frame " + (tail ? "ending" : "starting") + " offset must not be null");
        }
        back = (bits & BACK) != 0;
        less = (bits & LESS) != 0;
        int offset = in[0].listOffset(row);
        int length = in[0].listLength(row);
        int base = offset + Math.toIntExact(in[1].getLong(row)) - 1;
        boolean nullsFirst = (bits & NULLS_FIRST) != 0;
        if (list != offset) {
            first = nullsFirst ? border(offset, offset + length, true) : offset;
            end = nullsFirst ? offset + length : border(offset, offset + length, false);
            list = offset;
            reached = first;
            edge = first;
        }
        int found;
        if (!values.isValid(base)) {
            found = nullsFirst ? (tail ? first : offset) : (tail ? offset + length : end);
        } else if ((bits & STEPWISE) != 0) {
            found = step(row, base, tail);
        } else {
            found = search(row, base, tail);
        }
        return found - offset + 1L;
    }

    /// The first place from which on values are present, or absent.
    private int border(int from, int to, boolean present) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values.isValid(middle) == present) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private int search(int row, int base, boolean tail) {
        stand(row, base);
        int low = first;
        int high = end;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (reaches(middle) != tail) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// As Postgres goes through a partition: an edge never moves back, even where the distance from a later value ends
    /// before that from an earlier one, as at the end of a month.
    private int step(int row, int base, boolean tail) {
        if (base < reached) {
            reached = first;
            edge = first;
        }
        for (; reached <= base; reached++) {
            if (edge < end) {
                stand(row, reached);
            }
            while (edge < end && reaches(edge) == tail) {
                edge++;
            }
        }
        reached = base;
        return edge;
    }
}
