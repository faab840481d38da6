package mooncake.model;

import java.util.List;
import java.util.stream.IntStream;

/// The columns of a mirror in order, and which of them form the key that rows are found by.
///
/// @param columns columns in order of their field ids, which grow and may have gaps where columns were dropped
/// @param key positions (from 0) of the key's columns, in index order: all columns with [Identity#FULL_ROW], none
///     with [Identity#APPEND_ONLY]
public record TableSchema(List<Column> columns, List<Integer> key, Identity identity) {
    public TableSchema {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        for (int i = 1; i < columns.size(); i++) {
            Check.that(
                    columns.get(i - 1).fieldId() < columns.get(i).fieldId(),
                    "field ids of %s are not in order",
                    columns);
        }
        for (int position : key) {
            Check.that(position >= 0 && position < columns.size(), "key position %d is no column", position);
        }
        switch (identity) {
            case KEY -> Check.that(!key.isEmpty(), "a mirror with a key needs key columns");
            case FULL_ROW -> Check.that(key.size() == columns.size(), "a row without a key is found by all columns");
            case APPEND_ONLY -> Check.that(key.isEmpty(), "an append-only mirror has no key");
        }
    }

    /// A mirror whose source has a key.
    public TableSchema(List<Column> columns, List<Integer> key) {
        this(columns, key, Identity.KEY);
    }

    /// A mirror whose source has no key.
    public static TableSchema fullRow(List<Column> columns) {
        return new TableSchema(
                columns, IntStream.range(0, columns.size()).boxed().toList(), Identity.FULL_ROW);
    }

    public int width() {
        return columns.size();
    }

    public Column column(int position) {
        return columns.get(position);
    }
}
