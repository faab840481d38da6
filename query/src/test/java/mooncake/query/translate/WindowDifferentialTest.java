package mooncake.query.translate;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Frames of windows made at random, over values of every type that RANGE measures distances between, hold the rows
/// that they hold in Postgres.
class WindowDifferentialTest {
    private static final int ROUNDS = Integer.getInteger("mooncake.test.rounds", 20);
    private static final int ROWS = 40;

    private static Differential sides;

    private final long seed = Long.getLong("mooncake.test.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @BeforeAll
    static void start() throws SQLException {
        sides = new Differential(PostgresServer.preferred());
    }

    @AfterAll
    static void close() throws SQLException {
        sides.close();
    }

    /// A type to order by, some of its values, and distances between them.
    private record Kind(String type, String distance, List<String> values, List<String> distances) {}

    private static final List<String> INTERVALS =
            List.of("0", "1 day", "02:00", "1 month", "1 mon 3 days 01:00", "-1 day", "40 days", "10 years");

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "float8",
                    "float8",
                    List.of("0", "-0", "1", "1.5", "2", "-3", "1e300", "NaN", "Infinity", "-Infinity", "0.1"),
                    List.of("0", "0.5", "1", "1.4", "Infinity", "-1", "NaN", "2e300")),
            new Kind(
                    "float4",
                    "float8",
                    List.of("0", "-0", "1", "1.5", "2", "-3", "1e30", "NaN", "Infinity", "-Infinity", "0.1"),
                    List.of("0", "0.5", "1", "1.4", "Infinity")),
            new Kind(
                    "numeric",
                    "numeric",
                    List.of("0", "1", "1.00", "1.5", "2", "-3", "1e40", "NaN", "Infinity", "-Infinity", "0.1"),
                    List.of("0", "0.5", "1", "1.4", "Infinity", "-1", "NaN", "1e50")),
            new Kind("int8", "int8", List.of("0", "1", "2", "5", "9223372036854775807"), List.of("0", "1", "3", "-1")),
            new Kind(
                    "date",
                    "interval",
                    List.of("2024-01-28", "2024-01-31", "2024-02-29", "2024-03-01", "infinity", "-infinity"),
                    INTERVALS),
            new Kind(
                    "timestamp",
                    "interval",
                    List.of(
                            "2023-01-30 23:00",
                            "2023-01-31 01:00",
                            "2023-02-28 02:00",
                            "2023-02-28 23:30",
                            "2023-03-31 12:00",
                            "infinity",
                            "-infinity"),
                    INTERVALS),
            new Kind(
                    "timestamptz",
                    "interval",
                    List.of(
                            "2024-03-30 02:30",
                            "2024-03-30 03:00",
                            "2024-03-31 01:00",
                            "2024-03-31 05:00",
                            "2024-10-26 02:30",
                            "2024-10-27 00:30",
                            "2024-10-27 09:30",
                            "2024-02-29 02:30",
                            "infinity"),
                    INTERVALS),
            new Kind("time", "interval", List.of("00:00", "01:00", "12:00", "23:00", "24:00"), INTERVALS),
            new Kind("interval", "interval", List.of("0", "1 day", "24:00", "1 month", "30 days", "-2:00"), INTERVALS));

    @Test
    void framesHoldTheSameRows() throws SQLException {
        for (Kind kind : KINDS) {
            String table = "of_" + kind.type();
            fill(table, kind);
            for (int round = 0; round < ROUNDS; round++) {
                String query = query(table, kind);
                try {
                    QueryFiles.check(sides, query);
                } catch (AssertionError e) {
                    throw new AssertionError("seed " + seed + ": " + query, e);
                }
            }
        }
    }

    private void fill(String table, Kind kind) throws SQLException {
        Sql.execute(sides.postgres(), "CREATE TABLE " + table + " (id integer, v " + kind.type() + ", p integer)");
        for (int i = 0; i < ROWS; i++) {
            String value = random.nextInt(8) == 0 ? "NULL" : "'" + pick(kind.values()) + "'";
            Sql.execute(
                    sides.postgres(),
                    "INSERT INTO " + table + " VALUES (" + i + ", " + value + ", " + random.nextInt(3) + ")");
        }
        sides.mirror(table);
    }

    private String query(String table, Kind kind) {
        String window = (random.nextBoolean() ? "PARTITION BY p " : "") + "ORDER BY v"
                + pick(List.of("", " DESC", " NULLS FIRST", " DESC NULLS LAST")) + " RANGE BETWEEN " + bounds(kind)
                + pick(List.of("", "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"));
        return "SELECT id, count(*) OVER w, sum(id) OVER w, max(id) OVER w FROM " + table + " WINDOW w AS (" + window
                + ") ORDER BY id";
    }

    private String bounds(Kind kind) {
        int start = random.nextInt(4);
        String from = List.of(
                        "UNBOUNDED PRECEDING",
                        distance(kind) + " PRECEDING",
                        "CURRENT ROW",
                        distance(kind) + " FOLLOWING")
                .get(start);
        int end = Math.max(start, random.nextInt(4));
        String to = List.of(
                        distance(kind) + " PRECEDING",
                        distance(kind) + " PRECEDING",
                        "CURRENT ROW",
                        random.nextBoolean() ? distance(kind) + " FOLLOWING" : "UNBOUNDED FOLLOWING")
                .get(end);
        return from + " AND " + to;
    }

    private String distance(Kind kind) {
        return "'" + pick(kind.distances()) + "'::" + kind.distance();
    }

    private String pick(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
