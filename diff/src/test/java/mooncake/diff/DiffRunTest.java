package mooncake.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/// A short run of the program itself.
class DiffRunTest {
    @Test
    void mirrorsGivePostgresAnswersToTheCorpus() {
        long seed = Long.getLong("mooncake.seed", System.nanoTime() & 0xFFFF_FFFFL);
        assertThat(Diff.run(Options.of(EnumSet.of(Options.Part.CORPUS), 300, seed), System.out))
                .isTrue();
    }
}
