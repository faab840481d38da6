package mooncake.diff;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Runs a query on tables and mirrors and decides. Rows are the same when names, types (without modifiers, which depend
/// on
/// how far a planner simplifies an expression) and texts of all values are; in
/// the same order as far as ORDER BY demands it. Errors are the same when the classes of their SQLSTATEs are.
final class Judge {
    private static final String OUT_OF_TIME = "57014";
    private static final int SHOWN_ROWS = 3;
    private static final int SHOWN_OTHERS_MAX = 20;
    private static final Pattern GROUPS =
            Pattern.compile("\\b(DISTINCT|GROUP BY|UNION|INTERSECT|EXCEPT)\\b", Pattern.CASE_INSENSITIVE);

    private Judge() {}

    static Verdict judge(Sides sides, String query) throws SQLException {
        Outcome expected = sides.heap().run(query);
        if (expected instanceof Outcome.Failed(String sqlState, String _) && sqlState.equals(OUT_OF_TIME)) {
            return new Verdict.LeftOut("takes Postgres too long");
        }
        if (expected instanceof Outcome.Rows rows && rows.rows().size() == Session.ROWS_MAX) {
            return new Verdict.LeftOut("too many rows");
        }
        Outcome found = sides.mirror().answer(query);
        if (same(query, expected, found, sides.heap(), sides.mirror())) {
            return new Verdict.Same(expected instanceof Outcome.Failed);
        }
        return showsOthers(sides, query, expected, found) || isOpen(sides, query, expected)
                ? new Verdict.Open()
                : different(expected, found);
    }

    /// The same for queries that nobody thought about, in which errors are accidents.
    static Verdict judgeAccident(Sides sides, String query) throws SQLException {
        Verdict verdict = judge(sides, query);
        return verdict instanceof Verdict.Different different ? different.unlessSpared() : verdict;
    }

    /// Whether the answers only show other values of groups of equal ones: of 0 and -0, or of 1.0 and 1.00, the one
    /// that
    /// comes first.
    private static boolean showsOthers(Sides sides, String query, Outcome expected, Outcome found) throws SQLException {
        if (!GROUPS.matcher(query).find()
                || !(expected instanceof Outcome.Rows left)
                || !(found instanceof Outcome.Rows right)
                || !left.types().equals(right.types())) {
            return false;
        }
        List<List<@Nullable String>> missing = without(left.rows(), right.rows());
        List<List<@Nullable String>> wrong = without(right.rows(), left.rows());
        return !missing.isEmpty()
                && missing.size() <= SHOWN_OTHERS_MAX
                && missing.size() == wrong.size()
                && Equality.ofBags(sides.heap(), left.types(), missing, wrong);
    }

    /// Whether Postgres gives another answer over the same rows in another order, with either kind of plans.
    private static boolean isOpen(Sides sides, String query, Outcome expected) throws SQLException {
        Outcome other = sides.other().run(query);
        if (!same(query, expected, other, sides.heap(), sides.other())) {
            return true;
        }
        sides.usualPlans();
        Outcome again = sides.other().run(query);
        boolean open = !same(query, expected, again, sides.heap(), sides.other());
        sides.otherPlans();
        return open;
    }

    private static boolean same(String query, Outcome left, Outcome right, Session leftSide, Session rightSide)
            throws SQLException {
        return switch (left) {
            case Outcome.Failed failed ->
                right instanceof Outcome.Failed other && failed.sqlStateClass().equals(other.sqlStateClass());
            case Outcome.Rows rows ->
                right instanceof Outcome.Rows other && sameRows(query, rows, other, leftSide, rightSide);
        };
    }

    private static boolean sameRows(
            String query, Outcome.Rows left, Outcome.Rows right, Session leftSide, Session rightSide)
            throws SQLException {
        if (!left.names().equals(right.names()) || !left.types().equals(right.types())) {
            return false;
        }
        if (left.rows().equals(right.rows())) {
            return true;
        }
        if (left.rows().size() != right.rows().size()
                || !without(left.rows(), right.rows()).isEmpty()) {
            return false;
        }
        Ordering ordering = Ordering.of(query);
        return ordering == null || sameKeys(query, ordering, left, right, leftSide, rightSide);
    }

    /// Rows that are equal as a bag stand in another order: the ones that changed places must be equal in their keys.
    private static boolean sameKeys(
            String query, Ordering ordering, Outcome.Rows left, Outcome.Rows right, Session leftSide, Session rightSide)
            throws SQLException {
        List<Integer> columns = ordering.columns(left.names());
        if (columns != null) {
            return Equality.of(leftSide, left, right, columns);
        }
        String withKeys = ordering.withKeys(query);
        if (withKeys == null) {
            return false;
        }
        if (leftSide.run(withKeys) instanceof Outcome.Rows leftKeys
                && rightSide.run(withKeys) instanceof Outcome.Rows rightKeys) {
            List<Integer> added = new ArrayList<>();
            for (int i = left.names().size(); i < leftKeys.names().size(); i++) {
                added.add(i);
            }
            return Equality.of(leftSide, leftKeys, rightKeys, added);
        }
        return false;
    }

    private static Verdict different(Outcome expected, Outcome found) {
        if (expected instanceof Outcome.Rows left && found instanceof Outcome.Rows right) {
            if (!left.names().equals(right.names()) || !left.types().equals(right.types())) {
                return new Verdict.Different(left.names() + " " + left.types(), right.names() + " " + right.types());
            }
            return differentRows(left, right);
        }
        return new Verdict.Different(words(expected), words(found));
    }

    private static Verdict differentRows(Outcome.Rows left, Outcome.Rows right) {
        List<List<@Nullable String>> missing = without(left.rows(), right.rows());
        List<List<@Nullable String>> wrong = without(right.rows(), left.rows());
        if (missing.isEmpty() && wrong.isEmpty()) {
            int first = 0;
            while (left.rows().get(first).equals(right.rows().get(first))) {
                first++;
            }
            return new Verdict.Different(
                    "in this order: row " + first + " is " + left.rows().get(first),
                    right.rows().get(first).toString());
        }
        return new Verdict.Different(
                left.rows().size() + " rows, of them " + head(missing),
                right.rows().size() + " rows, of them " + head(wrong));
    }

    /// The rows of one bag that the other lacks.
    private static List<List<@Nullable String>> without(
            List<List<@Nullable String>> rows, List<List<@Nullable String>> others) {
        Map<List<@Nullable String>, Integer> counts = new HashMap<>();
        others.forEach(row -> counts.merge(row, 1, Integer::sum));
        List<List<@Nullable String>> rest = new ArrayList<>();
        for (List<@Nullable String> row : rows) {
            if (counts.merge(row, -1, Integer::sum) < 0) {
                rest.add(row);
            }
        }
        return rest;
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Rows rows -> rows.rows().size() + " rows: " + head(rows.rows());
            case Outcome.Failed(String sqlState, String message) -> Verdict.ERROR + sqlState + ": " + message;
        };
    }

    private static String head(List<List<@Nullable String>> rows) {
        return rows.subList(0, Math.min(SHOWN_ROWS, rows.size())).toString();
    }
}
