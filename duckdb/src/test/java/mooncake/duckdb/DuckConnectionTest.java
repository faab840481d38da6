package mooncake.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DuckConnectionTest extends DatabaseFixture {
    private static final String LONG_QUERY = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(100000) b";

    @Test
    void streamsAllRowsOfManyChunks() {
        long sum = 0;
        long rows = 0;
        try (DuckResult result = connection.query("SELECT range AS r FROM range(100000)")) {
            assertThat(result.name(0)).isEqualTo("r");
            for (DuckChunk chunk = result.next(); chunk != null; chunk = result.next()) {
                rows += chunk.rows();
                for (int i = 0; i < chunk.rows(); i++) {
                    sum += chunk.vector(0).getLong(i);
                }
            }
        }
        assertThat(rows).isEqualTo(100_000);
        assertThat(sum).isEqualTo(99_999L * 50_000);
    }

    @Test
    void arithmeticFollowsPostgres() {
        assertThat(text("SELECT (7 / 2)::VARCHAR")).isEqualTo("3");
        assertThat(text("SELECT string_agg(coalesce(x::VARCHAR, 'null'), ',') FROM (SELECT x FROM (VALUES (1), (NULL),"
                        + " (2)) t(x) ORDER BY x DESC)"))
                .isEqualTo("null,2,1");
        fails("SELECT 1 / (range - range) FROM range(3)", ErrorCode.DIVISION_BY_ZERO);
        fails("SELECT 1.0::DOUBLE / (range - range)::DOUBLE FROM range(3)", ErrorCode.DIVISION_BY_ZERO);
        fails("SELECT (range + 2147483647)::INTEGER FROM range(3)", ErrorCode.NUMERIC_OUT_OF_RANGE);
        fails("SELECT 9223372036854775807 + range FROM range(3)", ErrorCode.NUMERIC_OUT_OF_RANGE);
        fails("SELECT ('a' || range)::INTEGER FROM range(3)", ErrorCode.QUERY_FAILED);
        fails("SELECT x FROM nowhere", ErrorCode.DUCKDB_FAILED);
        fails("SELECT 1; SELECT 2", ErrorCode.DUCKDB_FAILED);
        fails("SELECT * FROM read_parquet('/nowhere.parquet')", ErrorCode.STORAGE_FAILED);
    }

    @Test
    void preparingTellsWhatDuckDbDoesNotTake() {
        connection.prepare("SELECT 1 / range FROM range(3)");
        assertThatThrownBy(() -> connection.prepare("SELECT range, count(*) FROM range(3)"))
                .isInstanceOfSatisfying(
                        MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DUCKDB_FAILED));
        connection.execute("SELECT 1");
    }

    @Test
    void decimalOverflowIsToldApart() {
        String wide = "(range + 99999999999999999999)::DECIMAL(38,0)";
        MooncakeException product =
                fails("SELECT " + wide + " * " + wide + " FROM range(3)", ErrorCode.NUMERIC_OUT_OF_RANGE);
        assertThat(DuckErrors.isDecimalOverflow(product)).as(product.text()).isTrue();
        MooncakeException cast =
                fails("SELECT (range + 1000)::DECIMAL(3,0) FROM range(3)", ErrorCode.NUMERIC_OUT_OF_RANGE);
        assertThat(DuckErrors.isDecimalOverflow(cast)).as(cast.text()).isTrue();
        MooncakeException sum = fails(
                "SELECT sum(x) FROM (SELECT 99999999999999999999999999999999999999::DECIMAL(38,0) AS x FROM range(9))",
                ErrorCode.NUMERIC_OUT_OF_RANGE);
        assertThat(DuckErrors.isDecimalOverflow(sum)).as(sum.text()).isTrue();
        MooncakeException integer =
                fails("SELECT 9223372036854775807 + range FROM range(3)", ErrorCode.NUMERIC_OUT_OF_RANGE);
        assertThat(DuckErrors.isDecimalOverflow(integer)).as(integer.text()).isFalse();
        assertThat(integer.text()).isEqualTo("bigint out of range");
    }

    @Test
    void errorInTheMiddleOfAStreamIsSeen() {
        try (DuckResult result =
                connection.query("SELECT 1 / (range - 1500000) FROM range(2000000) WHERE range % 2 = 0")) {
            assertThatThrownBy(() -> {
                        while (result.next() != null) {
                            // Draining.
                        }
                    })
                    .isInstanceOf(MooncakeException.class);
        }
        assertThat(text("SELECT 'usable'")).isEqualTo("usable");
    }

    @Test
    void interruptIsNeverLostHoweverItRacesWithTheStart() throws Exception {
        for (int round = 0; round < 40; round++) {
            CountDownLatch started = new CountDownLatch(1);
            try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
                Future<MooncakeException> running = pool.submit(() -> {
                    started.countDown();
                    return fails(LONG_QUERY, ErrorCode.QUERY_CANCELLED);
                });
                started.await();
                LockSupport.parkNanos(round * 50_000L);
                connection.interrupt();
                running.get(20, TimeUnit.SECONDS);
            }
            fails("SELECT 1", ErrorCode.QUERY_CANCELLED);
            connection.clearInterrupt();
            assertThat(text("SELECT 'again'")).isEqualTo("again");
        }
    }

    @Test
    void interruptAfterCloseIsHarmless() {
        DuckConnection other = db.connect();
        other.close();
        other.interrupt();
        other.close();
        assertThat(text("SELECT 'fine'")).isEqualTo("fine");
    }

    @Test
    void databaseDoesNotCloseUnderAConnection() {
        assertThatThrownBy(db::close).hasMessageContaining("1 open connections");
    }

    @Test
    void errorsOfUsersDoNotShowOurStatement() {
        assertThat(fails("SELECT 1 / 0", ErrorCode.DIVISION_BY_ZERO).text()).isEqualTo("division by zero");
        assertThat(fails("SELECT (1e40 + range)::DECIMAL(38,2) FROM range(2)", ErrorCode.NUMERIC_OUT_OF_RANGE)
                        .text())
                .doesNotContain("SELECT");
    }

    @Test
    void abandonedResultLeavesTheConnectionUsable() {
        try (DuckResult result = connection.query("SELECT range FROM range(10000000)")) {
            assertThat(result.next()).isNotNull();
        }
        assertThat(text("SELECT 'fine'")).isEqualTo("fine");
    }

    @Test
    void timeZoneIsOfTheSession() {
        String noon = "SELECT '2024-07-01 12:00:00'::TIMESTAMPTZ::VARCHAR";
        assertThat(text(noon)).isEqualTo("2024-07-01 12:00:00+00");
        connection.setTimeZone("Europe/Berlin");
        assertThat(text(noon)).isEqualTo("2024-07-01 12:00:00+02");
    }

    private String text(String sql) {
        return TestDatabase.text(connection, sql);
    }

    private MooncakeException fails(String sql, ErrorCode code) {
        try {
            connection.execute(sql);
        } catch (MooncakeException e) {
            assertThat(e.code()).as("%s: %s", sql, e.text()).isEqualTo(code);
            return e;
        }
        throw new AssertionError(sql + " did not fail");
    }
}
