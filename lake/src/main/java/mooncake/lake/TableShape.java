package mooncake.lake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mooncake.model.Check;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.TableSchema;
import mooncake.model.TypeCode;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/// A mirror's columns as Iceberg sees them, with table properties for what Iceberg's types do not say: the
/// Postgres type of each column and the key.
///
/// `date`, `timestamp` and `timestamptz` keep Postgres' infinities as the extreme days and microseconds
/// (`±Integer.MAX_VALUE`, `±Long.MAX_VALUE`), so that order comparisons in any engine stay right.
final class TableShape {
    /// Property of column N with its [TypeCode], for example `1700 655366 native numeric(10,2)`.
    static final String COLUMN_PREFIX = "mooncake.column.";

    /// Property with the field ids of the key's columns, comma separated.
    static final String KEY = "mooncake.key";

    private TableShape() {}

    static Schema icebergSchema(TableSchema schema) {
        List<Types.NestedField> fields = new ArrayList<>();
        for (Column column : schema.columns()) {
            Type type = icebergType(column.type());
            fields.add(
                    column.notNull()
                            ? Types.NestedField.required(column.fieldId(), column.name(), type)
                            : Types.NestedField.optional(column.fieldId(), column.name(), type));
        }
        return new Schema(fields);
    }

    static void putProperties(TableSchema schema, Map<String, String> properties) {
        for (Column column : schema.columns()) {
            properties.put(COLUMN_PREFIX + column.fieldId(), TypeCode.write(column.type()));
        }
        properties.put(
                KEY,
                schema.key().stream()
                        .map(position -> String.valueOf(schema.column(position).fieldId()))
                        .collect(Collectors.joining(",")));
    }

    /// What [#icebergSchema] and [#putProperties] were given.
    static TableSchema tableSchema(Schema iceberg, Map<String, String> properties) {
        List<Column> columns = new ArrayList<>();
        for (Types.NestedField field : iceberg.columns()) {
            columns.add(new Column(
                    field.fieldId(), field.name(), columnType(field.fieldId(), properties), field.isRequired()));
        }
        List<Integer> ids = columns.stream().map(Column::fieldId).toList();
        List<Integer> key = Arrays.stream(property(KEY, properties).split(","))
                .map(id -> ids.indexOf(Integer.valueOf(id)))
                .toList();
        return new TableSchema(columns, key);
    }

    private static ColumnType columnType(int fieldId, Map<String, String> properties) {
        return TypeCode.read(property(COLUMN_PREFIX + fieldId, properties));
    }

    private static String property(String name, Map<String, String> properties) {
        @Nullable String value = properties.get(name);
        Check.that(value != null, "the Iceberg table has no property %s", name);
        return String.valueOf(value);
    }

    private static Type icebergType(ColumnType type) {
        return switch (type.base()) {
            case ColumnType.Scalar scalar ->
                switch (scalar) {
                    case BOOL -> Types.BooleanType.get();
                    case INT2, INT4 -> Types.IntegerType.get();
                    case INT8 -> Types.LongType.get();
                    case FLOAT4 -> Types.FloatType.get();
                    case FLOAT8 -> Types.DoubleType.get();
                    case TEXT, JSON, JSONB -> Types.StringType.get();
                    case BYTEA -> Types.BinaryType.get();
                    case DATE -> Types.DateType.get();
                    case UUID -> Types.UUIDType.get();
                    case MONEY,
                            OID,
                            XID,
                            CID,
                            REGPROC,
                            REGPROCEDURE,
                            REGOPER,
                            REGOPERATOR,
                            REGCLASS,
                            REGTYPE,
                            REGCONFIG,
                            REGDICTIONARY,
                            REGNAMESPACE,
                            REGROLE,
                            REGCOLLATION -> Types.LongType.get();
                };
            case ColumnType.Numeric numeric -> Types.DecimalType.of(numeric.precision(), numeric.scale());
            case ColumnType.Varchar _, ColumnType.Bpchar _, ColumnType.Textual _ -> Types.StringType.get();
            case ColumnType.Opaque _ -> Types.BinaryType.get();
            case ColumnType.Domain domain -> throw new IllegalStateException(domain + " over a domain");
            case ColumnType.Moment moment ->
                switch (moment.kind()) {
                    case TIME -> Types.TimeType.get();
                    case TIMESTAMP -> Types.TimestampType.withoutZone();
                    case TIMESTAMPTZ -> Types.TimestampType.withZone();
                };
        };
    }
}
