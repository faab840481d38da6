package mooncake.query.translate;

import java.util.List;

/// What a function that returns rows gives, as a list of DuckDB: of values, or when there are several columns of
/// structs with the fields `c1`, `c2`... No rows are an empty list or NULL.
///
/// @param columns the forms of the columns; no form whose display scale is kept apart
/// @param fails whether the call raises an error for some values
record RowList(String sql, List<Form> columns, boolean fails) {
    RowList {
        columns = List.copyOf(columns);
    }

    static RowList of(String sql, Form column, boolean fails) {
        return new RowList(sql, List.of(column), fails);
    }
}
