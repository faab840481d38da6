package mooncake.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;

/// Every mirror against its source, row by row as text, while nobody writes, in one transaction.
final class Comparison {
    private static final int ROWS_MAX = 10_000;
    private static final int SHOWN = 3;

    private final PostgresServer server;

    Comparison(PostgresServer server) {
        this.server = server;
    }

    /// What differs; empty if nothing does.
    record Difference(long lost, long doubled, long wrong, String text) {}

    record Pair(String mirror, String source, List<String> columns, List<String> key) {
        String rows(String table) {
            return "SELECT "
                    + String.join(
                            ", ", columns.stream().map(name -> name + "::text").toList()) + " FROM " + table;
        }

        /// The number of rows and two sums of hashes of the rows' text.
        String digest(String table) {
            return "SELECT count(*), sum(hashtextextended(r, 0)::numeric), sum(hashtextextended(r, 1)::numeric) FROM"
                    + " (SELECT ROW(" + String.join(", ", columns) + ")::text AS r FROM " + table + ") x";
        }
    }

    /// The first mirror that differs from its source; empty if all are equal.
    Optional<Difference> compare() throws SQLException {
        try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET pg_mooncake.freshness_timeout = '120s'");
            Sql.execute(connection, "SET statement_timeout = '180s'");
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            String lsn = Sql.value(connection, "SELECT pg_current_wal_lsn()");
            for (Pair pair : pairs(connection)) {
                Optional<Difference> found = compare(connection, pair, lsn);
                if (found.isPresent()) {
                    return found;
                }
            }
            connection.rollback();
            return Optional.empty();
        }
    }

    /// All live mirrors with what they hold.
    static List<Pair> pairs(Connection connection) throws SQLException {
        List<Pair> pairs = new ArrayList<>();
        for (List<String> row : Sql.rows(
                connection,
                "SELECT t.mirror::regclass, t.source::regclass, t.source::oid FROM mooncake.tables t"
                        + " JOIN pg_class s ON s.oid = t.source ORDER BY t.mirror")) {
            pairs.add(new Pair(
                    row.getFirst(),
                    row.get(1),
                    columns(connection, row.get(2)),
                    names(
                            connection,
                            "SELECT quote_ident(a.attname) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
                                    + " AND a.attnum = ANY (i.indkey) WHERE i.indrelid = " + row.get(2)
                                    + " AND i.indisunique AND a.attnotnull ORDER BY a.attnum")));
        }
        return pairs;
    }

    private static List<String> columns(Connection connection, String oid) throws SQLException {
        return names(
                connection,
                "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = " + oid
                        + " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum");
    }

    private static List<String> names(Connection connection, String query) throws SQLException {
        return Sql.rows(connection, query).stream().map(List::getFirst).toList();
    }

    private Optional<Difference> compare(Connection connection, Pair pair, String lsn) throws SQLException {
        List<String> described = described(connection, pair.source);
        List<String> mirrored = described(connection, pair.mirror);
        if (!described.equals(mirrored)) {
            return Optional.of(new Difference(
                    0,
                    0,
                    1,
                    pair.mirror + " at " + lsn + ": its columns are " + mirrored + ", those of " + pair.source + " "
                            + described));
        }
        List<String> expected = Sql.rows(connection, pair.digest(pair.source)).getFirst();
        List<String> digest = Sql.rows(connection, pair.digest(pair.mirror)).getFirst();
        String count = Sql.value(connection, "SELECT count(*) FROM " + pair.mirror);
        if (digest.equals(expected) && count.equals(expected.getFirst())) {
            return Optional.empty();
        }
        List<List<String>> missing = except(connection, pair, pair.source, pair.mirror);
        List<List<String>> extra = except(connection, pair, pair.mirror, pair.source);
        return Optional.of(classify(pair, lsn, missing, extra, expected + " " + digest + " " + count));
    }

    private static List<String> described(Connection connection, String table) throws SQLException {
        return names(
                connection,
                "SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '" + table
                        + "'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY 1");
    }

    private static List<List<String>> except(Connection connection, Pair pair, String left, String right)
            throws SQLException {
        return Sql.rows(connection, pair.rows(left) + " EXCEPT ALL " + pair.rows(right) + " LIMIT " + ROWS_MAX);
    }

    private static Difference classify(
            Pair pair, String lsn, List<List<String>> missing, List<List<String>> extra, String digests) {
        Map<List<String>, List<String>> extraByKey = new HashMap<>();
        extra.forEach(row -> extraByKey.putIfAbsent(key(pair, row), row));
        Set<List<String>> missingKeys = new HashSet<>();
        missing.forEach(row -> missingKeys.add(key(pair, row)));
        long lost = 0;
        long wrong = 0;
        StringBuilder text = new StringBuilder(pair.mirror + " is not " + pair.source + " at " + lsn
                + " (rows and sums: " + digests + "), columns " + pair.columns + ":");
        int shown = 0;
        for (List<String> row : missing) {
            List<String> other = extraByKey.get(key(pair, row));
            if (other == null) {
                lost++;
            } else {
                wrong++;
            }
            if (shown++ < SHOWN) {
                text.append("\n  key ")
                        .append(key(pair, row))
                        .append("\n    source: ")
                        .append(cut(row));
                text.append("\n    mirror: ").append(other == null ? "no such row" : cut(other));
            }
        }
        long doubled = extra.stream()
                .filter(row -> !missingKeys.contains(key(pair, row)))
                .count();
        extra.stream()
                .filter(row -> !missingKeys.contains(key(pair, row)))
                .limit(SHOWN)
                .forEach(row ->
                        text.append("\n  only or once more in the mirror: ").append(cut(row)));
        if (lost + doubled + wrong == 0) {
            wrong = 1; // sums or counts alone differ
        }
        return new Difference(lost, doubled, wrong, text.toString());
    }

    private static List<String> key(Pair pair, List<String> row) {
        List<String> key = new ArrayList<>();
        for (int i = 0; i < pair.columns.size(); i++) {
            if (pair.key.isEmpty() || pair.key.contains(pair.columns.get(i))) {
                key.add(cut(row.get(i)));
            }
        }
        return key;
    }

    private static String cut(Object value) {
        String text = value.toString();
        return text.length() <= 400 ? text : text.substring(0, 400) + "...(" + text.length() + ")";
    }
}
