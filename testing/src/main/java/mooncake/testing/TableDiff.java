package mooncake.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Full comparison of two queries' rows as text, in any order, duplicates counted.
///
/// A first pass adds up 128-bit digests of all rows in constant memory; only when the sums differ a second one keeps
/// the
/// rows to name the first differences.
public record TableDiff(long leftRows, long rightRows, List<String> differences) {
    private static final int DIFFERENCES_MAX = 10;
    private static final int FETCH_ROWS = 10_000;

    public boolean equal() {
        return differences.isEmpty();
    }

    /// Compares two queries, each in a session of its own.
    public static TableDiff compare(Supplier<Connection> connections, String left, String right) {
        try {
            Digest leftDigest = digest(connections, left);
            Digest rightDigest = digest(connections, right);
            if (leftDigest.equals(rightDigest)) {
                return new TableDiff(leftDigest.rows, rightDigest.rows, List.of());
            }
            return new TableDiff(leftDigest.rows, rightDigest.rows, differences(connections, left, right));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot compare: " + e.getMessage(), e);
        }
    }

    public static void assertEqualRows(Supplier<Connection> connections, String left, String right) {
        TableDiff diff = compare(connections, left, right);
        if (!diff.equal()) {
            throw new AssertionError("rows differ (" + diff.leftRows + " against " + diff.rightRows + ")\n left:  "
                    + left + "\n right: " + right + "\n" + String.join("\n", diff.differences));
        }
    }

    /// All rows of a mirror against its source.
    public static void assertMirrors(Supplier<Connection> connections, String source, String mirror) {
        assertEqualRows(connections, "SELECT * FROM " + source, "SELECT * FROM " + mirror);
    }

    private record Digest(long rows, long high, long low) {}

    private static Digest digest(Supplier<Connection> connections, String query) throws SQLException {
        long[] sums = new long[3];
        MessageDigest md5 = md5();
        forEachRow(connections, query, row -> {
            ByteBuffer hash = ByteBuffer.wrap(md5.digest(row.toString().getBytes(StandardCharsets.UTF_8)));
            sums[0]++;
            sums[1] += hash.getLong();
            sums[2] += hash.getLong();
        });
        return new Digest(sums[0], sums[1], sums[2]);
    }

    private static List<String> differences(Supplier<Connection> connections, String left, String right)
            throws SQLException {
        Map<List<String>, Integer> counts = new HashMap<>();
        forEachRow(connections, left, row -> counts.merge(row, 1, Integer::sum));
        forEachRow(connections, right, row -> counts.merge(row, -1, TableDiff::sumOrNothing));
        List<String> found = counts.entrySet().stream()
                .map(entry -> (entry.getValue() > 0 ? "only left  " : "only right ") + "x" + Math.abs(entry.getValue())
                        + " " + entry.getKey())
                .sorted()
                .toList();
        List<String> shown = new ArrayList<>(found.subList(0, Math.min(found.size(), DIFFERENCES_MAX)));
        if (found.size() > shown.size()) {
            shown.add("and " + (found.size() - shown.size()) + " more");
        }
        return shown.isEmpty() ? List.of("the rows changed while they were compared") : shown;
    }

    private static @Nullable Integer sumOrNothing(Integer left, Integer right) {
        int sum = left + right;
        return sum == 0 ? null : Integer.valueOf(sum);
    }

    private interface RowSink {
        void accept(List<String> row);
    }

    private static void forEachRow(Supplier<Connection> connections, String query, RowSink sink) throws SQLException {
        try (Connection connection = connections.get()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(FETCH_ROWS);
                try (ResultSet result = statement.executeQuery(query)) {
                    while (result.next()) {
                        sink.accept(Sql.row(result));
                    }
                }
            }
            connection.rollback();
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
