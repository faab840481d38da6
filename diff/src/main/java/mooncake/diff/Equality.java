package mooncake.diff;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Equality as the type has it: `30 days` is `1 mon`, and `1.0` is `1.00`.
final class Equality {
    private Equality() {}

    /// Whether these columns of two results hold equal values row by row.
    static boolean of(Session session, Outcome.Rows left, Outcome.Rows right, List<Integer> columns)
            throws SQLException {
        if (left.rows().size() != right.rows().size()) {
            return false;
        }
        for (int row = 0; row < left.rows().size(); row++) {
            for (int column : columns) {
                String a = left.rows().get(row).get(column);
                String b = right.rows().get(row).get(column);
                if (!Objects.equals(a, b) && !equal(session, left.types().get(column), a, b)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Whether these rows are the same but for values that are equal: each has one of its own among the others.
    static boolean ofBags(
            Session session, List<String> types, List<List<@Nullable String>> rows, List<List<@Nullable String>> others)
            throws SQLException {
        List<List<@Nullable String>> left = new ArrayList<>(others);
        for (List<@Nullable String> row : rows) {
            int found = 0;
            while (found < left.size() && !equal(session, types, row, left.get(found))) {
                found++;
            }
            if (found == left.size()) {
                return false;
            }
            left.remove(found);
        }
        return left.isEmpty();
    }

    private static boolean equal(
            Session session, List<String> types, List<@Nullable String> a, List<@Nullable String> b)
            throws SQLException {
        for (int column = 0; column < types.size(); column++) {
            if (!Objects.equals(a.get(column), b.get(column))
                    && !equal(session, types.get(column), a.get(column), b.get(column))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equal(Session session, String type, @Nullable String a, @Nullable String b)
            throws SQLException {
        if (a == null || b == null) {
            return false;
        }
        String name = Pool.exists(type) ? Pool.of(type).type() : Literal.identifier(type);
        Outcome outcome = session.run("SELECT " + Literal.of(a) + "::" + name + " = " + Literal.of(b) + "::" + name);
        return outcome instanceof Outcome.Rows rows
                && "t".equals(rows.rows().getFirst().getFirst());
    }
}
