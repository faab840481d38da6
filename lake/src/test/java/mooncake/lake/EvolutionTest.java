package mooncake.lake;

import static mooncake.lake.TestLake.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.ColumnType.Numeric;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.DataFile;
import mooncake.model.Identity;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView.FileView;
import mooncake.model.StoredValue;
import mooncake.model.TableSchema;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes of a mirror's columns, as a foreign reader sees them over files of before and after.
@SuppressWarnings("NullAway") // Rows are arrays with nulls.
class EvolutionTest {
    private static final Column ID = new Column(1, "id", Scalar.INT4, true);
    private static final Column NOTE = new Column(2, "note", Scalar.TEXT, false);
    private static final TableSchema FIRST = schema(ID, NOTE);

    @TempDir
    Path directory;

    TestLake fixture;
    LakeTable table;
    List<FileView> state = new ArrayList<>();
    long lsn;

    @BeforeEach
    void open() {
        fixture = new TestLake(directory);
        table = fixture.open().create("public", "t", FIRST, Map.of("mooncake.source", "public.s"));
        state.add(view(write(FIRST, row(1, "one"), row(2, "two"), row(3, null)), 1));
        table.commit(new Lsn(++lsn), FIRST, state);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static TableSchema schema(Column... columns) {
        return new TableSchema(List.of(columns), List.of(0));
    }

    private static Object[] row(@Nullable Object... values) {
        return values;
    }

    private static Column column(int id, String name, ColumnType type, byte... initial) {
        return new Column(id, name, type, false, new StoredValue(initial));
    }

    private DataFile write(TableSchema schema, Object[]... rows) {
        return table.write(schema, List.of(TestBatch.of(schema, List.of(rows)))).orElseThrow();
    }

    /// Commits files of before, and one with these rows, in a new shape, and checks that the table was
    /// changed once.
    private Table evolve(TableSchema schema, Object[]... rows) {
        assertThat(table.canFollow(schema)).isTrue();
        int before = metadataFiles(foreign());
        int snapshots = ids(foreign()).size();
        if (rows.length > 0) {
            state.add(view(write(schema, rows)));
        }
        table.commit(new Lsn(++lsn), schema, state);
        Table foreign = foreign();
        assertThat(metadataFiles(foreign)).isEqualTo(before + 1);
        assertThat(ids(foreign)).hasSize(snapshots + 1);
        assertThat(foreign.currentSnapshot().schemaId())
                .isEqualTo(foreign.schema().schemaId());
        assertThat(foreign.currentSnapshot().summary()).containsEntry(LakeTable.LSN, new Lsn(lsn).toString());
        assertThat(table.schema()).isEqualTo(schema);
        LakeTable again = fixture.open().open("public", "t");
        assertThat(again.schema()).isEqualTo(schema);
        assertThat(again.properties()).containsEntry("mooncake.source", "public.s");
        assertThat(again.load().stream().map(FileView::file))
                .isEqualTo(state.stream().map(FileView::file).toList());
        return foreign;
    }

    private Table foreign() {
        return fixture.foreign("public", "t");
    }

    private static int metadataFiles(Table table) {
        return ((HasTableOperations) table)
                .operations()
                .current()
                .previousFiles()
                .size();
    }

    private static List<Long> ids(Table table) {
        List<Long> ids = new ArrayList<>();
        table.snapshots().forEach(snapshot -> ids.add(snapshot.snapshotId()));
        return ids;
    }

    private static List<String> rows(Table table) throws IOException {
        List<String> rows = new ArrayList<>();
        for (Record row : TestLake.records(table)) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < table.schema().columns().size(); i++) {
                values.add(String.valueOf(row.get(i)));
            }
            rows.add(String.join("|", values));
        }
        return rows;
    }

    @Test
    void anAddedColumnIsNullOrItsInitialValueInOldRows() throws IOException {
        Column plain = new Column(3, "plain", Scalar.INT8, false);
        Column text = column(4, "text", Scalar.TEXT, "dé\"f'".getBytes(StandardCharsets.UTF_8));
        Column required = new Column(5, "required", Scalar.INT4, true, new StoredValue(new byte[] {7, 0, 0, 0}));
        Column lacking = new Column(6, "lacking", Scalar.BOOL, true);
        Table foreign = evolve(schema(ID, NOTE, plain, text, required, lacking), row(9, "nine", 99L, null, 1, true));

        assertThat(rows(foreign))
                .containsExactlyInAnyOrder(
                        "1|one|null|dé\"f'|7|null", "3|null|null|dé\"f'|7|null", "9|nine|99|null|1|true");
        Types.NestedField field = foreign.schema().findField("text");
        assertThat(field.initialDefault()).hasToString("dé\"f'");
        assertThat(field.writeDefault()).hasToString("dé\"f'");
        assertThat(foreign.schema().findField("required").isRequired()).isTrue();
        assertThat(foreign.schema().findField("lacking").isOptional()).isTrue();

        state.set(0, view(state.get(0).file(), 0, 1));
        assertThat(rows(evolve(schema(ID, NOTE, plain, text, required, lacking))))
                .hasSize(2);
    }

    @Test
    void columnsAreDroppedRenamedAndAddedAgainUnderOtherIds() throws IOException {
        Column renamed = new Column(2, "remark", Scalar.TEXT, false);
        assertThat(rows(evolve(schema(ID, renamed), row(4, "four")))).contains("1|one", "3|null", "4|four");

        Column anew = new Column(5, "note", Scalar.TEXT, false);
        Table foreign = evolve(schema(ID, anew), row(5, "five"));
        assertThat(rows(foreign)).containsExactlyInAnyOrder("1|null", "3|null", "4|null", "5|five");
        assertThat(foreign.properties()).doesNotContainKey("mooncake.column.2");

        Column later = new Column(17, "remark", Scalar.INT4, false);
        Table last = evolve(schema(ID, anew, later), row(6, "six", 66));
        assertThat(rows(last)).contains("5|five|null", "6|six|66");
        assertThat(((HasTableOperations) last).operations().current().lastColumnId())
                .isEqualTo(17);
        assertThat(rows(evolve(schema(ID)))).containsExactlyInAnyOrder("1", "3", "4", "5", "6");
    }

    /// As when columns were dropped before the first copy.
    @Test
    void aNewTableHasFieldIdsWithGaps() {
        TableSchema gaps = schema(
                new Column(2, "id", Scalar.INT8, true),
                new Column(3, "gap_5", Scalar.TEXT, false),
                column(6, "text", Scalar.TEXT, "x".getBytes(StandardCharsets.UTF_8)));
        LakeTable created = fixture.open().create("public", "gaps", gaps, Map.of());
        assertThat(created.schema()).isEqualTo(gaps);
        assertThat(fixture.open().open("public", "gaps").schema()).isEqualTo(gaps);
        assertThat(fixture.foreign("public", "gaps").schema().columns())
                .extracting(Types.NestedField::name)
                .containsExactly("id", "gap_5", "text");
        DataFile file = created.write(
                        gaps, List.of(TestBatch.of(gaps, List.of(row(1L, "one", "t"), row(2L, null, null)))))
                .orElseThrow();
        created.commit(new Lsn(1), gaps, List.of(view(file)));
        assertThat(fixture.open().open("public", "gaps").load()).hasSize(1);
    }

    @Test
    void typesAreWidenedOverTheFilesOfBefore() throws IOException {
        Column small = new Column(3, "small", Scalar.INT2, false);
        Column real = new Column(4, "real", Scalar.FLOAT4, false);
        Column money = new Column(5, "money", new Numeric(6, 2), false, new StoredValue(new byte[] {100, 0, 0, 0}));
        evolve(schema(ID, NOTE, small, real, money), row(10, "a", (short) -5, 0.1f, 12345));
        Column integer = new Column(3, "small", Scalar.INT4, false);
        evolve(schema(ID, NOTE, integer, real, money), row(11, "b", 70_000, 0.2f, 12345));
        Table foreign = evolve(
                schema(
                        new Column(1, "id", Scalar.INT8, true),
                        NOTE,
                        new Column(3, "small", Scalar.INT8, false),
                        new Column(4, "real", Scalar.FLOAT8, false),
                        new Column(5, "money", new Numeric(20, 2), false, new StoredValue(bytes(100, 16)))),
                row(1L << 40, "c", 1L << 41, 0.3, java.math.BigInteger.valueOf(99)));

        assertThat(rows(foreign))
                .containsExactlyInAnyOrder(
                        "1|one|null|null|1.00",
                        "3|null|null|null|1.00",
                        "10|a|-5|" + (double) 0.1f + "|123.45",
                        "11|b|70000|" + (double) 0.2f + "|123.45",
                        "1099511627776|c|2199023255552|0.3|0.99");
    }

    private static byte[] bytes(int value, int width) {
        byte[] bytes = new byte[width];
        bytes[0] = (byte) value;
        return bytes;
    }

    @Test
    void notNullFollowsTheSourceAsFarAsTheFilesAllow() {
        Column declared = new Column(2, "note", Scalar.TEXT, true);
        Table nulls = evolve(schema(ID, declared), row(4, "four"));
        assertThat(nulls.schema().findField("note").isOptional()).isTrue();

        state.clear();
        evolve(schema(ID, NOTE), row(5, "five"));
        Table required = evolve(schema(ID, declared), row(6, "six"));
        assertThat(required.schema().findField("note").isRequired()).isTrue();
        Table relaxed = evolve(schema(ID, NOTE), row(7, "seven"));
        assertThat(relaxed.schema().findField("note").isOptional()).isTrue();
        assertThat(evolve(schema(ID, declared), row(8, null))
                        .schema()
                        .findField("note")
                        .isOptional())
                .isTrue();
    }

    @Test
    void keyAndIdentityChangeWithTheCommit() {
        List<Column> columns = List.of(ID, new Column(2, "note", Scalar.TEXT, true));
        for (TableSchema schema : List.of(
                new TableSchema(columns, List.of(1, 0)),
                TableSchema.fullRow(columns),
                new TableSchema(columns, List.of(), Identity.APPEND_ONLY))) {
            evolve(schema);
        }
        assertThat(foreign().properties())
                .containsEntry("mooncake.identity", "append_only")
                .containsEntry("mooncake.key", "");
    }

    @Test
    void whatIcebergCannotFollowIsSaidBeforeAndRefusedButForNewFiles() throws IOException {
        Column other = new Column(2, "note", Scalar.INT4, false);
        Column nan = column(3, "nan", Scalar.FLOAT4, (byte) 0, (byte) 0, (byte) 0xc0, (byte) 0x7f);
        Column wider = new Column(2, "note", new ColumnType.Varchar(40), false);
        assertThat(table.canFollow(schema(ID, wider))).isTrue();
        for (TableSchema schema : List.of(
                schema(ID, other), schema(ID, NOTE, nan), schema(ID, column(2, "note", Scalar.TEXT, (byte) 'x')))) {
            assertThat(table.canFollow(schema)).isFalse();
            assertThatThrownBy(() -> table.commit(new Lsn(lsn + 1), schema, state))
                    .isInstanceOf(MooncakeException.class)
                    .hasMessageContaining("files of before stay");
        }
        assertThat(rows(foreign())).containsExactlyInAnyOrder("1|one", "3|null");
        assertThat(table.schema()).isEqualTo(FIRST);

        TableSchema anew = schema(ID, other, nan);
        List<FileView> copied = List.of(view(write(anew, row(1, 11, Float.NaN), row(2, 22, 0f)), 0));
        table.commit(new Lsn(++lsn), anew, copied);
        assertThat(rows(foreign())).containsExactly("2|22|0.0");
        assertThat(fixture.open().open("public", "t").schema()).isEqualTo(anew);
        assertThat(foreign().currentSnapshot().summary()).containsEntry("deleted-data-files", "1");
    }

    @Test
    void aSnapshotOfBeforeKeepsItsColumns() throws IOException {
        long before = foreign().currentSnapshot().snapshotId();
        Table foreign = evolve(schema(ID, new Column(3, "n", new Numeric(3, 1), false)), row(4, (short) 15));
        List<String> old = new ArrayList<>();
        try (var records = org.apache.iceberg.data.IcebergGenerics.read(foreign)
                .useSnapshot(before)
                .build()) {
            records.forEach(record -> old.add(record.getField("id") + "|" + record.getField("note")));
        }
        assertThat(old).containsExactlyInAnyOrder("1|one", "3|null");
        assertThat(TestLake.records(foreign).stream().map(record -> record.getField("n")))
                .contains(new BigDecimal("1.5"));
    }
}
