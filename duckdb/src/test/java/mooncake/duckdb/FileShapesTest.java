package mooncake.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ColumnType.Numeric;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.Holdings;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import mooncake.model.StoredValue;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Views whose files were written before and after changes of the mirror's columns.
@Timeout(120)
class FileShapesTest extends DatabaseFixture {
    private static final Column KEY = new Column(1, "key", Scalar.INT4, true);

    final long seed = System.nanoTime();
    final Random random = new Random(seed);
    int nextKey;
    int written;

    /// Live rows by field id, in the order of files and positions.
    final List<Map<Integer, String>> live = new ArrayList<>();

    final List<ReadView.FileView> files = new ArrayList<>();

    @BeforeEach
    void printSeed() {
        System.out.println("seed " + seed);
    }

    private static ReadView view(TableSchema schema, List<ReadView.FileView> files) {
        return new ReadView(1, schema, files, List.of(), new Holdings(List.of(), List.of()));
    }

    private static TableSchema schema(List<Column> columns) {
        return new TableSchema(columns, List.of(0));
    }

    /// Writes a file in the shape of a schema, with some rows deleted.
    private void file(TableSchema schema, int rows, boolean deletes) {
        Path path = directory.resolve("key=file" + written++ + ".parquet");
        List<String> outputs = new ArrayList<>();
        List<Map<Integer, String>> rowsOfFile = new ArrayList<>();
        IntStream.range(0, rows).forEach(row -> rowsOfFile.add(new HashMap<>()));
        for (Column column : schema.columns()) {
            List<String> values = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                String value = column.fieldId() == 1 ? "" + nextKey++ : value(column.type());
                values.add(value == null ? "NULL" : ViewSql.quote(value));
                if (value != null) {
                    rowsOfFile.get(row).put(column.fieldId(), value);
                } else {
                    rowsOfFile.get(row).put(column.fieldId(), TestRows.NULL);
                }
            }
            String type =
                    column.type() == Scalar.INT2 ? "INTEGER" : column.type().duckType();
            outputs.add(
                    "unnest([" + String.join(",", values) + "])::" + type + " AS " + ViewSql.identifier(column.name()));
        }
        String ids = schema.columns().stream()
                .map(column -> ViewSql.identifier(column.name()) + ": " + column.fieldId())
                .collect(Collectors.joining(", ", "{", "}"));
        connection.execute("COPY (SELECT " + String.join(", ", outputs) + ") TO " + ViewSql.quote(path.toString())
                + " (FORMAT parquet, ROW_GROUP_SIZE 2048, FIELD_IDS " + ids + ")");
        Deletes.Editor editor = Deletes.NONE.edit();
        for (int row = 0; row < rows; row++) {
            if (deletes && random.nextInt(3) == 0) {
                editor.delete(row);
            } else {
                live.add(rowsOfFile.get(row));
            }
        }
        files.add(new ReadView.FileView(new DataFile(path.toString(), rows, 0), editor.snapshot()));
    }

    private @Nullable String value(ColumnType type) {
        if (random.nextInt(6) == 0) {
            return null;
        }
        int number = random.nextInt(-900, 900);
        return switch (type.duckType()) {
            case "SMALLINT", "INTEGER", "BIGINT" -> Integer.toString(number);
            case "FLOAT", "DOUBLE" -> number + ".5";
            case "VARCHAR" -> "text '" + number;
            default -> number + ".25";
        };
    }

    private List<Column> change(List<Column> columns, int nextId) {
        List<Column> changed = new ArrayList<>(columns);
        int at = 1 + random.nextInt(Math.max(1, columns.size() - 1));
        switch (random.nextInt(columns.size() > 1 ? 5 : 2)) {
            case 0 -> changed.add(new Column(nextId, "c" + (nextId - 1), Scalar.TEXT, false));
            case 1 -> changed.add(added(nextId));
            case 2 -> changed.remove(at);
            case 3 -> {
                Column column = columns.get(at);
                changed.set(
                        at,
                        new Column(column.fieldId(), "was \"" + column.name(), column.type(), false, column.initial()));
            }
            default -> {
                Column column = columns.get(at);
                changed.set(
                        at, new Column(column.fieldId(), column.name(), wider(column.type()), false, column.initial()));
            }
        }
        return changed;
    }

    private Column added(int id) {
        return switch (random.nextInt(4)) {
            case 0 -> new Column(id, "n" + id, Scalar.INT2, false, new StoredValue(new byte[] {7, 0}));
            case 1 -> new Column(id, "n" + id, Scalar.FLOAT4, false, new StoredValue(new byte[] {0, 0, 0, 0x3f}));
            case 2 -> new Column(id, "n" + id, new Numeric(9, 2), false, new StoredValue(new byte[] {-7, -1, -1, -1}));
            default ->
                new Column(id, "n" + id, Scalar.TEXT, false, new StoredValue("it's".getBytes(StandardCharsets.UTF_8)));
        };
    }

    private static ColumnType wider(ColumnType type) {
        return switch (type.duckType()) {
            case "SMALLINT" -> Scalar.INT4;
            case "INTEGER" -> Scalar.INT8;
            case "FLOAT" -> Scalar.FLOAT8;
            case "DECIMAL(9,2)" -> new Numeric(20, 2);
            case "DECIMAL(20,2)" -> new Numeric(38, 2);
            default -> type;
        };
    }

    private static String initial(Column column) {
        if (column.initial() == null) {
            return TestRows.NULL;
        }
        return switch (column.type().duckType()) {
            case "SMALLINT", "INTEGER", "BIGINT" -> "7";
            case "FLOAT", "DOUBLE" -> "0.5";
            case "VARCHAR" -> "it's";
            default -> "-0.07";
        };
    }

    private List<String> lines(List<Column> columns) {
        return live.stream()
                .map(row -> columns.stream()
                        .map(column -> row.getOrDefault(column.fieldId(), initial(column)))
                        .collect(Collectors.joining("|")))
                .toList();
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream().map(ViewSql::name).toList();
    }

    @Test
    void anyChangesOfColumnsWithAnyDeletesReadAsTheColumnsOfToday() {
        for (int round = 0; round < 8; round++) {
            live.clear();
            files.clear();
            List<Column> columns = List.of(KEY, new Column(2, "c1", Scalar.TEXT, false), added(3));
            int nextId = 4;
            boolean deletes = round % 4 != 0;
            for (int step = 0; step < 6; step++) {
                for (int count = random.nextInt(3); count >= 0; count--) {
                    file(schema(columns), 1 + random.nextInt(40), deletes);
                }
                columns = change(columns, nextId);
                nextId += 1 + random.nextInt(3);
            }
            ReadView view = view(schema(columns), files);
            long handle = db.views().register(view);
            readsAsToday(view, handle, columns);
            db.views().release(handle);
        }
    }

    private void readsAsToday(ReadView view, long handle, List<Column> columns) {
        List<Integer> positions =
                IntStream.range(0, columns.size()).boxed().collect(Collectors.toCollection(ArrayList::new));
        for (int i = 0; i < 3; i++) {
            Collections.shuffle(positions, random);
            List<Integer> some = List.copyOf(positions.subList(0, 1 + random.nextInt(positions.size())));
            List<Column> wanted = some.stream().map(columns::get).toList();
            String select = db.select(connection, view, handle, some);
            assertThat(TestRows.sorted(TestRows.read(connection, select, some.size(), names(wanted))))
                    .as(select)
                    .isEqualTo(TestRows.sorted(lines(wanted)));
            hasTypes(select, wanted);
        }
        String ordered = db.selectOrdered(connection, view, handle);
        assertThat(TestRows.read(connection, ordered, columns.size(), names(columns)))
                .as(ordered)
                .isEqualTo(lines(columns));
        String none = db.select(connection, view, handle, List.of());
        assertThat(TestDatabase.number(connection, "SELECT count(*) FROM (" + none + ")"))
                .isEqualTo(live.size());
        Map<Integer, String> row = live.get(random.nextInt(live.size()));
        String key = row.get(1);
        String all = db.select(
                connection,
                view,
                handle,
                IntStream.range(0, columns.size()).boxed().toList());
        assertThat(TestRows.read(connection, "FROM (" + all + ") WHERE c1 = " + key, columns.size(), names(columns)))
                .containsExactly(lines(columns).get(live.indexOf(row)));
    }

    private void hasTypes(String select, List<Column> columns) {
        try (DuckResult result = connection.query(select)) {
            for (int i = 0; i < columns.size(); i++) {
                assertThat(result.type(i))
                        .isEqualTo(DuckType.parse(columns.get(i).type().duckType()));
            }
        }
    }

    @Test
    void everyTypesInitialValueIsWhatItsStorageSays() {
        record Case(ColumnType type, String text, StoredValue value) {
            Case(ColumnType type, String text, byte... bytes) {
                this(type, text, new StoredValue(bytes));
            }
        }
        byte[] huge = new byte[16];
        huge[0] = 5;
        byte[] uuid = {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, (byte) 0x80};
        ColumnType timestamp = new ColumnType.Moment(ColumnType.Moment.Kind.TIMESTAMP, -1);
        ColumnType zoned = new ColumnType.Moment(ColumnType.Moment.Kind.TIMESTAMPTZ, -1);
        byte[] micros = {1, 0, 0, 0, 0, 0, 0, 0};
        byte[] most = {-1, -1, -1, -1, -1, -1, -1, 0x7f};
        byte[] least = {1, 0, 0, 0, 0, 0, 0, (byte) 0x80};
        List<Case> cases = List.of(
                new Case(Scalar.BOOL, "true", (byte) 1),
                new Case(Scalar.INT2, "-32768", (byte) 0, (byte) 0x80),
                new Case(Scalar.INT4, "-2147483648", (byte) 0, (byte) 0, (byte) 0, (byte) 0x80),
                new Case(Scalar.INT8, "-9223372036854775807", least),
                new Case(Scalar.FLOAT4, "nan", (byte) 0, (byte) 0, (byte) 0xc0, (byte) 0x7f),
                new Case(
                        Scalar.FLOAT8,
                        "-inf",
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0xf0,
                        (byte) 0xff),
                new Case(new Numeric(38, 5), "0.00005", huge),
                new Case(Scalar.TEXT, "a'b\"c", "a'b\"c".getBytes(StandardCharsets.UTF_8)),
                new Case(Scalar.BYTEA, "\\x00a\\xFF\\x27", (byte) 0, (byte) 'a', (byte) -1, (byte) '\''),
                new Case(Scalar.UUID, "00010203-0405-0607-0809-0a0b0c0d0e0f", uuid),
                new Case(Scalar.DATE, "0042-01-24 (BC)", (byte) 0xf0, (byte) 0xca, (byte) 0xf4, (byte) 0xff),
                new Case(Scalar.DATE, "infinity", (byte) -1, (byte) -1, (byte) -1, (byte) 0x7f),
                new Case(new ColumnType.Moment(ColumnType.Moment.Kind.TIME, -1), "00:00:00.000001", micros),
                new Case(
                        new ColumnType.Moment(ColumnType.Moment.Kind.TIME, -1),
                        "24:00:00",
                        (byte) 0,
                        (byte) 0x60,
                        (byte) 0xd7,
                        (byte) 0x1d,
                        (byte) 0x14,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0),
                new Case(timestamp, "1970-01-01 00:00:00.000001", micros),
                new Case(timestamp, "infinity", most),
                new Case(timestamp, "-infinity", least),
                new Case(zoned, "1970-01-01 00:00:00.000001+00", micros),
                new Case(zoned, "-infinity", least));
        file(schema(List.of(KEY)), 2, false);
        List<Column> columns = new ArrayList<>(List.of(KEY));
        cases.forEach(each -> columns.add(new Column(columns.size() + 1, "c", each.type(), false, each.value())));
        ReadView view = view(schema(columns), files);
        long handle = db.views().register(view);
        String select = db.select(
                connection,
                view,
                handle,
                IntStream.range(0, columns.size()).boxed().toList());
        String expected = cases.stream().map(Case::text).collect(Collectors.joining("|"));
        assertThat(TestRows.read(connection, select, columns.size(), names(columns)))
                .containsExactly("0|" + expected, "1|" + expected);
        hasTypes(select, columns);
        db.views().release(handle);
    }

    @Test
    void largeFilesOfSeveralShapesAreReadInOrder() {
        Column text = new Column(2, "t", Scalar.TEXT, false);
        for (int i = 0; i < 6; i++) {
            boolean wide = i % 2 == 1;
            Path path = directory.resolve("large" + i + ".parquet");
            connection.execute("COPY (SELECT (range + " + i * 300_000 + ")::INTEGER AS k"
                    + (wide ? ", 'x' AS t" : "") + " FROM range(300000)) TO " + ViewSql.quote(path.toString())
                    + " (FORMAT parquet, ROW_GROUP_SIZE 20480, FIELD_IDS {k: 1" + (wide ? ", t: 2" : "") + "})");
            Deletes.Editor editor = Deletes.NONE.edit();
            for (int row = i; row < 300_000; row += 1_000) {
                editor.delete(row);
            }
            files.add(new ReadView.FileView(new DataFile(path.toString(), 300_000, 0), editor.snapshot()));
        }
        ReadView view = view(schema(List.of(KEY, text)), files);
        long handle = db.views().register(view);
        Path copy = directory.resolve("copy.parquet");
        connection.execute("COPY (" + db.selectOrdered(connection, view, handle) + ") TO "
                + ViewSql.quote(copy.toString()) + " (FORMAT parquet)");
        db.views().release(handle);
        String wrong = "SELECT count(*) FROM (SELECT c1, lag(c1) OVER (ORDER BY file_row_number) AS before FROM "
                + "read_parquet(" + ViewSql.quote(copy.toString()) + ")) WHERE before >= c1";
        assertThat(TestDatabase.number(connection, wrong)).isZero();
        assertThat(TestDatabase.number(connection, "SELECT count(*) FROM " + ViewSql.quote(copy.toString())))
                .isEqualTo(view.liveRows())
                .isEqualTo(1_800_000 - 6 * 300);
    }

    @Test
    void predicatesAndCountsReachFilesOfEveryShape() {
        file(schema(List.of(KEY, new Column(2, "a", Scalar.INT4, false))), 30, true);
        file(schema(List.of(KEY, new Column(2, "a", Scalar.INT8, false))), 30, true);
        file(schema(List.of(KEY)), 30, true);
        List<Column> columns = List.of(
                KEY,
                new Column(2, "renamed", Scalar.INT8, false, new StoredValue(new byte[] {1, 0, 0, 0, 0, 0, 0, 0})));
        ReadView view = view(schema(columns), files);
        long handle = db.views().register(view);
        String both = db.select(connection, view, handle, List.of(0, 1));
        assertThat(both.split("read_parquet", -1)).hasSize(4);
        String one = db.select(connection, view, handle, List.of(0));
        assertThat(one.split("read_parquet", -1))
                .as("files agree on this column")
                .hasSize(2);
        String plan = plan("SELECT sum(c2) FROM (" + both + ") WHERE c1 > 10 AND c2 > 5");
        assertThat(plan).as(plan).containsPattern("key\"? > 10").containsPattern("a\"? > 5");
        db.views().release(handle);

        String clean = db.select(
                connection,
                view(
                        schema(columns),
                        files.stream()
                                .map(file -> new ReadView.FileView(file.file(), Deletes.NONE))
                                .toList()),
                1,
                List.of());
        assertThat(plan("SELECT count(*) FROM (" + clean + ")")).doesNotContain("READ_PARQUET");
    }

    private String plan(String sql) {
        try (DuckResult result = connection.query("EXPLAIN " + sql)) {
            return java.util.Objects.requireNonNull(result.next()).vector(1).getString(0);
        }
    }

    @Test
    void aTypeThatCannotBecomeTheWantedOneIsReportedWithItsFile() {
        file(schema(List.of(KEY, new Column(2, "a", Scalar.INT8, false))), 3, false);
        ReadView view = view(schema(List.of(KEY, new Column(2, "a", Scalar.INT4, false))), files);
        assertThatThrownBy(() -> db.select(connection, view, 1, List.of(1)))
                .isInstanceOf(MooncakeException.class)
                .hasMessageContaining("file0.parquet")
                .hasMessageContaining("BIGINT");
    }

    @Test
    void oneFileIsReadWithItsPositions() {
        file(schema(List.of(KEY, new Column(2, "a", Scalar.INT2, false))), 5, true);
        List<Column> columns =
                List.of(KEY, new Column(2, "b", Scalar.INT4, false), new Column(5, "c", Scalar.TEXT, false));
        String select =
                db.selectFile(connection, schema(columns), files.getFirst().file(), new int[] {2, 0});
        assertThat(TestRows.read(connection, select + " WHERE file_row_number = 3", 3, List.of("c5", "c1", "position")))
                .containsExactly("null|3|3");
    }
}
