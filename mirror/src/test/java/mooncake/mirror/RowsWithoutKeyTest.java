package mooncake.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mooncake.model.Change;
import mooncake.model.Column;
import mooncake.model.ColumnType.Bpchar;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.ErrorCode;
import mooncake.model.Identity;
import mooncake.model.MemoryBudget;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables whose rows are found by all their columns, or not at all.
class RowsWithoutKeyTest {
    private static final List<Column> COLUMNS = List.of(
            new Column(1, "a", Scalar.INT4, false),
            new Column(2, "b", Scalar.TEXT, true),
            new Column(3, "c", Scalar.FLOAT8, false));
    private static final TableSchema WHOLE = TableSchema.fullRow(COLUMNS);
    private static final TableSchema GROWING = new TableSchema(COLUMNS, List.of(), Identity.APPEND_ONLY);

    @TempDir
    Path directory;

    private final MemoryBudget budget = FakeFiles.budget();
    private final FakeFiles files = new FakeFiles(WHOLE);

    private MirrorTable table(TableSchema schema) {
        files.schema = schema;
        return new MirrorTable(7, "public.t", schema, budget, directory, files, _ -> {});
    }

    private static Tuple row(@Nullable Object... values) {
        return Encoder.tuple(WHOLE, Arrays.asList(values));
    }

    private List<List<@Nullable Object>> rows(MirrorTable table) {
        ReadView view = table.view();
        List<List<@Nullable Object>> rows = files.liveRows(view);
        assertThat(view.liveRows()).isEqualTo(rows.size()).isEqualTo(table.liveRows());
        view.holdings().release();
        return rows;
    }

    private static void assertCode(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .hasMessageContaining("\"public.t\"")
                .extracting(e -> ((MooncakeException) e).code())
                .isEqualTo(code);
    }

    @Test
    void aMillionEqualRowsComeAndGo() {
        try (MirrorTable table = table(WHOLE)) {
            Tuple same = row(1, null, 0.5);
            for (int i = 0; i < 1_000_000; i++) {
                table.insert(same);
            }
            assertThat(table.liveRows()).isEqualTo(1_000_000);
            table.update(same, row(2, "x", 0.5));
            table.update(same, same);
            for (int i = 0; i < 999_998; i++) {
                table.delete(same);
            }
            assertThat(rows(table)).containsExactlyInAnyOrder(Arrays.asList(1, null, 0.5), Arrays.asList(2, "x", 0.5));
            table.delete(same);
            assertCode(() -> table.delete(same), ErrorCode.BROKEN_INVARIANT);
            assertThatThrownBy(() -> table.update(same, row(3, "y", 1.0)))
                    .hasMessageContaining("(a, b, c)=(1, null, 0.5)");
        }
        assertThat(budget.used()).isZero();
    }

    @Test
    void bytesAreWhatMakesRowsEqual() {
        try (MirrorTable table = table(WHOLE)) {
            table.insert(row(1, "", 0.0));
            table.insert(row(1, "", -0.0));
            table.insert(row(1, null, 0.0));
            table.insert(row(null, "", 0.0));
            table.insert(row(0, "", 0.0));
            table.insert(row(1, "", Double.longBitsToDouble(0xfff8000000000001L)));
            table.delete(row(1, "", -0.0));
            table.delete(row(null, "", 0.0));
            assertCode(() -> table.delete(row(1, "", Double.NaN)), ErrorCode.BROKEN_INVARIANT);
            table.delete(row(1, "", Double.longBitsToDouble(0xfff8000000000001L)));
            assertThat(rows(table))
                    .containsExactly(Arrays.asList(1, "", 0.0), Arrays.asList(1, null, 0.0), Arrays.asList(0, "", 0.0));
        }
        TableSchema padded = TableSchema.fullRow(List.of(new Column(1, "p", new Bpchar(8), false)));
        try (MirrorTable table = table(padded)) {
            table.insert(Encoder.tuple(padded, List.of("a   ")));
            assertCode(() -> table.delete(Encoder.tuple(padded, List.of("a"))), ErrorCode.BROKEN_INVARIANT);
        }
    }

    @Test
    void unchangedValuesComeFromTheOldRow() {
        try (MirrorTable table = table(WHOLE)) {
            String big = "a long text that lies outside of its entry";
            table.insert(row(1, big, 0.5));
            table.insert(row(1, null, 0.5));
            table.install(sealed(table), null);
            table.update(row(1, big, 0.5), row(2, Encoder.UNCHANGED, 0.5));
            assertThat(files.reads).isZero();
            assertThat(rows(table)).containsExactlyInAnyOrder(Arrays.asList(1, null, 0.5), Arrays.asList(2, big, 0.5));
            assertCode(() -> table.update(null, row(2, big, 0.5)), ErrorCode.BROKEN_INVARIANT);
        }
    }

    /// Writes what is in memory to a file, and gives an empty seal to be installed.
    private Seal sealed(MirrorTable table) {
        Seal seal = table.seal();
        table.install(seal, files.write(seal));
        return table.seal();
    }

    @Test
    void growingTablesHaveNoIndexAndRefuseTheRest() {
        try (MirrorTable table = table(GROWING)) {
            for (int i = 0; i < 3_000; i++) {
                table.insert(row(i % 3, null, 0.5));
            }
            assertThat(table.liveRows()).isEqualTo(3_000);
            assertCode(() -> table.delete(row(1, null, 0.5)), ErrorCode.NOT_APPEND_ONLY);
            assertCode(() -> table.update(null, row(1, null, 0.5)), ErrorCode.NOT_APPEND_ONLY);
            assertCode(
                    () -> table.applyFiltered(new Change.Update(1, null, row(1, null, 0.5)), true),
                    ErrorCode.NOT_APPEND_ONLY);
            assertCode(
                    () -> table.applyFiltered(new Change.Delete(1, row(1, null, 0.5)), false),
                    ErrorCode.NOT_APPEND_ONLY);
            Seal seal = table.seal();
            DataFile written = files.write(seal);
            table.install(seal, written);
            table.insert(row(5, "x", null));
            assertThat(rows(table)).hasSize(3_001);
            if (written != null) {
                try (MirrorTable again = table(GROWING)) {
                    again.loadFile(written, Deletes.NONE, (file, columns, into) -> {
                        throw new AssertionError("nothing to index");
                    });
                    assertThat(again.liveRows()).isEqualTo(3_000);
                }
            }
            table.truncate();
            assertThat(table.liveRows()).isZero();
            table.insert(row(5, "x", null));
            assertThat(rows(table)).hasSize(1);
        }
    }

    @Test
    void whatCannotBeFollowedInPlaceIsRefusedAndChangesNothing() {
        try (MirrorTable table = table(WHOLE)) {
            table.insert(row(1, "x", 0.5));
            for (Column other : List.of(
                    new Column(1, "a", Scalar.INT2, false),
                    new Column(1, "a", Scalar.TEXT, false),
                    new Column(1, "a", Scalar.FLOAT8, false),
                    new Column(1, "a", Scalar.DATE, false))) {
                TableSchema next = TableSchema.fullRow(List.of(other, COLUMNS.get(1), COLUMNS.get(2)));
                assertCode(() -> table.evolve(next, files, files), ErrorCode.NOT_IN_PLACE);
            }
            assertCode(() -> table.evolve(GROWING, files, files), ErrorCode.NOT_IN_PLACE);
            assertThat(table.schema()).isEqualTo(WHOLE);
            table.delete(row(1, "x", 0.5));
        }
    }

    @Test
    void aTruncateCancelsACompaction() {
        List<String> unneeded = new ArrayList<>();
        files.schema = WHOLE;
        try (MirrorTable table =
                new MirrorTable(7, "t", WHOLE, budget, directory, files, file -> unneeded.add(file.path()))) {
            for (int i = 0; i < 3; i++) {
                table.insert(row(i, "x", 0.5));
                Seal seal = table.seal();
                table.install(seal, files.write(seal));
            }
            assertThat(table.beginCompaction(2, 3)).as("too many rows").isEmpty();
            assertThat(table.beginCompaction(100, 4)).as("too few files").isEmpty();
            Compaction compaction = table.beginCompaction(100, 3).orElseThrow();
            assertThatThrownBy(() -> table.beginCompaction(100, 3)).hasMessageContaining("once at a time");
            table.truncate();
            table.insert(row(9, "x", 0.5));
            Seal seal = table.seal();
            table.install(seal, files.write(seal));
            assertThat(unneeded).as("the lake still reads them").isEmpty();
            assertThat(table.installCompaction(compaction, files.write(compaction)))
                    .isFalse();
            assertThat(unneeded).containsExactlyInAnyOrder("file-0", "file-1", "file-2", "file-4");
            assertThat(rows(table)).containsExactly(Arrays.asList(9, "x", 0.5));
        }
    }

    @Test
    void mostlyDeadFilesAreWorthRewritingAlone() {
        try (MirrorTable table = table(WHOLE)) {
            for (int i = 0; i < 4_000; i++) {
                table.insert(row(i, "x", 0.5));
            }
            Seal seal = table.seal();
            table.install(seal, files.write(seal));
            assertThat(table.beginCompaction(1_000_000, 2)).isEmpty();
            for (int i = 0; i < 3_000; i++) {
                table.delete(row(i, "x", 0.5));
            }
            Compaction compaction = table.beginCompaction(1_000_000, 2).orElseThrow();
            table.delete(row(3_999, "x", 0.5));
            assertThat(compaction.rows()).isEqualTo(1_000);
            assertThat(table.installCompaction(compaction, files.write(compaction)))
                    .isTrue();
            table.delete(row(3_000, "x", 0.5));
            Seal next = table.seal();
            assertThat(next.dropped()).extracting(DataFile::path).containsExactly("file-0");
            assertThat(next.files()).hasSize(1);
            assertThat(next.files().getFirst().deletes().cardinality()).isEqualTo(2);
            table.install(next, null);
            assertThat(rows(table)).hasSize(998).contains(Arrays.asList(3_001, "x", 0.5));
        }
    }
}
