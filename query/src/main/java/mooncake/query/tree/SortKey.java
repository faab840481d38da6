package mooncake.query.tree;

/// How the target with the same `ref` is grouped or sorted.
///
/// @param equality the equality operator
/// @param sort the operator that sorts, 0 when only grouping is asked for
public record SortKey(int ref, int equality, int sort, boolean nullsFirst) {}
