package mooncake.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import mooncake.testing.CommandLine;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void readsTheCommandLine() throws CommandLine.Wrong {
        Options options = Options.parse("tpch", "--queries", "300", "corpus", "--seed", "7", "--scale", "0.1");
        assertThat(options.parts()).isEqualTo(Set.of(Options.Part.CORPUS, Options.Part.TPCH));
        assertThat(options.queries()).isEqualTo(300);
        assertThat(options.seed()).isEqualTo(7);
        assertThat(options.scale()).isEqualTo(0.1);
        assertThat(Options.parse().parts()).isEqualTo(EnumSet.allOf(Options.Part.class));
    }

    @Test
    void refusesOthers() {
        assertThatThrownBy(() -> Options.parse("luck")).hasMessageContaining("there is no part luck");
        assertThatThrownBy(() -> Options.parse("--seed", "x")).hasMessageContaining("--seed needs a number");
    }
}
