package mooncake.duckdb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import mooncake.model.Column;
import mooncake.model.ColumnBatch;
import mooncake.model.ColumnType;
import mooncake.model.ColumnType.Moment;
import mooncake.model.ColumnType.Numeric;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.MemoryBudget;
import mooncake.model.TableSchema;

/// Random rows of every type, in batches and, as the oracle, as the texts that DuckDB casts them to.
final class TestRows {
    static final String NULL = "null";
    static final TableSchema SCHEMA = schema(
            Scalar.INT8,
            Scalar.BOOL,
            Scalar.INT2,
            Scalar.INT4,
            Scalar.FLOAT4,
            Scalar.FLOAT8,
            Scalar.TEXT,
            new Numeric(4, 1),
            new Numeric(9, 2),
            new Numeric(18, 0),
            new Numeric(38, 5),
            Scalar.DATE,
            new Moment(Moment.Kind.TIME, -1),
            new Moment(Moment.Kind.TIMESTAMP, -1),
            new Moment(Moment.Kind.TIMESTAMPTZ, -1),
            Scalar.UUID,
            Scalar.BYTEA,
            new ColumnType.Varchar(-1));

    private final Random random;
    private int nextKey;
    final MemoryBudget budget = new MemoryBudget(1L << 30);

    TestRows(Random random) {
        this.random = random;
    }

    static TableSchema schema(ColumnType... types) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            columns.add(new Column(i + 1, "column " + (i + 1), types[i], i == 0));
        }
        return new TableSchema(columns, List.of(0));
    }

    /// Fills the first rows of a new batch; their texts are added to `oracle`, row by row.
    ColumnBatch batch(TableSchema schema, int capacity, int rows, List<String[]> oracle) {
        ColumnBatch batch = new ColumnBatch(schema, capacity, budget);
        for (int row = 0; row < rows; row++) {
            String[] texts = new String[schema.width()];
            for (int column = 0; column < texts.length; column++) {
                boolean isNull = column > 0 && random.nextInt(8) == 0;
                texts[column] = isNull
                        ? NULL
                        : write(batch, column, row, schema.column(column).type(), nextKey);
                if (!isNull) {
                    MemorySegment bits = batch.validity(column);
                    long at = (row >> 6) * 8L;
                    bits.set(Memory.LONG, at, bits.get(Memory.LONG, at) | 1L << row);
                }
            }
            oracle.add(texts);
            nextKey++;
        }
        return batch;
    }

    private String write(ColumnBatch batch, int column, int row, ColumnType type, int ordinal) {
        MemorySegment data = batch.data(column);
        return switch (type) {
            case Scalar scalar -> writeScalar(batch, column, row, scalar, ordinal);
            case Numeric numeric -> writeNumeric(data, row, numeric);
            case ColumnType.Varchar _, ColumnType.Bpchar _ -> writeText(batch, column, row);
            case Moment moment -> {
                LocalDate day = LocalDate.ofEpochDay(random.nextInt(40_000) - 10_000);
                LocalTime time = LocalTime.ofSecondOfDay(random.nextInt(86_400));
                long ofDay = time.toSecondOfDay() * 1_000_000L;
                long instant = day.toEpochDay() * 86_400_000_000L + ofDay;
                String clock = String.format(
                        java.util.Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
                data.set(Memory.LONG, row * 8L, moment.kind() == Moment.Kind.TIME ? ofDay : instant);
                yield switch (moment.kind()) {
                    case TIME -> clock;
                    case TIMESTAMP -> day + " " + clock;
                    case TIMESTAMPTZ -> day + " " + clock + "+00";
                };
            }
            case ColumnType.Unsigned _, ColumnType.Textual _, ColumnType.Opaque _, ColumnType.Domain _ ->
                throw new IllegalArgumentException(type.displayName());
        };
    }

    private String writeScalar(ColumnBatch batch, int column, int row, Scalar type, int ordinal) {
        MemorySegment data = batch.data(column);
        int value = random.nextInt(-30_000, 30_000);
        switch (type) {
            case BOOL -> data.set(ValueLayout.JAVA_BYTE, row, (byte) (value & 1));
            case INT2 -> data.set(Memory.SHORT, row * 2L, (short) value);
            case INT4 -> data.set(Memory.INT, row * 4L, value);
            case INT8 -> data.set(Memory.LONG, row * 8L, ordinal);
            case FLOAT4 -> data.set(Memory.FLOAT, row * 4L, value + 0.5f);
            case FLOAT8 -> data.set(Memory.DOUBLE, row * 8L, value + 0.25);
            case DATE -> data.set(Memory.INT, row * 4L, value);
            case UUID -> {
                return writeUuid(data, row);
            }
            case BYTEA, TEXT, JSON, JSONB -> {
                return writeText(batch, column, row);
            }
            default -> throw new IllegalArgumentException(type.displayName());
        }
        return switch (type) {
            case BOOL -> (value & 1) == 1 ? "true" : "false";
            case FLOAT4 -> Float.toString(value + 0.5f);
            case FLOAT8 -> Double.toString(value + 0.25);
            case DATE -> LocalDate.ofEpochDay(value).toString();
            case INT8 -> Integer.toString(ordinal);
            default -> Integer.toString(value);
        };
    }

    private String writeUuid(MemorySegment data, int row) {
        UUID uuid = new UUID(random.nextLong(), random.nextLong());
        data.set(Memory.LONG, row * 16L, uuid.getLeastSignificantBits());
        data.set(Memory.LONG, row * 16L + 8, uuid.getMostSignificantBits() ^ Long.MIN_VALUE);
        return uuid.toString();
    }

    private String writeNumeric(MemorySegment data, int row, Numeric type) {
        BigInteger limit = BigInteger.TEN.pow(type.precision());
        BigInteger unscaled = new BigInteger(limit.bitLength() + 8, random).mod(limit);
        unscaled = random.nextBoolean() ? unscaled : unscaled.negate();
        switch (type.storage().width()) {
            case 2 -> data.set(Memory.SHORT, row * 2L, unscaled.shortValueExact());
            case 4 -> data.set(Memory.INT, row * 4L, unscaled.intValueExact());
            case 8 -> data.set(Memory.LONG, row * 8L, unscaled.longValueExact());
            default -> {
                data.set(Memory.LONG, row * 16L, unscaled.longValue());
                data.set(Memory.LONG, row * 16L + 8, unscaled.shiftRight(64).longValue());
            }
        }
        return new BigDecimal(unscaled, type.scale()).toPlainString();
    }

    private String writeText(ColumnBatch batch, int column, int row) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(30); length > 0; length--) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        MemorySegment data = batch.data(column);
        long entry = row * 16L;
        data.set(Memory.INT, entry, bytes.length);
        if (bytes.length <= 12) {
            MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, entry + 4, bytes.length);
        } else {
            MemorySegment heap = batch.allocateBytes(bytes.length);
            MemorySegment.copy(bytes, 0, heap, ValueLayout.JAVA_BYTE, 0, bytes.length);
            MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, entry + 4, 4);
            data.set(Memory.LONG, entry + 8, heap.address());
        }
        return text.toString();
    }

    /// All rows of a statement as texts, columns joined by a bar, nulls as [#NULL].
    static List<String> read(DuckConnection connection, String select, int columns, List<String> names) {
        StringBuilder sql = new StringBuilder("SELECT ");
        for (int i = 0; i < columns; i++) {
            sql.append(i == 0 ? "" : ", ")
                    .append("coalesce(")
                    .append(names.get(i))
                    .append("::VARCHAR, 'null')");
        }
        List<String> rows = new ArrayList<>();
        try (DuckResult result = connection.query(sql + " FROM (" + select + ")")) {
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                for (int row = 0; row < chunk.rows(); row++) {
                    String[] texts = new String[columns];
                    for (int i = 0; i < columns; i++) {
                        texts[i] = chunk.vector(i).getString(row);
                    }
                    rows.add(String.join("|", texts));
                }
            }
        }
        return rows;
    }

    /// A row of the oracle in the form of [#read].
    static String line(String[] row, List<Integer> positions) {
        return String.join("|", positions.stream().map(p -> row[p]).toList());
    }

    static List<String> sorted(List<String> rows) {
        String[] copy = rows.toArray(String[]::new);
        Arrays.sort(copy);
        return List.of(copy);
    }
}
