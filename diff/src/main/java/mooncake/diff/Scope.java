package mooncake.diff;

import java.util.ArrayList;
import java.util.List;

/// The columns that an expression may name.
///
/// @param outer columns of the queries around, for correlated sub-SELECTs
record Scope(List<Column> own, List<Column> outer) {
    /// @param key part of what tells the rows of its source apart
    record Column(String sql, String type, boolean key) {}

    static final Scope EMPTY = new Scope(List.of(), List.of());

    /// The scope of a sub-SELECT.
    Scope inner(List<Column> columns) {
        List<Column> all = new ArrayList<>(own);
        all.addAll(outer);
        return new Scope(columns, all);
    }

    List<Column> ofType(String type) {
        return own.stream().filter(column -> fits(column.type, type)).toList();
    }

    List<Column> outerOfType(String type) {
        return outer.stream().filter(column -> fits(column.type, type)).toList();
    }

    private static boolean fits(String actual, String wanted) {
        return actual.equals(wanted) || (wanted.equals("text") && actual.equals("varchar"));
    }

    List<String> keys() {
        return own.stream().filter(Column::key).map(Column::sql).toList();
    }
}
