package mooncake.source.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriterBarrierTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void waitsForWritersThatWereThereAndForNobodyElse() throws Exception {
        Endpoint endpoint = TestCluster.shared().database("barrier");
        try (Connection sql = endpoint.connect();
                Connection writer = endpoint.connect();
                Connection later = endpoint.connect();
                Connection reader = endpoint.connect()) {
            TestCluster.execute(sql, "CREATE TABLE t (a int)", "CREATE TABLE u (a int)");
            int t = Integer.parseInt(TestCluster.value(sql, "SELECT 't'::regclass::oid"));
            TestCluster.execute(reader, "BEGIN", "SELECT * FROM t FOR UPDATE", "INSERT INTO u VALUES (1)");
            WriterBarrier.await(sql, t, Duration.ZERO);

            TestCluster.execute(writer, "BEGIN", "INSERT INTO t VALUES (1)");
            assertThatThrownBy(() -> WriterBarrier.await(sql, t, Duration.ofMillis(30)))
                    .isInstanceOfSatisfying(
                            MooncakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.POSTGRES_FAILED))
                    .hasMessageContaining("pid ");
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> WriterBarrier.await(sql, t, LONG));
            assertThatThrownBy(() -> waiting.get(100, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            TestCluster.execute(later, "BEGIN", "INSERT INTO t VALUES (2)");
            TestCluster.execute(writer, "COMMIT", "BEGIN", "INSERT INTO t VALUES (3)");

            waiting.get(10, TimeUnit.SECONDS);
            TestCluster.execute(writer, "ROLLBACK");
            TestCluster.execute(later, "ROLLBACK");
        }
    }

    @Test
    void waitsForPreparedTransactions() throws SQLException {
        Endpoint endpoint = TestCluster.shared().database("barrier");
        try (Connection sql = endpoint.connect()) {
            TestCluster.execute(sql, "CREATE TABLE t (a int)");
            int t = Integer.parseInt(TestCluster.value(sql, "SELECT 't'::regclass::oid"));
            TestCluster.execute(sql, "BEGIN", "INSERT INTO t VALUES (1)", "PREPARE TRANSACTION 'held'");

            assertThatThrownBy(() -> WriterBarrier.await(sql, t, Duration.ofMillis(20)))
                    .hasMessageContaining("prepared transaction");
            TestCluster.execute(sql, "COMMIT PREPARED 'held'");
            WriterBarrier.await(sql, t, Duration.ZERO);
        }
    }
}
