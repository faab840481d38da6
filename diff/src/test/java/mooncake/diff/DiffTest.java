package mooncake.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The judge on a table whose mirror is a view that lies.
class DiffTest {
    private static PostgresServer server;
    private static Place place;
    private static Sides sides;

    @BeforeAll
    static void start() throws SQLException {
        server = PostgresServer.preferred().plain().start();
        place = Place.create(server, "lies");
        try (Connection heap = place.connect()) {
            Sql.execute(heap, "CREATE TABLE t AS SELECT g AS a, 'x' || g AS b FROM generate_series(1, 9) g");
            Sql.execute(
                    heap, "CREATE VIEW lies_mirror.t AS SELECT a, CASE a WHEN 9 THEN 'wrong' ELSE b END AS b FROM t");
            place.copyToOther(heap, "t");
        }
        sides = Sides.open(place, List.of());
    }

    @AfterAll
    static void stop() throws SQLException {
        sides.close();
        server.close();
    }

    @Test
    void seesWrongRowsErrorsAndTypes() throws SQLException {
        assertThat(judge("SELECT * FROM t WHERE a < 9")).isEqualTo(new Verdict.Same(false));
        assertThat(judge("SELECT * FROM t WHERE a = 9"))
                .isEqualTo(new Verdict.Different("1 rows, of them [[9, x9]]", "1 rows, of them [[9, wrong]]"));
        assertThat(judge("SELECT a / 0 FROM t")).isEqualTo(new Verdict.Same(true));
        assertThat(judge("SELECT 1 / (length(b) - 5) FROM t")).isInstanceOf(Verdict.Different.class);
        assertThat(judge("SELECT count(*) FROM t GROUP BY b = 'wrong'")).isInstanceOf(Verdict.Different.class);
    }

    @Test
    void seesWrongOrder() throws SQLException {
        assertThat(judge("SELECT a FROM t ORDER BY b")).isInstanceOf(Verdict.Different.class);
        assertThat(judge("SELECT a FROM t ORDER BY a % 3")).isEqualTo(new Verdict.Same(false));
    }

    @Test
    void saysNothingAboutAnswersThatAreOpen() throws SQLException {
        assertThat(judge("SELECT b FROM t ORDER BY a > 0 LIMIT 9 - (SELECT count(*)::int FROM t WHERE b = 'wrong')"))
                .isInstanceOf(Verdict.Different.class);
        assertThat(judge("SELECT string_agg(b, '') FROM t")).isEqualTo(new Verdict.Open());
    }

    @Test
    void equalKeysMayChangePlaces() throws SQLException {
        Outcome.Rows left = rows("30 days", "1 mon", "2 mons");
        assertThat(Equality.of(sides.heap(), left, rows("1 mon", "30 days", "2 mons"), List.of(0)))
                .isTrue();
        assertThat(Equality.of(sides.heap(), left, rows("2 mons", "30 days", "1 mon"), List.of(0)))
                .isFalse();
    }

    private static Outcome.Rows rows(String... intervals) {
        return new Outcome.Rows(
                List.of("i"),
                List.of("interval"),
                Stream.of(intervals).map(List::<@Nullable String>of).toList());
    }

    private static Verdict judge(String query) throws SQLException {
        return Judge.judge(sides, query);
    }
}
