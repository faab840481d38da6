package mooncake.model;

import java.util.List;

/// The columns of a mirror in order, and which of them form the key that rows are found by.
///
/// @param columns columns with field ids 1..n in order
/// @param key positions (from 0) of the key's columns, in index order; never empty
public record TableSchema(List<Column> columns, List<Integer> key) {
    public TableSchema {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        Check.that(!key.isEmpty(), "a mirror needs a key");
        for (int position : key) {
            Check.that(position >= 0 && position < columns.size(), "key position %d is no column", position);
        }
    }

    public int width() {
        return columns.size();
    }

    public Column column(int position) {
        return columns.get(position);
    }
}
