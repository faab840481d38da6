package mooncake.lake;

import static mooncake.lake.TestLake.PAIRS;
import static mooncake.lake.TestLake.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mooncake.model.Column;
import mooncake.model.ColumnType;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView.FileView;
import mooncake.model.TableSchema;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTableTest {
    @TempDir
    Path directory;

    TestLake fixture;
    Lake lake;

    @BeforeEach
    void open() {
        fixture = new TestLake(directory);
        lake = fixture.open();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private LakeTable create() {
        return lake.create("public", "pairs", PAIRS, Map.of("mooncake.source", "public.source"));
    }

    private static DataFile write(LakeTable table, long from, long to) {
        return table.write(PAIRS, List.of(TestBatch.of(PAIRS, TestLake.pairRows(from, to))))
                .orElseThrow();
    }

    @Test
    void anEmptyTableIsReadableAndHasNoLsn() throws IOException {
        LakeTable table = create();

        assertThat(table.committedLsn()).isEqualTo(Lsn.NONE);
        assertThat(table.load()).isEmpty();
        assertThat(fixture.pairs("public", "pairs")).isEmpty();
        assertThat(table.location()).startsWith(fixture.warehouse + "/public/pairs-");
    }

    @Test
    void rowsAndDeletesOfSeveralRoundsOnOneFile() throws IOException {
        LakeTable table = create();
        DataFile file = write(table, 0, 10);
        assertThat(file.rows()).isEqualTo(10);
        assertThat(file.bytes()).isEqualTo(Files.size(Path.of(file.path())));

        table.commit(new Lsn(100), table.schema(), List.of(view(file, 0)));
        assertThat(fixture.pairs("public", "pairs").keySet()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        table.commit(new Lsn(200), table.schema(), List.of(view(file, 0, 9)));
        table.commit(new Lsn(300), table.schema(), List.of(view(file, 0, 9, 5)));

        assertThat(fixture.pairs("public", "pairs"))
                .containsOnlyKeys(1L, 2L, 3L, 4L, 6L, 7L, 8L)
                .containsEntry(3L, "note number 3");
        assertThat(table.committedLsn()).isEqualTo(new Lsn(300));
        Table foreign = fixture.foreign("public", "pairs");
        try (CloseableIterable<FileScanTask> tasks = foreign.newScan().planFiles()) {
            assertThat(tasks)
                    .singleElement()
                    .satisfies(task -> assertThat(task.deletes())
                            .singleElement()
                            .satisfies(
                                    delete -> assertThat(delete.recordCount()).isEqualTo(3)));
        }
    }

    @Test
    void rowsKeepTheirOrderAndDeadOnesAreNotWritten() throws IOException {
        LakeTable table = create();
        DataFile file = table.write(
                        PAIRS,
                        List.of(
                                TestBatch.of(PAIRS, TestLake.pairRows(0, 5_000), 0, 4_999),
                                TestBatch.of(PAIRS, TestLake.pairRows(9_000, 9_003), 1),
                                TestBatch.of(PAIRS, TestLake.pairRows(5, 6), 0),
                                TestBatch.of(PAIRS, TestLake.pairRows(7_000, 7_001))))
                .orElseThrow();
        assertThat(file.rows()).isEqualTo(4_998 + 2 + 1);
        table.commit(new Lsn(1), table.schema(), List.of(view(file)));

        List<Long> ids = TestLake.records(fixture.foreign("public", "pairs")).stream()
                .map(row -> (Long) row.getField("id"))
                .toList();
        assertThat(ids).hasSize(5_001).startsWith(1L, 2L, 3L).endsWith(4_998L, 9_000L, 9_002L, 7_000L);
        assertThat(ids.subList(0, 4_998)).isSorted();
    }

    @Test
    void nothingIsWrittenWhenNoRowIsLive() throws IOException {
        LakeTable table = create();

        assertThat(table.write(PAIRS, List.of(TestBatch.of(PAIRS, TestLake.pairRows(0, 2), 0, 1))))
                .isEmpty();
        assertThat(table.write(PAIRS, List.of())).isEmpty();
        assertThat(TestLake.dataFiles(table)).isEmpty();
    }

    @Test
    void truncateLeavesNoFileInTheSnapshot() throws IOException {
        LakeTable table = create();
        DataFile a = write(table, 0, 10);
        DataFile b = write(table, 10, 20);
        table.commit(new Lsn(100), table.schema(), List.of(view(a, 1), view(b)));
        table.commit(new Lsn(200), table.schema(), List.of());
        assertThat(fixture.pairs("public", "pairs")).isEmpty();
        assertThat(fixture.foreign("public", "pairs").currentSnapshot().summary())
                .containsEntry("total-data-files", "0")
                .containsEntry("total-delete-files", "0");

        DataFile c = write(table, 20, 22);
        table.commit(new Lsn(300), table.schema(), List.of(view(c)));
        assertThat(fixture.pairs("public", "pairs")).containsOnlyKeys(20L, 21L);
    }

    @Test
    void aCommitWithoutChangesHasItsLsnInTheSummary() throws IOException {
        LakeTable table = create();
        table.commit(new Lsn(50), table.schema(), List.of());
        DataFile file = write(table, 0, 3);
        table.commit(new Lsn(100), table.schema(), List.of(view(file, 2)));
        table.commit(new Lsn(200), table.schema(), List.of(view(file, 2)));

        Table foreign = fixture.foreign("public", "pairs");
        assertThat(foreign.currentSnapshot().summary()).containsEntry(LakeTable.LSN, "0/C8");
        assertThat(foreign.currentSnapshot().operation()).isEqualTo("append");
        assertThat(foreign.properties()).containsEntry(LakeTable.LSN, "0/C8");
        assertThat(fixture.pairs("public", "pairs")).containsOnlyKeys(0L, 1L);
        assertThat(foreign.snapshots()).hasSize(3);
    }

    @Test
    void loadAfterReopeningEqualsWhatWasCommitted() {
        LakeTable table = create();
        DataFile a = write(table, 0, 10);
        DataFile b = write(table, 10, 9_000);
        DataFile c = write(table, 9_000, 9_001);
        table.commit(new Lsn(100), table.schema(), List.of(view(a, 1), view(b)));
        table.commit(new Lsn(0x1_0000_0002L), table.schema(), List.of(view(a, 1, 3), view(b, 8_500), view(c)));

        LakeTable again = fixture.open().open("public", "pairs");
        assertThat(again.committedLsn()).isEqualTo(new Lsn(0x1_0000_0002L));
        assertThat(again.schema()).isEqualTo(PAIRS);
        assertThat(again.properties()).containsEntry("mooncake.source", "public.source");
        List<FileView> loaded = again.load();
        assertThat(loaded.stream().map(FileView::file)).containsExactly(a, b, c);
        assertThat(loaded.stream().map(view -> TestLake.positions(view.deletes())))
                .containsExactly(Set.of(1L, 3L), Set.of(8_500L), Set.of());

        again.commit(new Lsn(0x1_0000_0003L), again.schema(), List.of(view(a, 1, 3, 4), view(c)));
        assertThat(fixture.open().open("public", "pairs").load().stream().map(FileView::file))
                .containsExactly(a, c);
    }

    @Test
    void openingRemovesWhatAnUnfinishedCommitLeft() throws IOException {
        LakeTable table = create();
        DataFile file = write(table, 0, 10);
        table.commit(new Lsn(100), table.schema(), List.of(view(file, 3)));
        Set<String> committed = new HashSet<>(TestLake.dataFiles(table));
        write(table, 10, 20);
        Path data = Path.of(table.location(), "data");
        String vector = committed.stream()
                .filter(name -> name.endsWith(".puffin"))
                .findFirst()
                .orElseThrow();
        Files.copy(data.resolve(vector), data.resolve("00000-0-" + FileNames.unique() + "-00001.puffin"));
        Files.writeString(data.resolve("part-0001.parquet"), "somebody else's");
        assertThat(TestLake.dataFiles(table)).hasSize(committed.size() + 3);

        LakeTable again = fixture.open().open("public", "pairs");
        committed.add("part-0001.parquet");
        assertThat(TestLake.dataFiles(again)).containsExactlyInAnyOrderElementsOf(committed);
        assertThat(fixture.pairs("public", "pairs")).hasSize(9);
    }

    @Test
    void filesOfOlderSnapshotsStayWhateverTheClockSays() throws IOException {
        LakeTable table = create();
        DataFile before = write(table, 0, 10);
        table.commit(new Lsn(100), table.schema(), List.of(view(before)));
        DataFile now = write(table, 10, 20);
        table.commit(new Lsn(200), table.schema(), List.of(view(now)));
        DataFile leftover = write(table, 20, 30);
        // As if the clock had been set back before the second commit.
        Files.setLastModifiedTime(
                Path.of(before.path()), FileTime.from(Instant.now().plusSeconds(3_600)));

        LakeTable again = fixture.open(TestLake.EAGER).open("public", "pairs");
        assertThat(Path.of(before.path())).exists();
        again.commit(new Lsn(300), again.schema(), List.of(view(now, 1)));
        again.commit(new Lsn(400), again.schema(), List.of(view(now, 1, 2)));
        assertThat(Path.of(before.path())).doesNotExist();
        assertThat(Path.of(leftover.path())).doesNotExist();
        assertThat(fixture.pairs("public", "pairs")).hasSize(8);
    }

    @Test
    void aLostFileIsReportedByItsName() throws IOException {
        LakeTable table = create();
        DataFile file = write(table, 0, 10);
        table.commit(new Lsn(1), table.schema(), List.of(view(file, 3)));
        Path vector = Path.of(
                table.location(),
                "data",
                TestLake.dataFiles(table).stream()
                        .filter(name -> name.endsWith(".puffin"))
                        .findFirst()
                        .orElseThrow());
        for (Path lost : List.of(Path.of(file.path()), vector)) {
            Path aside = directory.resolve("aside");
            Files.move(lost, aside);
            assertThatThrownBy(() -> fixture.open().open("public", "pairs").load())
                    .isInstanceOfSatisfying(
                            MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_LOST))
                    .hasMessageContaining(lost.getFileName().toString());
            Files.move(aside, lost);
        }
        assertThat(fixture.open().open("public", "pairs").load()).hasSize(1);
    }

    @Test
    void unknownTablesAreReportedAndDroppingThemIsFine() {
        assertThatThrownBy(() -> lake.open("public", "nowhere"))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_MIRROR));
        assertThat(lake.exists("public", "nowhere")).isFalse();
        lake.drop("public", "nowhere");
    }

    @Test
    void creatingTwiceFailsAndLeavesTheFirst() throws IOException {
        LakeTable table = create();
        table.commit(new Lsn(1), table.schema(), List.of(view(write(table, 0, 3))));

        assertThatThrownBy(this::create).isInstanceOf(MooncakeException.class).hasMessageContaining("already exists");
        assertThat(fixture.pairs("public", "pairs")).hasSize(3);
    }

    @Test
    void dropRemovesCatalogEntryAndFilesAndTheNameIsFreeAgain() throws IOException {
        LakeTable table = create();
        LakeTable other = lake.create("public", "pairs-x", PAIRS, Map.of());
        table.commit(new Lsn(1), table.schema(), List.of(view(write(table, 0, 3))));
        lake.drop("public", "pairs");

        assertThat(lake.exists("public", "pairs")).isFalse();
        assertThat(Path.of(table.location())).doesNotExist();
        assertThat(Path.of(other.location())).isDirectory();
        LakeTable again = create();
        again.commit(new Lsn(2), again.schema(), List.of(view(write(again, 5, 6))));
        assertThat(fixture.pairs("public", "pairs")).containsOnlyKeys(5L);
    }

    @Test
    void halfMadeTablesCanBeDropped() throws IOException {
        Path withoutEntry = fixture.warehouse.resolve("public").resolve(FileNames.tableDirectory("half"));
        Files.createDirectories(withoutEntry.resolve("metadata"));
        lake.drop("public", "half");
        assertThat(withoutEntry).doesNotExist();

        LakeTable table = create();
        LocalFileIO.deleteTree(Path.of(table.location()));
        assertThatThrownBy(() -> lake.open("public", "pairs"))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_LOST));
        assertThat(lake.exists("public", "pairs")).isTrue();
        lake.drop("public", "pairs");
        assertThat(lake.exists("public", "pairs")).isFalse();
    }

    @Test
    void strangeNamesMakePlainDirectories() throws IOException {
        LakeTable table = lake.create("Schema/..\"x", "käse ~ ../\n", PAIRS, Map.of());
        table.commit(new Lsn(1), table.schema(), List.of(view(write(table, 0, 3))));

        assertThat(table.location()).startsWith(fixture.warehouse + "/Schema~2f..~22x/k~c3~a4se~20~7e~20..~2f~0a-");
        assertThat(fixture.pairs("Schema/..\"x", "käse ~ ../\n")).hasSize(3);
        assertThat(lake.open("Schema/..\"x", "käse ~ ../\n").load()).hasSize(1);
        lake.drop("Schema/..\"x", "käse ~ ../\n");
        assertThat(Path.of(table.location())).doesNotExist();
    }

    @Test
    void aNullInANotNullColumnMakesItOptional() throws IOException {
        TableSchema schema = new TableSchema(
                List.of(
                        new Column(1, "id", ColumnType.Scalar.INT4, true),
                        new Column(2, "note", ColumnType.Scalar.TEXT, true)),
                List.of(0));
        LakeTable table = lake.create("public", "strict", schema, Map.of());
        DataFile a = table.write(schema, List.of(TestBatch.of(schema, List.<Object[]>of(new Object[] {1, "x"}))))
                .orElseThrow();
        table.commit(new Lsn(1), table.schema(), List.of(view(a)));
        assertThat(fixture.foreign("public", "strict")
                        .schema()
                        .findField("note")
                        .isRequired())
                .isTrue();
        DataFile b = table.write(schema, List.of(TestBatch.of(schema, List.<Object[]>of(new Object[] {2, null}))))
                .orElseThrow();
        table.commit(new Lsn(2), table.schema(), List.of(view(a), view(b)));

        Table foreign = fixture.foreign("public", "strict");
        assertThat(foreign.schema().findField("note").isOptional()).isTrue();
        assertThat(foreign.schema().findField("id").isRequired()).isTrue();
        assertThat(TestLake.records(foreign)).hasSize(2);
    }

    @Test
    void whenOthersChangeTheTableTheMirrorsStateWins() throws IOException {
        LakeTable table = create();
        DataFile a = write(table, 0, 10);
        DataFile b = write(table, 10, 20);
        table.commit(new Lsn(100), table.schema(), List.of(view(a, 1), view(b, 2)));
        Table foreign = fixture.foreign("public", "pairs");
        Path copy = Path.of(table.location(), "data", "foreign.parquet");
        Files.copy(Path.of(a.path()), copy);
        foreign.newAppend()
                .appendFile(DataFiles.builder(foreign.spec())
                        .withPath(copy.toString())
                        .withFileSizeInBytes(Files.size(copy))
                        .withRecordCount(10)
                        .build())
                .commit();
        foreign.newDelete().deleteFile(b.path()).commit();

        LakeTable reopened = fixture.open().open("public", "pairs");
        assertThat(reopened.committedLsn()).isEqualTo(new Lsn(100));
        assertThat(reopened.load().stream().map(FileView::file)).containsExactly(a, b);

        table.commit(new Lsn(200), table.schema(), List.of(view(a, 1), view(b, 2, 3)));
        assertThat(fixture.pairs("public", "pairs").keySet())
                .hasSize(17)
                .doesNotContain(1L, 12L, 13L)
                .contains(0L, 10L, 19L);
    }

    @Test
    void foreignMaintenanceThatKeepsTheFilesIsHarmless() throws IOException {
        LakeTable table = create();
        DataFile a = write(table, 0, 10);
        table.commit(new Lsn(100), table.schema(), List.of(view(a)));
        table.commit(new Lsn(150), table.schema(), List.of(view(a, 1)));
        Table foreign = fixture.foreign("public", "pairs");
        foreign.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
        foreign.rewriteManifests().clusterBy(file -> "all").commit();
        table.commit(new Lsn(200), table.schema(), List.of(view(a, 1, 2)));

        assertThat(fixture.pairs("public", "pairs")).hasSize(8);
        assertThat(fixture.open().open("public", "pairs").load()).hasSize(1);
    }

    @Test
    void snapshotsOfALongRunStayBounded() throws IOException {
        Upkeep upkeep = new Upkeep(java.time.Duration.ofHours(1), 4, 3);
        LakeTable table = fixture.open(upkeep).create("public", "pairs", PAIRS, Map.of());
        DataFile a = write(table, 0, 10);
        for (int i = 0; i < 9; i++) {
            table.commit(
                    new Lsn(100 + i),
                    table.schema(),
                    List.of(view(a, java.util.stream.IntStream.range(0, i).toArray())));
        }
        List<Snapshot> snapshots = new java.util.ArrayList<>();
        fixture.foreign("public", "pairs").snapshots().forEach(snapshots::add);

        assertThat(snapshots).hasSizeBetween(1, 6);
        assertThat(fixture.pairs("public", "pairs")).containsOnlyKeys(8L, 9L);
        assertThat(fixture.open().open("public", "pairs").committedLsn()).isEqualTo(new Lsn(108));
        for (Record row : TestLake.records(fixture.foreign("public", "pairs"))) {
            assertThat(row.getField("note")).isNotNull();
        }
    }

    @Test
    void aFileIsDeletedWhenNeitherSnapshotNorMirrorNeedsIt() throws IOException {
        LakeTable table = fixture.open(TestLake.EAGER).create("public", "pairs", PAIRS, Map.of());
        DataFile a = write(table, 0, 10);
        DataFile b = write(table, 10, 20);
        DataFile never = write(table, 20, 30);
        table.commit(new Lsn(1), table.schema(), List.of(view(a), view(b)));
        table.commit(new Lsn(2), table.schema(), List.of(view(b)));
        table.commit(new Lsn(3), table.schema(), List.of(view(b, 1)));
        assertThat(Path.of(a.path())).exists();
        table.unneeded(a);
        assertThat(Path.of(a.path())).doesNotExist();

        table.unneeded(b);
        assertThat(Path.of(b.path())).exists();
        table.commit(new Lsn(4), table.schema(), List.of());
        table.commit(new Lsn(5), table.schema(), List.of());
        assertThat(Path.of(b.path())).doesNotExist();

        table.unneeded(never);
        assertThat(Path.of(never.path())).doesNotExist();
        assertThat(TestLake.dataFiles(table)).isEmpty();
    }

    @Test
    void aBrokenCatalogConnectionIsReplaced() throws IOException {
        LakeTable table = create();
        DataFile a = write(table, 0, 10);
        table.commit(new Lsn(100), table.schema(), List.of(view(a)));
        PostgresCluster.terminateConnections();
        table.commit(new Lsn(200), table.schema(), List.of(view(a, 1)));

        assertThat(fixture.pairs("public", "pairs")).hasSize(9);
    }
}
