package mooncake.lake;

import static mooncake.lake.TestLake.PAIRS;
import static mooncake.lake.TestLake.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import mooncake.model.DataFile;
import mooncake.model.ErrorCode;
import mooncake.model.Lsn;
import mooncake.model.MooncakeException;
import mooncake.model.ReadView.BatchView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A warehouse on a file system of 4 MB; skipped where the test may not mount one.
class DiskFullTest {
    @TempDir
    Path directory;

    Path small;
    TestLake fixture;
    LakeTable table;

    @BeforeEach
    void open() throws Exception {
        small = Files.createDirectory(directory.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small.toString()),
                "mounting a tmpfs needs root: disk-full is not tested here");
        fixture = new TestLake(directory);
        table = fixture.open(small, Upkeep.STANDARD).create("public", "pairs", PAIRS, Map.of());
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            fixture.close();
            run("umount", small.toString());
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aFullDiskIsReportedAndMirroringGoesOnAfterwards() throws IOException {
        DataFile file = table.write(PAIRS, List.of(TestBatch.of(PAIRS, TestLake.pairRows(0, 10))))
                .orElseThrow();
        table.commit(new Lsn(1), table.schema(), List.of(view(file)));
        Random random = new Random(1);
        BatchView noise = TestBatch.of(
                PAIRS,
                IntStream.range(0, 60_000)
                        .mapToObj(i -> new Object[] {
                            (long) i, Long.toHexString(random.nextLong()).repeat(8)
                        })
                        .toList());

        assertDiskFull(() -> {
            for (int i = 0; i < 20; i++) {
                table.write(PAIRS, List.of(noise));
            }
        });
        long before = TestLake.dataFiles(table).size();
        assertDiskFull(() -> {
            while (true) {
                table.write(PAIRS, List.of(noise));
            }
        });
        assertThat(TestLake.dataFiles(table)).hasSize((int) before);

        Path filler = small.resolve("filler");
        Set<String> files = allFiles();
        fill(filler);
        assertDiskFull(() -> table.commit(new Lsn(2), table.schema(), List.of(view(file, 1))));
        assertDiskFull(() -> table.commit(new Lsn(2), table.schema(), List.of(view(file, 1))));
        Files.delete(filler);
        assertThat(allFiles()).isEqualTo(files);
        table.commit(new Lsn(3), table.schema(), List.of(view(file, 1)));
        assertThat(fixture.pairs("public", "pairs")).hasSize(9);
        assertThat(table.committedLsn()).isEqualTo(new Lsn(3));
    }

    private Set<String> allFiles() {
        Set<String> files = new TreeSet<>();
        new LocalFileIO().listPrefix(table.location()).forEach(file -> files.add(file.location()));
        return files;
    }

    private static void assertDiskFull(org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
    }

    private static void fill(Path filler) {
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[512];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }
}
