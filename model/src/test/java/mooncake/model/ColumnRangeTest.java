package mooncake.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import mooncake.model.ColumnRange.Bound;
import org.junit.jupiter.api.Test;

/// Bounds never put a smaller value after a greater one.
class ColumnRangeTest {
    @Test
    void numerics() {
        List<String> ascending = List.of(
                "-Infinity",
                "-1e400",
                "-1e300",
                "-12.5",
                "-0.000",
                "0.1",
                "1e-30",
                "7",
                "12.50",
                "1e20",
                "1e400",
                "NaN");
        for (String low : ascending) {
            for (String high : ascending) {
                int order = low.equals("NaN") || high.equals("NaN") || low.contains("Inf")
                        ? Integer.compare(ascending.indexOf(low), ascending.indexOf(high))
                        : high.contains("Inf") ? 1 : new BigDecimal(low).compareTo(new BigDecimal(high));
                assertOrder(order, Bound.ofNumeric(low), Bound.ofNumeric(high));
            }
        }
        assertThat(Bound.ofNumeric("Infinity")).isLessThan(Bound.ofNumeric("NaN"));
    }

    @Test
    void textsAndUuids() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String a = text(random);
            String b = text(random);
            assertOrder(
                    Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)),
                    Bound.ofText(a),
                    Bound.ofText(b));
            String left = new UUID(random.nextInt(3) - 1L, random.nextLong()).toString();
            String right = new UUID(random.nextInt(3) - 1L, random.nextLong()).toString();
            assertOrder(left.compareTo(right), Bound.ofUuid(left), Bound.ofUuid(right));
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(20); length > 0; length--) {
            text.append(List.of("a", "b", "é", "Ω", "🙂", "\u0001").get(random.nextInt(6)));
        }
        return text.toString();
    }

    private static void assertOrder(int order, Bound low, Bound high) {
        if (order <= 0) {
            assertThat(low).isLessThanOrEqualTo(high);
        }
        if (order >= 0) {
            assertThat(low).isGreaterThanOrEqualTo(high);
        }
    }
}
