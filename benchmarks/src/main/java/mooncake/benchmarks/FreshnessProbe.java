package mooncake.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// How soon a commit is visible on its mirror: one session commits a row, and from the moment its commit is
/// acknowledged
/// another session's query of the mirror is timed until it has returned that row. A strict query that returns without
/// the row is an error, not a sample.
public final class FreshnessProbe implements AutoCloseable {
    private static final String TABLE = "freshness_probe";
    private static final int WARM_UP = 20;

    private final Connection writer;
    private final Connection reader;
    private final PreparedStatement write;
    private final PreparedStatement read;
    private long next;

    private FreshnessProbe(Connection writer, Connection reader) throws SQLException {
        this.writer = writer;
        this.reader = reader;
        this.write = writer.prepareStatement("INSERT INTO " + TABLE + " VALUES (?, now())");
        this.read = reader.prepareStatement("SELECT count(*) FROM " + Mirrors.name(TABLE) + " WHERE id = ?");
    }

    public static FreshnessProbe create(PostgresServer server) throws SQLException {
        server.execute("CREATE TABLE " + TABLE + " (id bigint PRIMARY KEY, at timestamptz NOT NULL)");
        Mirrors.create(server, TABLE);
        FreshnessProbe probe = new FreshnessProbe(server.connect(), server.connect());
        for (int i = 0; i < WARM_UP; i++) {
            probe.sample();
        }
        return probe;
    }

    /// Milliseconds from acknowledged commit to the answer that shows it.
    public double sample() throws SQLException {
        long id = next++;
        write.setLong(1, id);
        write.executeUpdate();
        long committed = System.nanoTime();
        read.setLong(1, id);
        try (ResultSet result = read.executeQuery()) {
            if (!result.next() || result.getLong(1) != 1) {
                throw new IllegalStateException("a strict query did not see a row committed before it: id " + id);
            }
        }
        return Figures.millis(committed);
    }

    /// As many samples as the time allows, a little apart.
    public List<Double> sampleFor(double seconds) throws SQLException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Double> samples = new ArrayList<>();
        while (System.nanoTime() < end) {
            samples.add(sample());
            LockSupport.parkNanos(5_000_000);
        }
        return samples;
    }

    /// The session that reads, for other questions to the mirrors.
    public long rows(String table) throws SQLException {
        return Long.parseLong(Sql.value(reader, "SELECT count(*) FROM " + Mirrors.name(table)));
    }

    @Override
    public void close() throws SQLException {
        writer.close();
        reader.close();
    }
}
