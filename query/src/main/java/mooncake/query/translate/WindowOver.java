package mooncake.query.translate;

import java.util.List;

/// OVER: the rows of a window, their order and the frame around each.
///
/// @param keys PARTITION BY and ORDER BY, of which either may be missing
record WindowOver(String keys, String mode, String start, String end, Exclusion excluded) {
    static final String UNBOUNDED_PRECEDING = "UNBOUNDED PRECEDING";
    static final String UNBOUNDED_FOLLOWING = "UNBOUNDED FOLLOWING";

    /// The rows that a frame leaves out.
    enum Exclusion {
        NO_OTHERS,
        CURRENT_ROW,
        GROUP,
        TIES;

        private String clause() {
            return this == NO_OTHERS ? "" : " EXCLUDE " + name().replace('_', ' ');
        }
    }

    static String keys(List<String> partition, List<String> order) {
        String sql = partition.isEmpty() ? "" : "PARTITION BY " + String.join(", ", partition) + " ";
        return order.isEmpty() ? sql : sql + "ORDER BY " + String.join(", ", order) + " ";
    }

    String clause() {
        return over(mode, start, end, excluded.clause());
    }

    /// The frame with the rows that it leaves out.
    String unexcluded() {
        return over(mode, start, end, "");
    }

    /// From the frame's start to the partition's end.
    String open() {
        return over(mode, start, UNBOUNDED_FOLLOWING, "");
    }

    /// The current row and those that sort like it.
    String peers() {
        return over("RANGE", "CURRENT ROW", "CURRENT ROW", "");
    }

    /// All rows of the partition.
    String whole() {
        return whole(keys);
    }

    /// @param keys PARTITION BY and ORDER BY
    static String whole(String keys) {
        return " OVER (" + keys + "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)";
    }

    private String over(String mode, String start, String end, String excluded) {
        return " OVER (" + keys + mode + " BETWEEN " + start + " AND " + end + excluded + ")";
    }
}
