package mooncake.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import mooncake.testing.CommandLine;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void percentilesAreValuesThatOccurred() {
        List<Double> values = List.of(5.0, 1.0, 4.0, 2.0, 3.0);
        assertThat(Figures.percentile(values, 0.5)).isEqualTo(3.0);
        assertThat(Figures.percentile(values, 0.99)).isEqualTo(5.0);
        assertThat(Figures.percentile(values, 0)).isEqualTo(1.0);
        assertThat(Figures.percentile(List.of(), 0.5)).isNaN();
    }

    @Test
    void geometricMeanMultiplies() {
        assertThat(Figures.geometricMean(List.of(2.0, 8.0))).isCloseTo(4.0, within(1e-9));
    }

    @Test
    void optionsAreReadOrRefused() throws CommandLine.Wrong {
        assertThat(Options.parse(new String[] {"--once", "--scale", "0.5"}, 1)).isEqualTo(new Options(true, 0.5));
        assertThat(Options.parse(new String[] {}, 1)).isEqualTo(new Options(false, 1));
        for (String[] words :
                List.of(new String[] {"--twice"}, new String[] {"--scale"}, new String[] {"--scale", "0"})) {
            assertThatThrownBy(() -> Options.parse(words, 1)).isInstanceOf(CommandLine.Wrong.class);
        }
    }
}
