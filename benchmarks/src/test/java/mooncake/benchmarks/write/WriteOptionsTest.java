package mooncake.benchmarks.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import mooncake.testing.CommandLine;
import org.junit.jupiter.api.Test;

class WriteOptionsTest {
    @Test
    void optionsAreReadOrRefused() throws CommandLine.Wrong {
        WriteOptions options = WriteOptions.parse(new String[] {"--seconds", "5", "--rows", "10000"});
        assertThat(options).isEqualTo(new WriteOptions(10_000, 5));
        assertThat(WriteOptions.parse(new String[] {}).transactionRows()).isEqualTo(10_000_000);
        for (String[] words : List.of(
                new String[] {"--scale", "1"}, new String[] {"--rows"}, new String[] {"--rows", "9"}, new String[] {
                    "--seconds", "soon"
                })) {
            assertThatThrownBy(() -> WriteOptions.parse(words)).isInstanceOf(CommandLine.Wrong.class);
        }
    }
}
