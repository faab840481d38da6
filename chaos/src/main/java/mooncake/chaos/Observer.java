package mooncake.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// Looks at mirrors under load and faults: what two of them show together belongs to one moment, and a commit that was
/// acknowledged is seen. An error is no wrong answer; there are many while an engine is down.
final class Observer extends Actor {
    private static final Duration PACE = Duration.ofMillis(150);
    private static final String SUMS = "SELECT (SELECT sum(amount) FROM bank_a_m) + (SELECT sum(amount) FROM bank_b_m)";

    private final AtomicLong looks = new AtomicLong();

    Observer(PostgresServer server, Pause pause, long seed) {
        super("observer", server, pause, seed, PACE);
    }

    long looks() {
        return looks.get();
    }

    @Override
    void turn(Connection connection) throws SQLException, Failure {
        Sql.execute(connection, "SET pg_mooncake.freshness_timeout = '2s'");
        Sql.execute(connection, "UPDATE ticks SET n = n + 1");
        String written = Sql.value(connection, "SELECT n FROM ticks");
        expect(connection, "SELECT n FROM ticks_m", written, "a commit that was acknowledged is not seen");
        expect(connection, SUMS, Long.toString(Tables.TOTAL), "two mirrors show different moments");
    }

    private void expect(Connection connection, String query, String expected, String otherwise)
            throws SQLException, Failure {
        String seen;
        try {
            seen = Sql.value(connection, query);
        } catch (SQLException e) {
            if (connection.isClosed()) {
                throw e;
            }
            return;
        }
        looks.incrementAndGet();
        if (!seen.equals(expected)) {
            throw new Failure(otherwise + ": " + query + " is " + seen + " and not " + expected);
        }
    }
}
