package mooncake.lake;

import static mooncake.lake.TestLake.PAIRS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import mooncake.model.DataFile;
import mooncake.model.Lsn;
import mooncake.model.ReadView.FileView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random commits, checked after each one against a model by a foreign reader.
class LakeRandomTest {
    private static final int COMMITS = 40;

    @TempDir
    Path directory;

    /// A file's ids by position and which positions are deleted.
    private record Model(DataFile file, List<Long> ids, Set<Integer> deleted) {}

    @Test
    void anySequenceOfCommitsReadsAsItsLastState() throws Exception {
        long seed = Long.getLong("mooncake.seed", System.nanoTime());
        System.out.println("LakeRandomTest seed " + seed + " (repeat with -Dmooncake.seed=" + seed + ")");
        Random random = new Random(seed);
        try (TestLake fixture = new TestLake(directory)) {
            Upkeep upkeep = new Upkeep(java.time.Duration.ZERO, 500, 7);
            LakeTable table = fixture.open(upkeep).create("public", "pairs", PAIRS, Map.of());
            List<Model> models = new ArrayList<>();
            long nextId = 0;
            for (int commit = 1; commit <= COMMITS; commit++) {
                nextId = change(random, table, models, nextId);
                List<FileView> state = models.stream()
                        .map(model -> new FileView(model.file, TestLake.deletes(model.deleted)))
                        .toList();
                table.commit(new Lsn(commit), table.schema(), state);
                assertThat(fixture.pairs("public", "pairs").keySet())
                        .as("seed %d, commit %d", seed, commit)
                        .isEqualTo(live(models));
                if (random.nextInt(8) == 0) {
                    table = fixture.open(upkeep).open("public", "pairs");
                    assertThat(table.committedLsn()).isEqualTo(new Lsn(commit));
                    assertLoaded(table.load(), models, seed);
                }
                for (Model model : models) {
                    assertThat(Files.exists(Path.of(model.file.path()))).isTrue();
                }
            }
        }
    }

    private static long change(Random random, LakeTable table, List<Model> models, long firstId) {
        long nextId = firstId;
        if (random.nextInt(15) == 0) {
            models.forEach(model -> table.unneeded(model.file));
            models.clear();
        }
        for (int files = random.nextInt(3); files > 0; files--) {
            int rows = 1 + random.nextInt(random.nextBoolean() ? 20 : 9_000);
            Set<Integer> dead = randomRows(random, rows, rows / 3);
            var batch = TestBatch.of(
                    PAIRS,
                    TestLake.pairRows(nextId, nextId + rows),
                    dead.stream().mapToInt(Integer::intValue).toArray());
            List<Long> ids = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                if (!dead.contains(row)) {
                    ids.add(nextId + row);
                }
            }
            nextId += rows;
            DataFile file = table.write(PAIRS, List.of(batch)).orElseThrow();
            models.add(new Model(file, ids, new TreeSet<>()));
        }
        if (!models.isEmpty() && random.nextInt(4) == 0) {
            table.unneeded(models.remove(random.nextInt(models.size())).file);
        }
        for (Model model : models) {
            if (random.nextBoolean()) {
                model.deleted.addAll(randomRows(random, model.ids.size(), 1 + model.ids.size() / 4));
            }
        }
        return nextId;
    }

    private static Set<Integer> randomRows(Random random, int rows, int limit) {
        Set<Integer> chosen = new TreeSet<>();
        for (int i = limit == 0 ? 0 : random.nextInt(limit); i > 0; i--) {
            chosen.add(random.nextInt(rows));
        }
        return chosen;
    }

    private static Set<Long> live(List<Model> models) {
        Set<Long> live = new TreeSet<>();
        for (Model model : models) {
            for (int row = 0; row < model.ids.size(); row++) {
                if (!model.deleted.contains(row)) {
                    live.add(model.ids.get(row));
                }
            }
        }
        return live;
    }

    private static void assertLoaded(List<FileView> loaded, List<Model> models, long seed) {
        Map<DataFile, Set<Long>> actual = new TreeMap<>(java.util.Comparator.comparing(DataFile::path));
        loaded.forEach(view -> actual.put(view.file(), TestLake.positions(view.deletes())));
        Map<DataFile, Set<Long>> expected = new TreeMap<>(java.util.Comparator.comparing(DataFile::path));
        for (Model model : models) {
            Set<Long> positions = new TreeSet<>();
            model.deleted.forEach(row -> positions.add((long) row));
            expected.put(model.file, positions);
        }
        assertThat(actual).as("seed %d", seed).isEqualTo(expected);
    }
}
