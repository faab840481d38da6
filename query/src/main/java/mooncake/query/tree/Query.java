package mooncake.query.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One SELECT, or the frame of a set operation whose parts are sub-SELECTs of its range table.
///
/// @param tables the range table; [Expr.Var#table] counts from 1
/// @param from what is joined, empty for a SELECT without FROM
/// @param where the condition on top of the joins
/// @param groupingSets what of `group` each grouping goes by, expanded; empty for a plain GROUP BY
/// @param withTies whether rows that sort like the last one within `limit` count as well
/// @param sets the set operation, null for a plain SELECT
/// @param setReturning whether targets hold functions that return several rows
public record Query(
        List<CommonTable> commonTables,
        List<RangeEntry> tables,
        List<From> from,
        @Nullable Expr where,
        List<Target> targets,
        List<SortKey> group,
        List<List<Integer>> groupingSets,
        @Nullable Expr having,
        List<WindowClause> windows,
        List<SortKey> distinct,
        boolean distinctOn,
        List<SortKey> order,
        @Nullable Expr offset,
        @Nullable Expr limit,
        boolean withTies,
        @Nullable SetOperation sets,
        boolean aggregates,
        boolean setReturning) {
    public Query {
        commonTables = List.copyOf(commonTables);
        tables = List.copyOf(tables);
        from = List.copyOf(from);
        targets = List.copyOf(targets);
        group = List.copyOf(group);
        groupingSets = groupingSets.stream().map(List::copyOf).toList();
        windows = List.copyOf(windows);
        distinct = List.copyOf(distinct);
        order = List.copyOf(order);
    }

    /// The targets that are part of the result.
    public List<Target> outputs() {
        return targets.stream().filter(target -> !target.junk()).toList();
    }

    /// Whether rows are grouped, if only all into one.
    public boolean isGrouped() {
        return aggregates || !group.isEmpty() || !groupingSets.isEmpty() || having != null;
    }

    /// A `WITH` entry; a recursive one is a UNION of its first rows with a SELECT that names it.
    public record CommonTable(String name, Query query, boolean recursive) {}

    /// A part of FROM.
    public sealed interface From {
        record Table(int table) implements From {}

        record Join(
                JoinKind kind,
                From left,
                From right,
                @Nullable Expr on) implements From {}
    }

    public enum JoinKind {
        INNER,
        LEFT,
        FULL,
        RIGHT
    }

    /// A part of a UNION, INTERSECT or EXCEPT.
    public sealed interface SetOperation {
        record Leaf(int table) implements SetOperation {}

        record Combined(
                SetKind kind,
                boolean all,
                SetOperation left,
                SetOperation right,
                List<Integer> types,
                List<Integer> collations)
                implements SetOperation {
            public Combined {
                types = List.copyOf(types);
                collations = List.copyOf(collations);
            }
        }
    }

    public enum SetKind {
        UNION,
        INTERSECT,
        EXCEPT
    }

    /// A window that functions are computed over; `frame` holds the FRAMEOPTION bits of Postgres.
    public record WindowClause(
            int number,
            List<SortKey> partition,
            List<SortKey> order,
            int frame,
            @Nullable Expr start,
            @Nullable Expr end) {
        public WindowClause {
            partition = List.copyOf(partition);
            order = List.copyOf(order);
        }
    }
}
