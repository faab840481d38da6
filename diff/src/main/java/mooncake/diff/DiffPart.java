package mooncake.diff;

import java.io.IOException;
import java.sql.SQLException;
import mooncake.testing.PostgresServer;

/// A source of queries.
interface DiffPart {
    /// Makes its tables and mirrors on the server, runs its queries and counts them.
    void run(PostgresServer server, Tally tally, Progress progress) throws SQLException, IOException;

    /// What a user sees between beginning and end.
    @FunctionalInterface
    interface Progress {
        void says(String line);
    }

    /// Judges one query and counts it.
    static Verdict compare(Sides sides, Tally tally, String where, String query) throws SQLException {
        Verdict verdict = Judge.judge(sides, query);
        Route route = sides.mirror().route(query);
        tally.count(where, query, verdict, route);
        return verdict;
    }
}
