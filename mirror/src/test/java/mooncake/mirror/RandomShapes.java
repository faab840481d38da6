package mooncake.mirror;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ColumnType.Numeric;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.ColumnType.Varchar;
import mooncake.model.Identity;
import mooncake.model.StoredValue;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// Random values, and random changes of a schema as ALTER TABLE makes them.
final class RandomShapes {
    private static final List<ColumnType> TYPES = List.of(
            Scalar.INT2,
            Scalar.INT4,
            Scalar.INT8,
            Scalar.FLOAT4,
            Scalar.FLOAT8,
            Scalar.BOOL,
            Scalar.TEXT,
            new Varchar(54),
            new Numeric(4, 1),
            new Numeric(15, 1),
            new Numeric(30, 1));

    private final Random random;
    private int nextField = 100;

    RandomShapes(Random random) {
        this.random = random;
    }

    /// A column that is not in the schema, with or without an initial value.
    TableSchema added(TableSchema schema) {
        ColumnType type = TYPES.get(random.nextInt(TYPES.size()));
        Column column = new Column(
                nextField, "c" + nextField, type, false, random.nextBoolean() ? null : stored(type, random.nextInt(4)));
        nextField++;
        List<Column> columns = new ArrayList<>(schema.columns());
        columns.add(column);
        return of(schema, columns, schema.key());
    }

    /// Without one column that is not in the key of a table that has one.
    TableSchema dropped(TableSchema schema) {
        int position = random.nextInt(schema.width());
        boolean inKey = schema.identity() == Identity.KEY && schema.key().contains(position);
        if (inKey || schema.width() < 3) {
            return schema;
        }
        List<Column> columns = new ArrayList<>(schema.columns());
        columns.remove(position);
        return of(
                schema,
                columns,
                schema.key().stream().map(at -> at > position ? at - 1 : at).toList());
    }

    /// One column under another name, in a wider type if there is one, and maybe with another NOT NULL.
    TableSchema altered(TableSchema schema) {
        int position = random.nextInt(schema.width());
        Column before = schema.column(position);
        ColumnType wider = wider(before.type());
        StoredValue initial = before.initial();
        Object value = Shapes.widened(Shapes.initial(before), wider);
        Column after = new Column(
                before.fieldId(),
                before.name() + "x",
                wider,
                random.nextBoolean(),
                initial == null || value == null ? null : stored(wider, value));
        List<Column> columns = new ArrayList<>(schema.columns());
        columns.set(position, after);
        return of(schema, columns, schema.key());
    }

    private static TableSchema of(TableSchema before, List<Column> columns, List<Integer> key) {
        return before.identity() == Identity.FULL_ROW
                ? TableSchema.fullRow(columns)
                : new TableSchema(columns, key, before.identity());
    }

    private static ColumnType wider(ColumnType type) {
        return switch (type) {
            case Scalar scalar ->
                switch (scalar) {
                    case INT2 -> Scalar.INT4;
                    case INT4 -> Scalar.INT8;
                    case FLOAT4 -> Scalar.FLOAT8;
                    default -> scalar;
                };
            case Numeric numeric when numeric.precision() < 30 -> new Numeric(numeric.precision() + 9, numeric.scale());
            case Varchar _ -> Scalar.TEXT;
            default -> type;
        };
    }

    /// One of few values, or null.
    @Nullable
    Object value(ColumnType type) {
        return random.nextInt(4) == 0 ? null : value(type, random.nextInt(4));
    }

    static Object value(ColumnType type, int id) {
        return switch (type) {
            case Scalar scalar ->
                switch (scalar) {
                    case INT2 -> (short) (id - 2);
                    case INT4 -> id - 2;
                    case INT8 -> id - 2L;
                    case FLOAT4 -> id % 7 * 0.5f;
                    case FLOAT8 -> id % 7 * 0.5;
                    case BOOL -> id % 2 == 0;
                    case TEXT -> text(id);
                    default -> throw new IllegalArgumentException(type.displayName());
                };
            case Numeric numeric -> BigDecimal.valueOf(id - 20L, numeric.scale());
            case Varchar _ -> text(id);
            default -> throw new IllegalArgumentException(type.displayName());
        };
    }

    private static String text(int id) {
        return "text ".repeat(id % 5) + id;
    }

    private static StoredValue stored(ColumnType type, int id) {
        return stored(type, value(type, id));
    }

    static StoredValue stored(ColumnType type, Object value) {
        if (value instanceof String text) {
            return new StoredValue(text.getBytes(StandardCharsets.UTF_8));
        }
        int width = type.storage().width();
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        switch (value) {
            case Boolean flag -> bytes.put((byte) (flag ? 1 : 0));
            case Float number -> bytes.putFloat(number);
            case Double number -> bytes.putDouble(number);
            case BigDecimal number ->
                bytes.putLong(number.unscaledValue().longValue())
                        .putLong(number.unscaledValue().longValue() >> 63);
            case Number number -> bytes.putLong(number.longValue());
            default -> throw new IllegalArgumentException(String.valueOf(value));
        }
        return new StoredValue(java.util.Arrays.copyOf(bytes.array(), width));
    }

    /// Columns of the types, the first `keyColumns` of them being the key; none is a table without one.
    static TableSchema schema(List<ColumnType> types, int keyColumns) {
        List<Column> columns = new ArrayList<>();
        for (ColumnType type : types) {
            columns.add(new Column(columns.size() + 1, "c" + columns.size(), type, columns.size() < keyColumns));
        }
        return keyColumns == 0
                ? TableSchema.fullRow(columns)
                : new TableSchema(
                        columns, IntStream.range(0, keyColumns).boxed().toList());
    }
}
