package mooncake.query.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression of a query. Types, functions and collations are OIDs of Postgres' catalog.
public sealed interface Expr {
    /// The type of the value.
    int type();

    /// The collation of the value, 0 for none.
    int collation();

    /// A column: entry `table` of the range table `levelsUp` queries outside, attribute `attribute`.
    record Var(int table, int attribute, int type, int typmod, int collation, int levelsUp) implements Expr {
        /// The same column from a place where it is `levels` outside.
        public Var seenFrom(int levels) {
            return new Var(table, attribute, type, typmod, collation, levels);
        }
    }

    /// A value of the request, counted from 1.
    record Param(int number, int type, int typmod, int collation) implements Expr {}

    /// Column `column` (from 1) of the sub-SELECT that the expression tests.
    record SubLinkColumn(int column, int type, int typmod, int collation) implements Expr {}

    /// A function or operator.
    ///
    /// @param rows whether it returns any number of rows
    /// @param variadic whether the last argument is an array of arguments
    record Call(
            int function, int type, int collation, int inputCollation, List<Expr> args, boolean rows, boolean variadic)
            implements Expr {
        public Call {
            args = List.copyOf(args);
        }
    }

    /// `IS DISTINCT FROM`, by the equality function of the types.
    record Distinct(int function, int inputCollation, Expr left, Expr right) implements Expr {
        @Override
        public int type() {
            return Oids.BOOL;
        }

        @Override
        public int collation() {
            return 0;
        }
    }

    record NullIf(int function, int type, int collation, int inputCollation, Expr left, Expr right) implements Expr {}

    /// `left op ANY (array)` or, with `any` false, `left op ALL (array)`.
    record ArrayTest(int function, boolean any, int inputCollation, Expr left, Expr array) implements Expr {
        @Override
        public int type() {
            return Oids.BOOL;
        }

        @Override
        public int collation() {
            return 0;
        }
    }

    enum Logic {
        AND,
        OR,
        NOT
    }

    record Bool(Logic logic, List<Expr> args) implements Expr {
        public Bool {
            args = List.copyOf(args);
        }

        @Override
        public int type() {
            return Oids.BOOL;
        }

        @Override
        public int collation() {
            return 0;
        }
    }

    enum SubLinkKind {
        EXISTS,
        ALL,
        ANY,
        ROW,
        VALUE,
        /// All values of its column as an array.
        ARRAY
    }

    /// A sub-SELECT inside an expression.
    ///
    /// @param test what is checked for each row of the sub-SELECT, over [SubLinkColumn]s; null where nothing is
    record SubLink(SubLinkKind kind, @Nullable Expr test, Query query) implements Expr {
        @Override
        public int type() {
            return switch (kind) {
                case VALUE -> query.outputs().getFirst().expr().type();
                case ARRAY -> {
                    int column = query.outputs().getFirst().expr().type();
                    yield ArrayTypes.elementOf(column) == 0 ? ArrayTypes.arrayOf(column) : column;
                }
                case EXISTS, ALL, ANY, ROW -> Oids.BOOL;
            };
        }

        @Override
        public int collation() {
            return kind == SubLinkKind.VALUE || kind == SubLinkKind.ARRAY
                    ? query.outputs().getFirst().expr().collation()
                    : 0;
        }
    }

    /// An aggregate function's call; `order` and `distinct` refer to the arguments by their `ref`.
    ///
    /// @param direct the arguments before WITHIN GROUP
    /// @param levelsUp how many queries outside its rows are gathered
    record Aggregate(
            int function,
            int type,
            int collation,
            int inputCollation,
            AggregateKind kind,
            List<Expr> direct,
            List<Target> args,
            List<SortKey> order,
            List<SortKey> distinct,
            @Nullable Expr filter,
            boolean star,
            int levelsUp)
            implements Expr {
        public Aggregate {
            direct = List.copyOf(direct);
            args = List.copyOf(args);
            order = List.copyOf(order);
            distinct = List.copyOf(distinct);
        }
    }

    enum AggregateKind {
        NORMAL,
        ORDERED,
        HYPOTHETICAL
    }

    /// `GROUPING(...)`: a bit for each of the grouping keys, set where the row is not grouped by it.
    record Grouping(List<Integer> refs, int levelsUp) implements Expr {
        public Grouping {
            refs = List.copyOf(refs);
        }

        @Override
        public int type() {
            return Oids.INT4;
        }

        @Override
        public int collation() {
            return 0;
        }
    }

    record Window(
            int function,
            int type,
            int collation,
            int inputCollation,
            List<Expr> args,
            @Nullable Expr filter,
            int window,
            boolean star)
            implements Expr {
        public Window {
            args = List.copyOf(args);
        }
    }

    record When(Expr condition, Expr result) {}

    /// `CASE [arg] WHEN ... END`.
    ///
    /// @param arg the value that [CaseValue] stands for in the conditions, null for a searched CASE
    record Case(
            int type,
            int collation,
            @Nullable Expr arg,
            List<When> whens,
            @Nullable Expr otherwise) implements Expr {
        public Case {
            whens = List.copyOf(whens);
        }
    }

    record CaseValue(int type, int typmod, int collation) implements Expr {}

    record Coalesce(int type, int collation, List<Expr> args) implements Expr {
        public Coalesce {
            args = List.copyOf(args);
        }
    }

    record MinMax(boolean greatest, int type, int collation, int inputCollation, List<Expr> args) implements Expr {
        public MinMax {
            args = List.copyOf(args);
        }
    }

    /// A row as a value, of which only comparisons and tests for null are known.
    record Row(List<Expr> fields, int type) implements Expr {
        public Row {
            fields = List.copyOf(fields);
        }

        @Override
        public int collation() {
            return 0;
        }
    }

    enum RowOrder {
        LESS,
        LESS_OR_EQUAL,
        GREATER_OR_EQUAL,
        GREATER
    }

    /// Rows compared field by field, by the operators of the fields' types.
    record RowCompare(
            RowOrder order, List<Integer> operators, List<Integer> inputCollations, List<Expr> left, List<Expr> right)
            implements Expr {
        public RowCompare {
            operators = List.copyOf(operators);
            inputCollations = List.copyOf(inputCollations);
            left = List.copyOf(left);
            right = List.copyOf(right);
        }

        @Override
        public int type() {
            return Oids.BOOL;
        }

        @Override
        public int collation() {
            return 0;
        }
    }

    /// `IS NULL` and `IS NOT NULL`.
    ///
    /// @param ofRow whether a row is null when each of its fields is, and not null when none is
    record NullTest(Expr arg, boolean isNull, boolean ofRow) implements Expr {
        @Override
        public int type() {
            return Oids.BOOL;
        }

        @Override
        public int collation() {
            return 0;
        }
    }

    /// `IS [NOT] TRUE | FALSE | UNKNOWN`
    record BoolTest(Expr arg, Test test) implements Expr {
        public enum Test {
            IS_TRUE,
            IS_NOT_TRUE,
            IS_FALSE,
            IS_NOT_FALSE,
            IS_UNKNOWN,
            IS_NOT_UNKNOWN
        }

        @Override
        public int type() {
            return Oids.BOOL;
        }

        @Override
        public int collation() {
            return 0;
        }
    }

    /// The same bytes seen as another type.
    record Relabel(Expr arg, int type, int typmod, int collation) implements Expr {}

    /// A cast to a domain.
    record ToDomain(Expr arg, int type, int collation) implements Expr {}

    /// A cast through the types' text forms.
    record ViaText(Expr arg, int type, int collation) implements Expr {}

    /// `ARRAY[...]`
    ///
    /// @param nested whether the elements are arrays themselves
    record Array(int type, int elementType, int collation, boolean nested, List<Expr> elements) implements Expr {
        public Array {
            elements = List.copyOf(elements);
        }
    }

    /// An element `a[i][j]` of an array, or a slice of it.
    ///
    /// @param lower the slice's lower bounds, null for those that are left out; empty when one element is taken
    /// @param upper the slice's upper bounds or the element's subscripts
    record Subscript(
            Expr container,
            List<@Nullable Expr> lower,
            List<@Nullable Expr> upper,
            int type,
            int elementType,
            int typmod,
            int collation)
            implements Expr {}

    /// A cast of each element of an array by `element`, in which [CaseValue] stands for the element.
    record ArrayCast(Expr arg, Expr element, int type, int collation) implements Expr {}

    record Collate(Expr arg, int collation) implements Expr {
        @Override
        public int type() {
            return arg.type();
        }
    }
}
