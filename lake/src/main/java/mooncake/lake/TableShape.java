package mooncake.lake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import mooncake.model.Check;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.Identity;
import mooncake.model.StoredValue;
import mooncake.model.TableSchema;
import mooncake.model.TypeCode;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/// A mirror's columns as Iceberg sees them, with table properties for what Iceberg's types do not say:
/// the Postgres type of each column and the key.
///
/// `date`, `timestamp` and `timestamptz` keep Postgres' infinities as the extreme days and microseconds
/// (`±Integer.MAX_VALUE`, `±Long.MAX_VALUE`), so that order comparisons in any engine stay right.
final class TableShape {
    /// Property of column N with its [TypeCode], for example `1700 655366 native numeric(10,2)`.
    static final String COLUMN_PREFIX = "mooncake.column.";

    /// Property with the field ids of the key's columns, comma separated.
    static final String KEY = "mooncake.key";

    /// Property with the name of the [Identity].
    static final String IDENTITY = "mooncake.identity";

    /// Property with the field ids of the columns that the source declares NOT NULL, comma separated.
    /// Iceberg's `required` says it only of those without a null in any file.
    static final String NOT_NULL = "mooncake.not-null";

    /// Property of column N with [Column#initial] in hexadecimal digits.
    static final String INITIAL_PREFIX = "mooncake.initial.";

    private TableShape() {}

    static Schema icebergSchema(TableSchema schema) {
        return icebergSchema(schema, Column::notNull);
    }

    /// @param required which columns are required, in whatever way they are declared
    static Schema icebergSchema(TableSchema schema, Predicate<Column> required) {
        List<Types.NestedField> fields = new ArrayList<>();
        for (Column column : schema.columns()) {
            Type type = icebergType(column.type());
            Types.NestedField.Builder field = Types.NestedField.builder()
                    .withId(column.fieldId())
                    .withName(column.name())
                    .ofType(type)
                    .isOptional(!required.test(column));
            InitialDefault.of(column, type)
                    .ifPresent(literal -> field.withInitialDefault(literal).withWriteDefault(literal));
            fields.add(field.build());
        }
        return new Schema(fields);
    }

    static void putProperties(TableSchema schema, Map<String, String> properties) {
        for (Column column : schema.columns()) {
            properties.put(COLUMN_PREFIX + column.fieldId(), TypeCode.write(column.type()));
            StoredValue initial = column.initial();
            if (initial != null) {
                properties.put(INITIAL_PREFIX + column.fieldId(), initial.toString());
            }
        }
        properties.put(
                KEY,
                schema.key().stream()
                        .map(position -> String.valueOf(schema.column(position).fieldId()))
                        .collect(Collectors.joining(",")));
        properties.put(
                NOT_NULL,
                schema.columns().stream()
                        .filter(Column::notNull)
                        .map(column -> String.valueOf(column.fieldId()))
                        .collect(Collectors.joining(",")));
        properties.put(IDENTITY, schema.identity().name().toLowerCase(Locale.ROOT));
    }

    /// Whether a property is one of [#putProperties].
    static boolean isOurs(String property) {
        return property.startsWith(COLUMN_PREFIX)
                || property.startsWith(INITIAL_PREFIX)
                || property.equals(KEY)
                || property.equals(NOT_NULL)
                || property.equals(IDENTITY);
    }

    /// What [#icebergSchema] and [#putProperties] were given.
    static TableSchema tableSchema(Schema iceberg, Map<String, String> properties) {
        List<Column> columns = new ArrayList<>();
        List<Integer> notNull = ids(property(NOT_NULL, properties));
        for (Types.NestedField field : iceberg.columns()) {
            int id = field.fieldId();
            String initial = properties.get(INITIAL_PREFIX + id);
            columns.add(new Column(
                    id,
                    field.name(),
                    columnType(id, properties),
                    notNull.contains(id),
                    initial == null ? null : new StoredValue(HexFormat.of().parseHex(initial))));
        }
        List<Integer> ids = columns.stream().map(Column::fieldId).toList();
        List<Integer> key =
                ids(property(KEY, properties)).stream().map(ids::indexOf).toList();
        String identity = property(IDENTITY, properties).toUpperCase(Locale.ROOT);
        return new TableSchema(columns, key, Identity.valueOf(identity));
    }

    private static List<Integer> ids(String list) {
        return list.isEmpty()
                ? List.of()
                : Arrays.stream(list.split(",", -1)).map(Integer::valueOf).toList();
    }

    private static ColumnType columnType(int fieldId, Map<String, String> properties) {
        return TypeCode.read(property(COLUMN_PREFIX + fieldId, properties));
    }

    private static String property(String name, Map<String, String> properties) {
        @Nullable String value = properties.get(name);
        Check.that(value != null, "the Iceberg table has no property %s", name);
        return String.valueOf(value);
    }

    static Type icebergType(ColumnType type) {
        return switch (type.base()) {
            case ColumnType.Scalar scalar ->
                switch (scalar) {
                    case BOOL -> Types.BooleanType.get();
                    case INT2, INT4 -> Types.IntegerType.get();
                    case INT8, MONEY -> Types.LongType.get();
                    case FLOAT4 -> Types.FloatType.get();
                    case FLOAT8 -> Types.DoubleType.get();
                    case TEXT, JSON, JSONB -> Types.StringType.get();
                    case BYTEA -> Types.BinaryType.get();
                    case DATE -> Types.DateType.get();
                    case UUID -> Types.UUIDType.get();
                };
            case ColumnType.Unsigned _ -> Types.LongType.get();
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
