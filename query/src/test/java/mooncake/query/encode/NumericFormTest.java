package mooncake.query.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The parts of Postgres' on-disk numerics, against what `pageinspect` shows of a heap.
class NumericFormTest {
    @Test
    void groupsAreStrippedAtBothEnds() {
        assertThat(NumericText.parse("0")).isEqualTo(new NumericText.Finite(false, 0, 0, List.of()));
        assertThat(NumericText.parse("-0.00")).isEqualTo(new NumericText.Finite(false, 0, 2, List.of()));
        assertThat(NumericText.parse("10000")).isEqualTo(new NumericText.Finite(false, 1, 0, List.of((short) 1)));
        assertThat(NumericText.parse("-12345.678"))
                .isEqualTo(new NumericText.Finite(true, 1, 3, List.of((short) 1, (short) 2345, (short) 6780)));
        assertThat(NumericText.parse("0.00001234"))
                .isEqualTo(new NumericText.Finite(false, -2, 8, List.of((short) 1234)));
        assertThat(NumericText.parse("NaN")).isEqualTo(new NumericText.Special((short) 0xc000));
    }

    @Test
    void theShortHeaderIsUsedWhereItFits() {
        assertThat(new NumericHeader(false, 63, 63).bytes()).isEqualTo(2);
        assertThat(new NumericHeader(false, 64, 0).bytes()).isEqualTo(4);
        assertThat(new NumericHeader(true, -64, 0).bytes()).isEqualTo(2);
        assertThat(new NumericHeader(true, -65, 0).bytes()).isEqualTo(4);
        assertThat(new NumericHeader(false, 0, 64).bytes()).isEqualTo(4);
    }
}
