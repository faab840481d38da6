package mooncake.lake;

import static mooncake.lake.TestLake.view;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mooncake.model.Column;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.Lsn;
import mooncake.model.ReadView.FileView;
import mooncake.model.StoredValue;
import mooncake.model.TableSchema;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files made out of files, and rows read back from files that are older than their columns.
@SuppressWarnings("NullAway") // Rows are arrays with nulls.
class RewriteTest {
    private static final Column ID = new Column(1, "id", Scalar.INT4, true);
    private static final TableSchema BEFORE = new TableSchema(
            List.of(ID, new Column(2, "gone", Scalar.TEXT, false), new Column(3, "f", Scalar.FLOAT4, false)),
            List.of(0));
    private static final TableSchema AFTER = new TableSchema(
            List.of(
                    ID,
                    new Column(3, "renamed", Scalar.FLOAT8, false),
                    new Column(5, "added", Scalar.TEXT, false, new StoredValue("x".getBytes(StandardCharsets.UTF_8)))),
            List.of(0));

    @TempDir
    Path directory;

    TestLake fixture;
    LakeTable table;

    @BeforeEach
    void open() {
        fixture = new TestLake(directory);
        table = fixture.open(TestLake.EAGER).create("public", "t", BEFORE, Map.of());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private DataFile before(int... ids) {
        List<Object[]> rows = new ArrayList<>();
        for (int id : ids) {
            rows.add(new Object[] {id, "gone", id % 2 == 0 ? Float.NaN : 0.5f});
        }
        return table.write(BEFORE, List.of(TestBatch.of(BEFORE, rows))).orElseThrow();
    }

    private DataFile after(int... ids) {
        List<Object[]> rows = new ArrayList<>();
        for (int id : ids) {
            rows.add(new Object[] {id, 0.25, null});
        }
        return table.write(AFTER, List.of(TestBatch.of(AFTER, rows))).orElseThrow();
    }

    private static List<String> rows(Table table) throws IOException {
        return TestLake.records(table).stream()
                .map(row -> row.get(0) + "|" + row.get(1) + "|" + row.get(2))
                .toList();
    }

    @Test
    void rowsOfOldAndNewFilesBecomeOneFileInOrder() throws IOException {
        DataFile a = before(7, 2, 9);
        DataFile b = after(4, 1);
        DataFile c = before(3, 8);
        table.commit(new Lsn(1), BEFORE, List.of(view(a, 2), view(c)));
        table.commit(new Lsn(2), AFTER, List.of(view(a, 2), view(b, 1), view(c)));
        List<String> wanted = List.of("7|0.5|x", "2|NaN|x", "4|0.25|null", "3|0.5|x", "8|NaN|x");
        assertThat(rows(fixture.foreign("public", "t"))).containsExactlyInAnyOrderElementsOf(wanted);

        DataFile merged =
                table.rewrite(AFTER, List.of(view(a, 2), view(b, 1), view(c))).orElseThrow();
        assertThat(merged.rows()).isEqualTo(5);
        assertThat(merged.bytes()).isEqualTo(Files.size(Path.of(merged.path())));
        table.commit(new Lsn(3), AFTER, List.of(view(merged, 1)));

        Table foreign = fixture.foreign("public", "t");
        List<String> left = new ArrayList<>(wanted);
        left.remove(1);
        assertThat(rows(foreign)).isEqualTo(left);
        try (CloseableIterable<FileScanTask> tasks =
                foreign.newScan().includeColumnStats().planFiles()) {
            assertThat(tasks.iterator().next().file().nanValueCounts()).containsEntry(3, 2L);
        }
        assertThat(Path.of(a.path())).as("the mirror may still show it").exists();
        List.of(a, b, c).forEach(table::unneeded);
        table.commit(new Lsn(4), AFTER, List.of(view(merged, 1)));
        assertThat(Path.of(a.path())).doesNotExist();
    }

    @Test
    void nothingIsWrittenWhenNoRowIsLive() throws IOException {
        DataFile a = before(1, 2);
        assertThat(table.rewrite(AFTER, List.of(view(a, 0, 1)))).isEmpty();
        assertThat(table.rewrite(AFTER, List.of())).isEmpty();
        assertThat(TestLake.dataFiles(table)).hasSize(1);
    }

    @Test
    void manyRowsKeepTheirOrder() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<FileView> files = new ArrayList<>();
        List<Integer> wanted = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int[] ids = random.ints(20_000 + random.nextInt(20_000)).toArray();
            DataFile file = random.nextBoolean() ? before(ids) : after(ids);
            Deletes.Editor deletes = Deletes.NONE.edit();
            for (int row = 0; row < ids.length; row++) {
                if (random.nextInt(10) == 0) {
                    deletes.delete(row);
                } else {
                    wanted.add(ids[row]);
                }
            }
            files.add(new FileView(file, deletes.snapshot()));
        }
        DataFile merged = table.rewrite(AFTER, files).orElseThrow();
        List<Integer> read = new ArrayList<>();
        new ParquetRows(fixture.duckDb, AFTER).scan(merged, new int[] {0}, (columns, valid, positions, rows) -> {
            for (int row = 0; row < rows; row++) {
                read.add(columns[0].getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, row));
            }
        });
        assertThat(read).isEqualTo(wanted);
    }

    @Test
    void singleRowsOfOldFilesAreReadInTheColumnsOfToday() {
        ParquetRows rows = new ParquetRows(fixture.duckDb, AFTER);
        byte[][] old = TestLake.read(rows, before(7, 2), 1, 2, 0, 1);
        assertThat(new String(old[0], StandardCharsets.UTF_8)).isEqualTo("x");
        assertThat(old[1]).containsExactly(2, 0, 0, 0);
        assertThat(old[2]).hasSize(8);
        assertThat(TestLake.read(rows, after(5), 0, 2)[0]).isNull();
        long[] scanned = new long[1];
        rows.scan(before(1, 2, 3), new int[] {2, 0}, (columns, valid, positions, count) -> scanned[0] += count);
        assertThat(scanned[0]).isEqualTo(3);
    }
}
