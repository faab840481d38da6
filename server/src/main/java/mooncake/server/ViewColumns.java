package mooncake.server;

import java.util.ArrayList;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;

/// Finds a mirror's columns in a view by their attribute numbers, which are its field ids.
final class ViewColumns {
    private static final int ABSENT = -1;

    private ViewColumns() {}

    /// Whether the view has all of them; one from before a column was added has not.
    static boolean has(ReadView view, List<Integer> attributes) {
        return attributes.stream().allMatch(attribute -> position(view.schema(), attribute) != ABSENT);
    }

    /// Their positions in the view.
    static List<Integer> positions(ReadView view, List<Integer> attributes) {
        List<Integer> positions = new ArrayList<>();
        for (int attribute : attributes) {
            int position = position(view.schema(), attribute);
            if (position == ABSENT) {
                throw new MooncakeException(
                        ErrorCode.UNKNOWN_MIRROR,
                        "the mirror was altered after the snapshot that this transaction reads: it has no column "
                                + attribute + " there",
                        "Read it in a new transaction.",
                        null);
            }
            positions.add(position);
        }
        return positions;
    }

    private static int position(TableSchema schema, int attribute) {
        for (int i = 0; i < schema.width(); i++) {
            if (schema.column(i).fieldId() == attribute) {
                return i;
            }
        }
        return ABSENT;
    }
}
