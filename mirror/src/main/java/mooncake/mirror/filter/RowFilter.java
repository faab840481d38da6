package mooncake.mirror.filter;

import java.util.List;
import mooncake.model.Change.RelationColumn;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;

/// A mirror's row filter, bound to the source's columns as the log describes them.
///
/// The grammar: comparisons of a column with a constant (`= <> != < <= > >=`, `[NOT] BETWEEN`, `[NOT]
/// IN (...)`), `IS [NOT] NULL | TRUE | FALSE | UNKNOWN`, boolean columns, `AND`, `OR`, `NOT`,
/// parentheses, and casts that change no value. Types: see [ValueKind]. Text is only compared for
/// equality, byte by byte: its order depends on a collation.
public final class RowFilter {
    private final String sql;
    private final Condition condition;

    private RowFilter(String sql, Condition condition) {
        this.sql = sql;
        this.condition = condition;
    }

    /// Reads a filter.
    ///
    /// @param columns the source's columns in the order of the tuples to come
    /// @throws MooncakeException [ErrorCode#UNSUPPORTED_FILTER], naming the part that cannot be
    ///     evaluated here
    public static RowFilter parse(String sql, List<RelationColumn> columns) {
        return new RowFilter(sql, new FilterParser(sql, columns).parse());
    }

    /// Whether a row passes.
    ///
    /// @param old what the log has of the row before, for values that an UPDATE left out as unchanged
    /// @throws MooncakeException [ErrorCode#VALUE_NOT_LOGGED] if that depends on a value that the log
    ///     left out
    public boolean passes(Tuple row, @Nullable Tuple old) {
        Truth truth = condition.of(new Condition.Row(row, old));
        if (truth == Truth.NOT_LOGGED) {
            throw new MooncakeException(
                    ErrorCode.VALUE_NOT_LOGGED,
                    "the filter " + sql + " depends on a large value that an UPDATE left out of the log",
                    "The mirror is copied again. REPLICA IDENTITY FULL on the source avoids that.",
                    null);
        }
        return truth == Truth.TRUE;
    }

    @Override
    public String toString() {
        return sql;
    }
}
