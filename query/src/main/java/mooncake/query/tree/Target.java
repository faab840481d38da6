package mooncake.query.tree;

/// An entry of a target list.
///
/// @param ref what [SortKey]s refer to it by, 0 when none does
/// @param junk needed for sorting or grouping but not part of the result
public record Target(Expr expr, int number, int ref, boolean junk) {}
