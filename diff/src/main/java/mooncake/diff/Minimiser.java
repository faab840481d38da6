package mooncake.diff;

import java.sql.SQLException;
import java.time.Duration;

/// Takes things away from a query as long as the answers still differ.
final class Minimiser {
    private static final int ATTEMPTS_MAX = 1_500;
    /// A query that one side answers slowly is not worth more.
    private static final Duration TIME_MAX = Duration.ofMinutes(1);

    private final Sides sides;
    private int attempts;

    Minimiser(Sides sides) {
        this.sides = sides;
    }

    String minimise(Fragment query) throws SQLException {
        Fragment smallest = query;
        long begun = System.nanoTime();
        boolean found = true;
        while (found) {
            found = false;
            for (Fragment candidate : smallest.smaller()) {
                if (attempts++ > ATTEMPTS_MAX || System.nanoTime() - begun > TIME_MAX.toNanos()) {
                    return smallest.sql();
                }
                if (candidate.sql().length() < smallest.sql().length()
                        && Judge.judgeAccident(sides, candidate.sql()) instanceof Verdict.Different) {
                    smallest = candidate;
                    found = true;
                    break;
                }
            }
        }
        return smallest.sql();
    }
}
