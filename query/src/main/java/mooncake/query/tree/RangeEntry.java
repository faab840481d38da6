package mooncake.query.tree;

import java.util.List;

/// An entry of a range table.
public sealed interface RangeEntry {
    record Relation(int relation) implements RangeEntry {}

    record SubSelect(Query query, boolean lateral) implements RangeEntry {}

    /// A join's own entry: Vars may name its columns, which stand for these expressions.
    record Join(List<Expr> columns) implements RangeEntry {
        public Join {
            columns = List.copyOf(columns);
        }
    }

    record Rows(List<List<Expr>> rows, List<Integer> types) implements RangeEntry {
        public Rows {
            rows = rows.stream().map(List::copyOf).toList();
            types = List.copyOf(types);
        }
    }

    record CommonTableUse(String name, int levelsUp) implements RangeEntry {}

    /// The grouping step of Postgres 18: Vars may name the grouped expressions.
    record Group(List<Expr> expressions) implements RangeEntry {
        public Group {
            expressions = List.copyOf(expressions);
        }
    }

    /// An entry that nothing in the query may refer to, with the reason why.
    record Unusable(String reason) implements RangeEntry {}
}
