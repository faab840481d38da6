package mooncake.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyIndexTest {
    @TempDir
    Path directory;

    private record Key(long low, long high) {}

    @Test
    void agreesWithAHashMap() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int range : new int[] {50, 5_000, 200_000}) {
            try (KeyIndex index = new KeyIndex(directory, new SplittableRandom(seed))) {
                Map<Key, Long> model = new HashMap<>();
                for (int i = 0; i < 400_000; i++) {
                    Key key = new Key(random.nextInt(range), random.nextInt(4) == 0 ? -1 : 0);
                    long location = 1L + random.nextInt(Integer.MAX_VALUE);
                    String what = "seed " + seed + " step " + i;
                    switch (random.nextInt(6)) {
                        case 0, 1, 2 -> {
                            Long before = model.putIfAbsent(key, location);
                            assertThat(index.putIfAbsent(key.low, key.high, location))
                                    .as(what)
                                    .isEqualTo(before == null ? KeyIndex.NONE : before);
                        }
                        case 3 -> {
                            Long before = model.replace(key, location);
                            assertThat(index.replace(key.low, key.high, location))
                                    .as(what)
                                    .isEqualTo(before == null ? KeyIndex.NONE : before);
                        }
                        case 4 -> {
                            Long before = model.remove(key);
                            assertThat(index.remove(key.low, key.high))
                                    .as(what)
                                    .isEqualTo(before == null ? KeyIndex.NONE : before);
                        }
                        default ->
                            assertThat(index.get(key.low, key.high))
                                    .as(what)
                                    .isEqualTo(model.getOrDefault(key, KeyIndex.NONE));
                    }
                }
                assertThat(index.size()).isEqualTo(model.size());
                model.forEach((key, location) ->
                        assertThat(index.get(key.low, key.high)).isEqualTo(location));
            }
        }
    }

    @Test
    void growsShrinksAndGrowsAgain() {
        try (KeyIndex index = new KeyIndex(directory)) {
            for (int round = 0; round < 2; round++) {
                for (long key = 0; key < 1_000_000; key++) {
                    assertThat(index.putIfAbsent(key, 0, key + 1) == KeyIndex.NONE)
                            .isTrue();
                }
                assertThat(index.size()).isEqualTo(1_000_000);
                for (long key = 0; key < 1_000_000; key++) {
                    assertThat(index.remove(key, 0) == key + 1).isTrue();
                }
                assertThat(index.size()).isZero();
            }
        }
    }

    @Test
    void isPresized() {
        try (KeyIndex index = new KeyIndex(directory)) {
            index.expect(300_000);
            for (long key = 0; key < 600_000; key++) {
                index.putIfAbsent(key, key, key + 1);
            }
            for (long key = 0; key < 600_000; key++) {
                assertThat(index.get(key, key) == key + 1).isTrue();
            }
        }
    }

    @Test
    void clearForgetsEverything() {
        try (KeyIndex index = new KeyIndex(directory)) {
            for (long key = 0; key < 20_000; key++) {
                index.putIfAbsent(key, 0, 7);
            }
            index.clear();
            assertThat(index.size()).isZero();
            assertThat(index.get(1, 0)).isEqualTo(KeyIndex.NONE);
            assertThat(index.putIfAbsent(1, 0, 9)).isEqualTo(KeyIndex.NONE);
            assertThat(index.get(1, 0)).isEqualTo(9);
        }
    }

    @Test
    void leavesNoFileBehind() throws IOException {
        try (KeyIndex index = new KeyIndex(directory.resolve("made/when/needed"))) {
            index.putIfAbsent(1, 2, 3);
            try (var files = Files.list(directory.resolve("made/when/needed"))) {
                assertThat(files).as("already while it is open").isEmpty();
            }
        }
    }
}
