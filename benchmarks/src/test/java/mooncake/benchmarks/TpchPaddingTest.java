package mooncake.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import mooncake.testing.TpchQuery;
import org.junit.jupiter.api.Test;

class TpchPaddingTest {
    @Test
    void literalsOfBlankPaddedColumnsGetTheirBlanks() {
        assertThat(TpchPadding.padded("shipmode IN ('MAIL', 'AIR REG')"))
                .isEqualTo("shipmode IN ('MAIL      ', 'AIR REG   ')");
        assertThat(TpchPadding.padded("p.type = 'ECONOMY ANODIZED STEEL' AND p.name LIKE 'forest%'"))
                .isEqualTo("p.type = 'ECONOMY ANODIZED STEEL' AND p.name LIKE 'forest%'");
        assertThat(TpchPadding.padded(TpchQuery.read(19).text()))
                .contains("'Brand#12  '", "'DELIVER IN PERSON        '");
        assertThat(TpchPadding.padded(TpchQuery.read(12).text())).contains("'1-URGENT       '");
    }
}
