package mooncake.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OrderingTest {
    @Test
    void findsTheKeysOfTheOuterQuery() {
        Ordering ordering = Objects.requireNonNull(
                Ordering.of(
                        "SELECT a, (SELECT b FROM t ORDER BY c LIMIT 1) FROM u ORDER BY f(a, ',') DESC NULLS LAST, 2, \"X\" LIMIT 3"));
        assertThat(ordering.keys()).containsExactly("f(a, ',')", "2", "\"X\"");
        assertThat(Ordering.of("SELECT * FROM (SELECT 1 ORDER BY 1) q")).isNull();
        assertThat(Ordering.of("SELECT 'ORDER BY 1' -- ORDER BY 2")).isNull();
    }

    @Test
    void knowsWhichColumnsTheKeysAre() {
        Ordering ordering = Objects.requireNonNull(Ordering.of("SELECT a, b FROM t ORDER BY b, 1"));
        assertThat(ordering.columns(List.of("a", "b"))).isEqualTo(List.of(1, 0));
        assertThat(ordering.columns(List.of("b", "b"))).isNull();
    }

    @Test
    void addsKeysAsColumns() {
        Ordering ordering =
                Objects.requireNonNull(Ordering.of("SELECT a FROM t WHERE b IN (SELECT 1 FROM u) ORDER BY c"));
        assertThat(ordering.withKeys("SELECT a FROM t WHERE b IN (SELECT 1 FROM u) ORDER BY c"))
                .isEqualTo("SELECT a , (c) FROM t WHERE b IN (SELECT 1 FROM u) ORDER BY c");
        Ordering union = Objects.requireNonNull(Ordering.of("SELECT a FROM t UNION SELECT b FROM u ORDER BY c"));
        assertThat(union.withKeys("SELECT a FROM t UNION SELECT b FROM u ORDER BY c"))
                .isNull();
    }

    @Test
    void splitsScripts() {
        assertThat(Script.split("-- x;\nSELECT ';' ; SELECT $a$ ; $a$; /* ; /* ; */ ; */ SELECT E'\\';' "))
                .containsExactly("SELECT ';'", "SELECT $a$ ; $a$", "SELECT E'\\';'");
    }
}
