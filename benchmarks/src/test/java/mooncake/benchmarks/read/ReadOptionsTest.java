package mooncake.benchmarks.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mooncake.testing.CommandLine;
import org.junit.jupiter.api.Test;

class ReadOptionsTest {
    @Test
    void partsAreChosenByName() throws CommandLine.Wrong {
        ReadOptions options = ReadOptions.parse(new String[] {"web", "--rows", "20000", "latency"});
        assertThat(options.parts()).containsExactly(ReadPart.WEB, ReadPart.LATENCY);
        assertThat(options.rows()).isEqualTo(20_000);
    }

    @Test
    void withoutNamesAllPartsAreMeasured() throws CommandLine.Wrong {
        assertThat(ReadOptions.parse(new String[0]).parts()).containsExactly(ReadPart.values());
    }

    @Test
    void aWorkloadReplacesTheParts() throws CommandLine.Wrong {
        ReadOptions options = ReadOptions.parse(new String[] {"--workload", "."});
        assertThat(options.parts()).isEmpty();
        assertThat(options.workload()).isNotNull();
    }

    @Test
    void whatIsNoOptionIsRefused() {
        for (String[] words : new String[][] {
            {"--rows"}, {"--rows", "5"}, {"--minutes", "0"}, {"--workload", "no such folder"}, {"speed"}
        }) {
            assertThatThrownBy(() -> ReadOptions.parse(words)).isInstanceOf(CommandLine.Wrong.class);
        }
    }
}
