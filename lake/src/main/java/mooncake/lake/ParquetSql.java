package mooncake.lake;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import mooncake.duckdb.ViewSql;
import mooncake.model.ColumnType;
import mooncake.model.TableSchema;

/// The statement that writes a mirror's Parquet file.
final class ParquetSql {
    private ParquetSql() {}

    /// Writes the rows of `source`, whose columns are named as by [ViewSql#name], to one file.
    ///
    /// `smallint` becomes Iceberg's `int`: the 16-bit form is not one that Iceberg knows.
    static String copy(TableSchema schema, String source, long groupRows, Path file) {
        List<String> names = ParquetNames.of(schema);
        String columns = IntStream.range(0, schema.width())
                .mapToObj(i -> {
                    String value = ViewSql.name(schema.column(i));
                    boolean widen = schema.column(i).type().base() == ColumnType.Scalar.INT2;
                    return (widen ? value + "::INTEGER" : value) + " AS " + ParquetNames.identifier(names.get(i));
                })
                .collect(Collectors.joining(", "));
        String ids = IntStream.range(0, schema.width())
                .mapToObj(i -> ParquetNames.identifier(names.get(i)) + ": "
                        + schema.column(i).fieldId())
                .collect(Collectors.joining(", "));
        return "COPY (SELECT " + columns + " FROM " + source + ") TO " + ViewSql.quote(file.toString())
                + " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE " + groupRows
                + ", USE_TMP_FILE false, FIELD_IDS {" + ids + "})";
    }

    /// The condition that chooses rows by their ascending positions. The bounds let DuckDB skip row groups.
    static String atPositions(long[] positions) {
        long first = positions[0];
        long last = positions[positions.length - 1];
        String within = " WHERE file_row_number BETWEEN " + first + " AND " + last;
        if (last - first + 1 == positions.length) {
            return within;
        }
        return within
                + LongStream.of(positions)
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(", ", " AND file_row_number IN (", ")"));
    }
}
