package mooncake.benchmarks.line;

import static org.assertj.core.api.Assertions.assertThat;

import mooncake.testing.TpchQuery;
import org.junit.jupiter.api.Test;

class BareDuckDbTest {
    @Test
    void literalsOfBlankPaddedColumnsGetTheirBlanks() {
        assertThat(BareDuckDb.padded("shipmode IN ('MAIL', 'AIR REG')"))
                .isEqualTo("shipmode IN ('MAIL      ', 'AIR REG   ')");
        assertThat(BareDuckDb.padded("p.type = 'ECONOMY ANODIZED STEEL' AND p.name LIKE 'forest%'"))
                .isEqualTo("p.type = 'ECONOMY ANODIZED STEEL' AND p.name LIKE 'forest%'");
        assertThat(BareDuckDb.padded(TpchQuery.read(19).text()))
                .contains("'Brand#12  '", "'DELIVER IN PERSON        '");
        assertThat(BareDuckDb.padded(TpchQuery.read(12).text())).contains("'1-URGENT       '");
    }
}
