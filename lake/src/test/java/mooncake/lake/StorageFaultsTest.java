package mooncake.lake;

import static mooncake.lake.TestLake.PAIRS;
import static mooncake.lake.TestLake.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView.FileView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageFaultsTest {
    @TempDir
    Path directory;

    Path control;
    TestLake fixture;
    LakeTable table;
    long written = 1;

    @BeforeEach
    void open() {
        control = directory.resolve("faults");
        fixture = new TestLake(directory);
        table = fixture.open().create("public", "pairs", PAIRS, Map.of());
        StorageFaults.use(new StorageFaults(control));
    }

    @AfterEach
    void close() {
        StorageFaults.use(null);
        fixture.close();
    }

    private void faults(String lines) throws IOException {
        Files.writeString(control, lines);
        Files.setLastModifiedTime(control, FileTime.fromMillis(1_000_000 * written++));
    }

    private DataFile write(long from, long to) {
        return table.write(PAIRS, List.of(TestBatch.of(PAIRS, TestLake.pairRows(from, to))))
                .orElseThrow();
    }

    @Test
    void theControlFileIsFollowedWhileItChanges() throws IOException {
        StorageFaults.before(StorageFaults.Call.WRITE, "no file, no fault");
        faults("fail write 1\nhang read 20ms 1\n");
        assertThatThrownBy(() -> StorageFaults.before(StorageFaults.Call.WRITE, "a file"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a file");
        long started = System.nanoTime();
        StorageFaults.before(StorageFaults.Call.READ, "a file");
        assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(20_000_000);
        StorageFaults.before(StorageFaults.Call.DELETE, "a file");
        faults("full any 1");
        assertThatThrownBy(() -> StorageFaults.before(StorageFaults.Call.DELETE, "a file"))
                .hasMessageContaining("No space left");
        faults("fail write 1\noff");
        StorageFaults.before(StorageFaults.Call.WRITE, "a file");
        faults("fail write often");
        StorageFaults.before(StorageFaults.Call.WRITE, "a file");
    }

    @Test
    void aSeedRepeatsTheDraws() throws IOException {
        List<String> first = draws();
        assertThat(draws()).isEqualTo(first);
        assertThat(first).contains("hit").contains("");
    }

    private List<String> draws() throws IOException {
        faults("seed 7\nfail sync 0.3");
        List<String> draws = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            try {
                StorageFaults.before(StorageFaults.Call.SYNC, "x");
                draws.add("");
            } catch (IOException e) {
                draws.add("hit");
            }
        }
        return draws;
    }

    @Test
    void eachKindOfCallIsReportedAsFailedStorage() throws IOException {
        DataFile file = write(0, 10);
        table.commit(new Lsn(1), table.schema(), List.of(view(file)));
        for (String kind : List.of("write", "sync")) {
            faults("fail " + kind + " 1");
            storageFails(() -> write(10, 20));
            storageFails(() -> table.commit(new Lsn(2), table.schema(), List.of(view(file, 1))));
        }
        faults("fail read 1");
        storageFails(
                () -> new ParquetRows(fixture.duckDb, PAIRS).read(file, new long[] {1}, new int[] {0}, (_, _) -> {}));
        faults("off");
        assertThat(fixture.pairs("public", "pairs")).hasSize(10);
        table.commit(new Lsn(3), table.schema(), List.of(view(file, 1)));
        assertThat(fixture.pairs("public", "pairs")).hasSize(9);
    }

    private static void storageFails(org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED))
                .hasMessageContaining("injected");
    }

    @Test
    void whateverFailsTheTableIsOneOfTheCommittedStates() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<FileView> state = new ArrayList<>();
        int failed = 0;
        int committed = 0;
        long lsn = 0;
        long next = 0;
        while (failed < 15 || committed < 15) {
            faults("seed " + random.nextLong() + "\nfail write 0.05\nfail sync 0.05\nfail delete 0.2\nfail read 0.05");
            List<FileView> wanted = new ArrayList<>(state);
            try {
                if (random.nextInt(3) > 0 || wanted.isEmpty()) {
                    wanted.add(view(write(next, next + 5), random.nextInt(5)));
                    next += 5;
                } else {
                    wanted.remove(random.nextInt(wanted.size()));
                }
                table.commit(new Lsn(++lsn), table.schema(), wanted);
                state = wanted;
                committed++;
            } catch (MooncakeException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
                failed++;
            }
            faults("off");
            long rows = state.stream().mapToLong(view -> view.file().rows() - 1).sum();
            assertThat(fixture.pairs("public", "pairs")).as("seed %d", seed).hasSize((int) rows);
        }
        LakeTable again = fixture.open().open("public", "pairs");
        assertThat(again.load().stream().map(FileView::file))
                .containsExactlyInAnyOrderElementsOf(
                        state.stream().map(FileView::file).toList());
    }
}
