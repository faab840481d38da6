package mooncake.lake;

import static mooncake.lake.TestLake.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ColumnType.Bpchar;
import mooncake.model.ColumnType.Moment;
import mooncake.model.ColumnType.Numeric;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.ColumnType.Varchar;
import mooncake.model.DataFile;
import mooncake.model.Lsn;
import mooncake.model.ReadView.BatchView;
import mooncake.model.Storage;
import mooncake.model.TableSchema;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every type through Parquet to a foreign reader and back into storage.
@SuppressWarnings("NullAway") // Rows are arrays with nulls.
class LakeTypesTest {
    private static final List<ColumnType> TYPES = List.of(
            Scalar.INT8,
            Scalar.BOOL,
            Scalar.BYTEA,
            Scalar.INT2,
            Scalar.INT4,
            Scalar.TEXT,
            Scalar.JSON,
            Scalar.FLOAT4,
            Scalar.FLOAT8,
            Scalar.DATE,
            Scalar.UUID,
            Scalar.JSONB,
            new Numeric(4, 2),
            new Numeric(9, 0),
            new Numeric(18, 18),
            new Numeric(38, 10),
            new Varchar(14),
            new Bpchar(9),
            new Moment(Moment.Kind.TIME, -1),
            new Moment(Moment.Kind.TIMESTAMP, 3),
            new Moment(Moment.Kind.TIMESTAMPTZ, -1));

    private static final TableSchema SCHEMA = new TableSchema(
            IntStream.range(0, TYPES.size())
                    .mapToObj(i -> new Column(i + 1, "c" + i, TYPES.get(i), i == 0))
                    .toList(),
            List.of(0));

    private static final BigInteger HUGE = BigInteger.TEN.pow(38).subtract(BigInteger.ONE);
    private static final UUID RANDOM = UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");

    @TempDir
    Path directory;

    TestLake fixture;
    LakeTable table;

    @BeforeEach
    void open() {
        fixture = new TestLake(directory);
        table = fixture.open().create("public", "types", SCHEMA, Map.of());
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static Object[] low() {
        return new Object[] {
            Long.MIN_VALUE,
            false,
            new byte[0],
            Short.MIN_VALUE,
            Integer.MIN_VALUE,
            "",
            "[]",
            Float.NEGATIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -Integer.MAX_VALUE,
            new UUID(0, 0),
            "[]",
            (short) -9999,
            -999_999_999,
            -999_999_999_999_999_999L,
            HUGE.negate(),
            "",
            "     ",
            0L,
            -Long.MAX_VALUE,
            -Long.MAX_VALUE
        };
    }

    private static Object[] high() {
        return new Object[] {
            Long.MAX_VALUE,
            true,
            new byte[] {0, 1, -1, 39, 92, 10, 11, 12, 13, 14, 15, 16, 17},
            Short.MAX_VALUE,
            Integer.MAX_VALUE,
            "a longer text with ünï©ode 🐘 and ' \" \\",
            "{\"a\" : 1.50}",
            Float.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Integer.MAX_VALUE,
            new UUID(-1, -1),
            "{\"a\": 1}",
            (short) 9999,
            999_999_999,
            999_999_999_999_999_999L,
            HUGE,
            "0123456789",
            "abc  ",
            86_399_999_999L,
            Long.MAX_VALUE,
            Long.MAX_VALUE
        };
    }

    private static Object[] plain() {
        return new Object[] {
            7L,
            true,
            "bytes".getBytes(StandardCharsets.UTF_8),
            (short) -7,
            70_000,
            "twelve bytes",
            "null",
            Float.NaN,
            Double.NaN,
            -800_000,
            RANDOM,
            "null",
            (short) 5,
            1,
            1L,
            BigInteger.ONE,
            "x",
            "x    ",
            3_600_000_001L,
            -62_200_000_000_000_000L,
            1_700_000_000_123_456L
        };
    }

    private static Object[] nulls() {
        Object[] row = new Object[TYPES.size()];
        row[0] = 0L;
        return row;
    }

    private DataFile write() {
        BatchView batch = TestBatch.of(SCHEMA, List.of(low(), high(), plain(), nulls()));
        DataFile file = table.write(SCHEMA, List.of(batch)).orElseThrow();
        table.commit(new Lsn(1), table.schema(), List.of(view(file)));
        return file;
    }

    @Test
    void aForeignReaderSeesEveryValue() throws IOException {
        write();
        List<Record> rows = TestLake.records(fixture.foreign("public", "types"));

        assertThat(rows).hasSize(4);
        assertRow(rows.get(0), low());
        assertRow(rows.get(1), high());
        assertRow(rows.get(2), plain());
        assertRow(rows.get(3), nulls());
    }

    private static void assertRow(Record row, Object[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(row.get(i)).as("%s", TYPES.get(i)).isEqualTo(iceberg(TYPES.get(i), expected[i]));
        }
    }

    /// A stored value as Iceberg's generic reader gives it.
    private static @Nullable Object iceberg(ColumnType type, @Nullable Object value) {
        return switch (type) {
            case Scalar scalar ->
                switch (value) {
                    case null -> null;
                    case byte[] bytes -> ByteBuffer.wrap(bytes);
                    case Short s -> (int) s;
                    case Integer days when scalar == Scalar.DATE -> LocalDate.ofEpochDay(days);
                    default -> value;
                };
            case Numeric(int _, int scale) ->
                value == null ? null : new BigDecimal(new BigInteger(value.toString()), scale);
            case ColumnType.Unsigned _, Varchar _, Bpchar _, ColumnType.Textual _ -> value;
            case ColumnType.Opaque _ -> value == null ? null : ByteBuffer.wrap((byte[]) value);
            case ColumnType.Domain(int _, ColumnType base, String _) -> iceberg(base, value);
            case Moment(Moment.Kind kind, int _) -> value == null ? null : moment(kind, (Long) value);
        };
    }

    private static Object moment(Moment.Kind kind, long micros) {
        return switch (kind) {
            case TIME -> LocalTime.ofNanoOfDay(micros * 1_000);
            case TIMESTAMP ->
                ChronoUnit.MICROS
                        .addTo(Instant.EPOCH.atOffset(ZoneOffset.UTC), micros)
                        .toLocalDateTime();
            case TIMESTAMPTZ -> ChronoUnit.MICROS.addTo(Instant.EPOCH.atOffset(ZoneOffset.UTC), micros);
        };
    }

    @Test
    void metricsSayWhatEnginesSkipFilesBy() throws IOException {
        write();
        Table foreign = fixture.foreign("public", "types");
        FileScanTask task;
        try (CloseableIterable<FileScanTask> tasks =
                foreign.newScan().includeColumnStats().planFiles()) {
            task = tasks.iterator().next();
        }

        assertThat(task.file().recordCount()).isEqualTo(4);
        assertThat(task.file().splitOffsets()).isNotEmpty();
        assertThat(task.file().nanValueCounts()).containsOnly(Map.entry(8, 1L), Map.entry(9, 1L));
        for (int i = 0; i < TYPES.size(); i++) {
            int id = i + 1;
            assertThat(task.file().valueCounts()).containsEntry(id, 4L);
            assertThat(task.file().nullValueCounts()).containsEntry(id, i == 0 ? 0L : 1L);
            assertThat(bound(foreign, task.file().lowerBounds(), id))
                    .as("lower bound of %s", TYPES.get(i))
                    .isIn(null, expectedBound(i, low()));
        }
        assertThat(bound(foreign, task.file().lowerBounds(), 1)).isEqualTo(Long.MIN_VALUE);
        assertThat(bound(foreign, task.file().upperBounds(), 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(bound(foreign, task.file().upperBounds(), 4)).isEqualTo((int) Short.MAX_VALUE);
        assertThat(bound(foreign, task.file().upperBounds(), 20)).isEqualTo(Long.MAX_VALUE);
        assertThat(bound(foreign, task.file().upperBounds(), 16)).isEqualTo(new BigDecimal(HUGE, 10));
    }

    private static @Nullable Object bound(Table table, Map<Integer, ByteBuffer> bounds, int id) {
        @Nullable ByteBuffer bytes = bounds.get(id);
        Object value =
                bytes == null ? null : Conversions.fromByteBuffer(table.schema().findType(id), bytes);
        return value instanceof CharSequence ? value.toString() : value;
    }

    private static @Nullable Object expectedBound(int column, Object[] row) {
        @Nullable Object value = row[column];
        return switch (value) {
            case Short s when TYPES.get(column) == Scalar.INT2 -> (int) s;
            case byte[] bytes -> ByteBuffer.wrap(bytes);
            default ->
                TYPES.get(column) instanceof Numeric(int _, int scale)
                        ? new BigDecimal(new BigInteger(value.toString()), scale)
                        : value;
        };
    }

    @Test
    void valuesComeBackAsTheirStorage() {
        DataFile file = write();
        int[] columns = IntStream.range(0, TYPES.size()).toArray();
        List<Object[]> rows = List.of(low(), high(), plain(), nulls());
        ParquetRows stored = new ParquetRows(fixture.duckDb, SCHEMA);

        for (int row = 0; row < rows.size(); row++) {
            byte[] @Nullable [] values = TestLake.read(stored, file, row, columns);
            BatchView expected = TestBatch.of(SCHEMA, List.<Object[]>of(rows.get(row)));
            for (int column : columns) {
                assertThat(values[column])
                        .as("%s of row %d", TYPES.get(column), row)
                        .isEqualTo(storedBytes(expected, column, rows.get(row)[column]));
            }
        }
        assertThat(TestLake.read(stored, file, 1, 5, 0)[1]).isEqualTo(new byte[] {-1, -1, -1, -1, -1, -1, -1, 127});
    }

    @Test
    void severalRowsAreReadAtOnce() {
        DataFile file = write();
        ParquetRows stored = new ParquetRows(fixture.duckDb, SCHEMA);
        byte[] @Nullable [] found = new byte[3][];
        stored.read(file, new long[] {0, 1, 3}, new int[] {0}, (index, values) -> found[index] = values[0]);
        assertThat(found[0]).isEqualTo(TestLake.read(stored, file, 0, 0)[0]);
        assertThat(found[1]).isEqualTo(TestLake.read(stored, file, 1, 0)[0]).isNotEqualTo(found[0]);
        assertThat(found[2]).isEqualTo(TestLake.read(stored, file, 3, 0)[0]);
        assertThatThrownBy(() -> stored.read(file, new long[] {2, 99}, new int[] {0}, (_, _) -> {}))
                .hasMessageContaining("1 of 2 rows");
    }

    private static byte @Nullable [] storedBytes(BatchView batch, int column, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case byte[] bytes -> bytes;
            default -> {
                Storage storage = TYPES.get(column).storage();
                yield batch.batch().data(column).asSlice(0, storage.width()).toArray(ValueLayout.JAVA_BYTE);
            }
        };
    }

    @Test
    void columnsAreScannedInStorageLayout() {
        BatchView batch = TestBatch.of(
                SCHEMA,
                IntStream.range(0, 10_000)
                        .mapToObj(i -> {
                            Object[] row = nulls();
                            row[0] = (long) i;
                            row[3] = i % 7 == 0 ? null : (short) (i % 100);
                            row[5] = "text of row " + i;
                            return row;
                        })
                        .toList());
        DataFile file = table.write(SCHEMA, List.of(batch)).orElseThrow();

        List<Long> positions = new ArrayList<>();
        new ParquetRows(fixture.duckDb, SCHEMA).scan(file, new int[] {5, 3, 0}, (columns, valid, at, rows) -> {
            for (int row = 0; row < rows; row++) {
                long position = at.getAtIndex(ValueLayout.JAVA_LONG, row);
                positions.add(position);
                assertThat(string(columns[0], row)).isEqualTo("text of row " + position);
                MemorySegment present = valid[1];
                boolean absent =
                        present != null && (present.getAtIndex(ValueLayout.JAVA_LONG, row >> 6) & 1L << row) == 0;
                assertThat(absent).isEqualTo(position % 7 == 0);
                if (!absent) {
                    assertThat(columns[1].getAtIndex(ValueLayout.JAVA_SHORT, row))
                            .isEqualTo((short) (position % 100));
                }
                assertThat(columns[2].getAtIndex(ValueLayout.JAVA_LONG, row)).isEqualTo(position);
            }
        });
        assertThat(positions).hasSize(10_000).isSorted().doesNotHaveDuplicates();
    }

    private static String string(MemorySegment data, int row) {
        int length = data.get(ValueLayout.JAVA_INT, 16L * row);
        MemorySegment bytes = length <= 12
                ? data.asSlice(16L * row + 4, length)
                : MemorySegment.ofAddress(data.get(ValueLayout.JAVA_LONG, 16L * row + 8))
                        .reinterpret(length);
        return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    @Test
    void columnNamesThatDuckDbConfusesStayApart() throws IOException {
        List<String> names =
                List.of("a", "A", "a_2", "file_row_number", "q\"uo'te", "with.dot", "select", "Ä", "ä", "{");
        TableSchema schema = new TableSchema(
                IntStream.range(0, names.size())
                        .mapToObj(i -> new Column(i + 1, names.get(i), Scalar.INT4, false))
                        .toList(),
                List.of(0));
        LakeTable odd = fixture.open().create("public", "odd", schema, Map.of());
        Object[] row = IntStream.range(0, names.size()).boxed().toArray();
        DataFile file = odd.write(schema, List.of(TestBatch.of(schema, List.of(row, row))))
                .orElseThrow();
        odd.commit(new Lsn(1), odd.schema(), List.of(view(file, 0)));

        Record read = TestLake.records(fixture.foreign("public", "odd")).getFirst();
        byte[] @Nullable [] stored = TestLake.read(
                new ParquetRows(fixture.duckDb, schema),
                file,
                1,
                IntStream.range(0, names.size()).toArray());
        for (int i = 0; i < names.size(); i++) {
            assertThat(read.getField(names.get(i))).as(names.get(i)).isEqualTo(i);
            assertThat(stored[i]).as(names.get(i)).isEqualTo(new byte[] {(byte) i, 0, 0, 0});
        }
        assertThat(fixture.open().open("public", "odd").schema()).isEqualTo(schema);
    }

    @Test
    void theSchemaSurvivesReopening() {
        assertThat(fixture.open().open("public", "types").schema()).isEqualTo(SCHEMA);
    }
}
