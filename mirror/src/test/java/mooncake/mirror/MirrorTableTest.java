package mooncake.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mooncake.model.Column;
import mooncake.model.ColumnType.Scalar;
import mooncake.model.DataFile;
import mooncake.model.Deletes;
import mooncake.model.ErrorCode;
import mooncake.model.MemoryBudget;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView;
import mooncake.model.TableSchema;
import mooncake.model.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorTableTest {
    private static final TableSchema SCHEMA = new TableSchema(
            List.of(
                    new Column(1, "id", Scalar.INT8, true),
                    new Column(2, "note", Scalar.TEXT, false),
                    new Column(3, "amount", Scalar.INT4, true)),
            List.of(0));
    private static final String LONG = "a long text that lies outside of its entry";

    @TempDir
    Path directory;

    private final MemoryBudget budget = FakeFiles.budget();
    private final FakeFiles files = new FakeFiles(SCHEMA);
    private final List<String> unneeded = new ArrayList<>();
    private @Nullable MirrorTable opened;

    private MirrorTable table() {
        MirrorTable table = opened;
        if (table == null) {
            table = new MirrorTable(7, "public.t", SCHEMA, budget, directory, files, file -> unneeded.add(file.path()));
            opened = table;
        }
        return table;
    }

    @AfterEach
    void allMemoryIsGivenBack() {
        table().close();
        table().close();
        assertThat(budget.used()).isZero();
    }

    private static Tuple row(@Nullable Object... values) {
        return Encoder.tuple(SCHEMA, Arrays.asList(values));
    }

    private static Tuple key(long id) {
        return row(id, null, null);
    }

    private List<List<@Nullable Object>> rows() {
        ReadView view = table().view();
        try {
            List<List<@Nullable Object>> rows = files.liveRows(view);
            assertThat(view.liveRows()).isEqualTo(rows.size()).isEqualTo(table().liveRows());
            return rows;
        } finally {
            view.holdings().release();
        }
    }

    private @Nullable DataFile flush() {
        Seal seal = table().seal();
        DataFile file = files.write(seal);
        table().install(seal, file);
        return file;
    }

    @Test
    void insertsUpdatesAndDeletes() {
        assertThat(table().changedSinceSeal()).isFalse();
        table().insert(row(1L, "one", 10));
        table().appendCopied(row(2L, null, 20));
        table().update(null, row(1L, LONG, 11));
        table().delete(key(2));
        assertThat(rows()).containsExactly(Arrays.asList(1L, LONG, 11));
        assertThat(table().changedSinceSeal()).isTrue();
        assertThat(table().memoryRows()).isEqualTo(3);
        assertThat(table().unsealedBytes()).isEqualTo(table().memoryBytes()).isEqualTo(budget.used());
    }

    @Test
    void aKeyMayChangeAndComeBack() {
        table().insert(row(1L, "one", 10));
        table().update(key(1), row(2L, "two", 10));
        table().insert(row(1L, "new one", 1));
        table().update(row(2L, "two", 10), row(2L, "same key", 10));
        assertThat(rows())
                .containsExactlyInAnyOrder(Arrays.asList(2L, "same key", 10), Arrays.asList(1L, "new one", 1));
    }

    @Test
    void unchangedValuesComeFromMemory() {
        table().insert(row(1L, LONG, 10));
        table().update(null, row(1L, Encoder.UNCHANGED, 11));
        table().seal();
        table().update(null, row(1L, Encoder.UNCHANGED, 12));
        table().update(key(1), row(3L, Encoder.UNCHANGED, 13));
        table().insert(row(4L, null, 1));
        table().update(null, row(4L, Encoder.UNCHANGED, 2));
        assertThat(rows()).containsExactly(Arrays.asList(3L, LONG, 13), Arrays.asList(4L, null, 2));
        assertThat(files.reads).isZero();
    }

    @Test
    void unchangedValuesComeFromFiles() {
        table().insert(row(1L, "gone before the seal", 10));
        table().insert(row(2L, LONG, 20));
        table().insert(row(3L, "short", 30));
        table().insert(row(4L, null, 40));
        table().delete(key(1));
        flush();
        table().update(null, row(2L, Encoder.UNCHANGED, 21));
        table().update(key(3), row(5L, Encoder.UNCHANGED, Encoder.UNCHANGED));
        table().update(null, row(4L, Encoder.UNCHANGED, 41));
        assertThat(rows())
                .containsExactlyInAnyOrder(
                        Arrays.asList(2L, LONG, 21), Arrays.asList(5L, "short", 30), Arrays.asList(4L, null, 41));
        assertThat(files.reads).as("one for each combination of columns").isEqualTo(2);
    }

    @Test
    void unchangedValuesOfAFilePassThroughVersionsThatNobodySaw() {
        for (long id = 1; id <= 5; id++) {
            table().insert(row(id, LONG + id, 0));
        }
        flush();
        for (long id = 1; id <= 5; id++) {
            table().update(null, row(id, Encoder.UNCHANGED, 1));
        }
        table().update(null, row(2L, Encoder.UNCHANGED, 2));
        table().update(null, row(3L, "known", 2));
        table().update(null, row(3L, Encoder.UNCHANGED, 3));
        table().delete(key(4));
        table().update(key(5), row(6L, Encoder.UNCHANGED, 2));
        assertThat(files.reads).isZero();
        assertThat(rows())
                .containsExactlyInAnyOrder(
                        Arrays.asList(1L, LONG + 1, 1),
                        Arrays.asList(2L, LONG + 2, 2),
                        Arrays.asList(3L, "known", 3),
                        Arrays.asList(6L, LONG + 5, 2));
        assertThat(files.reads).isEqualTo(1);
        table().update(null, row(1L, Encoder.UNCHANGED, 7));
        table().truncate();
        table().insert(row(1L, "after", 0));
        assertThat(rows()).containsExactly(Arrays.asList(1L, "after", 0));
    }

    @Test
    void brokenInvariantsNameTableAndKey() {
        table().insert(row(1L, "one", 10));
        assertBroken(() -> table().insert(row(1L, "again", 0)), "insert of a key that is there already: (id)=(1)");
        assertBroken(() -> table().delete(key(2)), "delete of a key that is not there: (id)=(2)");
        assertBroken(() -> table().update(null, row(2L, "x", 0)), "update of a key that is not there: (id)=(2)");
        assertBroken(() -> table().update(key(2), row(3L, "x", 0)), "update of a key that is not there: (id)=(2)");
        assertBroken(() -> table().update(null, row(2L, Encoder.UNCHANGED, 0)), "(id)=(2)");
        table().insert(row(5L, "five", 50));
        assertBroken(() -> table().update(key(5), row(1L, "x", 0)), "update to a key that is there already");
        assertBroken(() -> table().insert(row(6L, Encoder.UNCHANGED, 0)), "without 1 of its values");
        assertBroken(() -> table().delete(row(null, "x", 0)), "without its key column \"id\"");
        assertThat(rows()).containsExactly(Arrays.asList(1L, "one", 10), Arrays.asList(5L, "five", 50));
    }

    private static void assertBroken(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String text) {
        assertThatThrownBy(call)
                .hasMessageContaining("\"public.t\"")
                .hasMessageContaining(text)
                .extracting(e -> ((MooncakeException) e).code())
                .isEqualTo(ErrorCode.BROKEN_INVARIANT);
    }

    @Test
    void aRefusedRowChangesNothing() {
        table().insert(row(1L, "one", 10));
        ReadView before = table().view();
        byte[] bad = {(byte) 0xff};
        assertThatThrownBy(() -> table().insert(row(2L, bad, 0))).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> table().update(null, row(1L, bad, 0))).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> table().insert(row(null, "x", 2)))
                .hasMessageContaining("key column \"id\"")
                .extracting(e -> ((MooncakeException) e).code())
                .isEqualTo(ErrorCode.SOURCE_SCHEMA_CHANGED);
        assertThat(rows()).containsExactly(Arrays.asList(1L, "one", 10));
        table().insert(row(2L, null, 20));
        table().insert(row(3L, null, null));
        assertThat(rows())
                .containsExactly(
                        Arrays.asList(1L, "one", 10), Arrays.asList(2L, null, 20), Arrays.asList(3L, null, null));
        assertThat(files.liveRows(before)).containsExactly(Arrays.asList(1L, "one", 10));
        before.holdings().release();
    }

    @Test
    void anExhaustedBudgetStopsTheWriterOnly() {
        MemoryBudget small = new MemoryBudget(100_000);
        try (MirrorTable table = new MirrorTable(7, "t", SCHEMA, small, directory, files, _ -> {})) {
            assertThatThrownBy(() -> {
                        for (long id = 0; id < 100_000; id++) {
                            table.insert(row(id, LONG, 1));
                        }
                    })
                    .extracting(e -> ((MooncakeException) e).code())
                    .isEqualTo(ErrorCode.OUT_OF_MEMORY);
            ReadView view = table.view();
            assertThat(view.liveRows()).isPositive().isEqualTo(table.liveRows());
            view.holdings().release();
        }
        assertThat(small.used()).isZero();
    }

    @Test
    void viewsOutliveTheTable() {
        table().insert(row(1L, LONG, 10));
        ReadView view = table().view();
        ReadView same = table().view();
        assertThat(same.holdings()).isSameAs(view.holdings());
        same.holdings().release();
        flush();
        table().truncate();
        table().close();
        assertThat(budget.used()).isPositive();
        assertThat(files.liveRows(view)).containsExactly(Arrays.asList(1L, LONG, 10));
        view.holdings().release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void deletesAfterTheSealReachTheFile() {
        for (long id = 0; id < 5_000; id++) {
            table().insert(row(id, "n" + id, (int) id));
        }
        for (long id = 0; id < 5_000; id += 3) {
            table().delete(key(id));
        }
        Seal seal = table().seal();
        assertThat(table().changedSinceSeal()).isFalse();
        for (long id = 1; id < 5_000; id += 3) {
            table().delete(key(id));
        }
        assertThat(seal.rowsToWrite()).isEqualTo(3_333);
        table().install(seal, files.write(seal));
        table().delete(key(2));
        assertThat(table().memoryRows()).isZero();
        assertThat(table().memoryBytes()).isZero();
        assertThat(rows()).hasSize(1_665).allMatch(row -> row.get(2) instanceof Integer amount && amount % 3 == 2);
        Seal next = table().seal();
        assertThat(next.toWrite()).isEmpty();
        assertThat(next.files().getFirst().deletes().cardinality()).isEqualTo(1_668);
        table().install(next, null);
    }

    @Test
    void severalSealsAreInstalledInOrder() {
        table().insert(row(1L, "one", 1));
        table().insert(row(2L, "two", 2));
        Seal first = table().seal();
        table().insert(row(3L, "three", 3));
        table().delete(key(1));
        Seal second = table().seal();
        table().delete(key(3));
        assertThat(rows()).containsExactly(Arrays.asList(2L, "two", 2));
        DataFile firstFile = files.write(first);
        DataFile secondFile = files.write(second);
        assertThatThrownBy(() -> table().install(second, secondFile)).hasMessageContaining("in order");
        assertThatThrownBy(second::files).hasMessageContaining("not installed yet");
        table().install(first, firstFile);
        assertThat(second.files()).hasSize(1);
        assertThat(second.files().getFirst().deletes().isDeleted(0)).isTrue();
        assertThat(second.files().getFirst().deletes().cardinality()).isEqualTo(1);
        table().install(second, secondFile);
        assertThat(rows()).containsExactly(Arrays.asList(2L, "two", 2));
        Seal third = table().seal();
        assertThat(third.dropped()).as("its only row was deleted").containsExactly(secondFile);
        assertThat(unneeded).isEmpty();
        table().install(third, null);
        assertThat(unneeded).containsExactly("file-1");
    }

    @Test
    void truncateDropsFilesOnceNobodyNeedsThem() {
        table().insert(row(1L, "one", 1));
        DataFile first = flush();
        table().insert(row(2L, "two", 2));
        Seal open = table().seal();
        table().insert(row(3L, "three", 3));
        ReadView view = table().view();
        table().truncate();
        assertThat(rows()).isEmpty();
        table().insert(row(2L, "new two", 2));
        DataFile late = files.write(open);
        table().install(open, late);
        assertThat(rows()).containsExactly(Arrays.asList(2L, "new two", 2));
        Seal next = table().seal();
        assertThat(next.files()).isEmpty();
        assertThat(next.dropped()).containsExactlyInAnyOrder(first, late);
        table().install(next, files.write(next));
        assertThat(unneeded).as("the view still reads the first file").containsExactly("file-1");
        assertThat(files.liveRows(view)).hasSize(3);
        view.holdings().release();
        assertThat(unneeded).containsExactly("file-1", "file-0");
    }

    @Test
    void truncateBetweenTwoOpenSeals() {
        table().insert(row(1L, "one", 1));
        Seal first = table().seal();
        table().truncate();
        table().insert(row(1L, "other one", 1));
        Seal second = table().seal();
        Seal third = table().seal();
        DataFile firstFile = files.write(first);
        table().install(first, firstFile);
        assertThat(second.dropped()).containsExactly(firstFile);
        assertThat(second.files()).isEmpty();
        assertThat(unneeded).isEmpty();
        table().install(second, files.write(second));
        assertThat(unneeded).containsExactly("file-0");
        assertThat(third.dropped()).isEmpty();
        assertThat(third.files()).hasSize(1);
        table().install(third, null);
        assertThat(rows()).containsExactly(Arrays.asList(1L, "other one", 1));
    }

    @Test
    void closingReportsNoFile() {
        table().insert(row(1L, "one", 1));
        flush();
        table().truncate();
        table().insert(row(2L, "two", 2));
        table().seal();
        table().close();
        assertThat(unneeded).isEmpty();
    }

    @Test
    void installChecksTheFile() {
        table().insert(row(1L, "one", 1));
        Seal seal = table().seal();
        assertThatThrownBy(() -> table().install(seal, null)).hasMessageContaining("if and only if");
        assertThatThrownBy(() -> table().install(seal, new DataFile("f", 2, 1)))
                .hasMessageContaining("2 rows instead of 1");
        table().install(seal, files.write(seal));
    }

    @Test
    void filesAreLoadedAtARestart() {
        for (long id = 0; id < 1_000; id++) {
            table().insert(row(id, LONG + id, (int) id));
        }
        DataFile file = flush();
        Deletes.Editor deletes = Deletes.NONE.edit();
        deletes.delete(5);
        deletes.delete(999);
        try (MirrorTable again =
                new MirrorTable(7, "t", SCHEMA, budget, directory, files, f -> unneeded.add(f.path()))) {
            again.expectRows(998);
            assertThat(file).isNotNull();
            if (file != null) {
                again.loadFile(file, deletes.snapshot(), files);
            }
            assertThat(again.liveRows()).isEqualTo(998);
            assertThat(again.changedSinceSeal()).isFalse();
            again.insert(row(5L, "back", 0));
            again.update(null, row(6L, Encoder.UNCHANGED, -6));
            again.delete(key(7));
            assertThatThrownBy(() -> again.delete(key(999))).hasMessageContaining("not there");
            ReadView view = again.view();
            assertThat(files.liveRows(view))
                    .hasSize(998)
                    .contains(Arrays.asList(5L, "back", 0), Arrays.asList(6L, LONG + 6, -6))
                    .doesNotContain(Arrays.asList(7L, LONG + 7, 7));
            view.holdings().release();
        }
    }
}
