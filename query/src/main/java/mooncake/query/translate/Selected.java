package mooncake.query.translate;

import java.util.List;

/// A SELECT and the columns it delivers.
record Selected(String sql, List<Column> columns) {
    Selected {
        columns = List.copyOf(columns);
    }

    Column column(int number) {
        for (Column column : columns) {
            if (column.number() == number) {
                return column;
            }
        }
        throw mooncake.query.tree.Refusal.because("A sub-SELECT has no column %d.", number);
    }
}
