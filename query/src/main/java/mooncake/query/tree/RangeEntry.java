package mooncake.query.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An entry of a range table.
public sealed interface RangeEntry {
    /// A table.
    ///
    /// @param sample what part of the rows is asked for, null for all
    /// @param policies conditions of row-level security, which nothing may show a row that does not meet them
    record Relation(int relation, @Nullable Sample sample, List<Expr> policies) implements RangeEntry {
        public Relation {
            policies = List.copyOf(policies);
        }
    }

    /// TABLESAMPLE, by rows or by pages.
    record Sample(Method method, Expr percent, @Nullable Expr seed) {
        public enum Method {
            BERNOULLI,
            SYSTEM
        }
    }

    /// Functions in FROM, one beside the other, the shorter ones filled up with NULL.
    ///
    /// @param ordinality whether the last column counts the rows
    record Functions(List<TableFunction> functions, boolean ordinality, boolean lateral) implements RangeEntry {
        public Functions {
            functions = List.copyOf(functions);
        }
    }

    /// One of the functions.
    ///
    /// @param columns how many columns the function has
    record TableFunction(Expr call, int columns) {}

    /// A table of Postgres' own, whose rows the backend ships with the query.
    ///
    /// @param number its position among the query's shipments
    record Shipped(int number) implements RangeEntry {}

    /// A SELECT in FROM.
    ///
    /// @param barrier whether nothing may show rows that it leaves out
    record SubSelect(Query query, boolean lateral, boolean barrier) implements RangeEntry {}

    /// A join's own entry: Vars may name its columns, which stand for these expressions.
    record Join(List<Expr> columns) implements RangeEntry {
        public Join {
            columns = List.copyOf(columns);
        }
    }

    record Rows(List<List<Expr>> rows, List<Integer> types, boolean lateral) implements RangeEntry {
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
