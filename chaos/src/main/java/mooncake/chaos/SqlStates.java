package mooncake.chaos;

import java.sql.SQLException;
import java.util.Set;

/// Which errors of statements on sources are part of the game: those that would be the same without any mirror.
final class SqlStates {
    /// Deadlock, serialization, lock timeout, unique violation, names that another session has just changed.
    private static final Set<String> WORKLOAD = Set.of(
            "40P01", "40001", "55P03", "23505", "23502", "42P01", "42703", "42804", "22003", "22001", "23514", "42704",
            "42701");

    private SqlStates() {}

    static boolean workload(SQLException e) {
        return WORKLOAD.contains(state(e));
    }

    /// The server went away, is starting, or is not there.
    static boolean connectionLost(SQLException e) {
        String state = state(e);
        return state.startsWith("08") || state.startsWith("57P0");
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
