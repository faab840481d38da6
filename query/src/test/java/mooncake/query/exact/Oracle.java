package mooncake.query.exact;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import mooncake.model.MooncakeException;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.jspecify.annotations.Nullable;

/// A Postgres that says what results should be: of the preferred major or the one of the property
/// `mooncake.test.major`.
final class Oracle implements AutoCloseable {
    private static final int BATCH = 5000;
    private static final String ANSWER = """
            CREATE FUNCTION answer(expression text) RETURNS text LANGUAGE plpgsql AS $$
            DECLARE result text;
            BEGIN
                EXECUTE 'SELECT (' || expression || ')::text' INTO result;
                RETURN result;
            EXCEPTION WHEN OTHERS THEN
                RETURN 'error ' || SQLSTATE || ' ' || SQLERRM;
            END $$""";

    private final PostgresServer server;
    private final Connection connection;

    Oracle() {
        Integer major = Integer.getInteger("mooncake.test.major");
        server = (major == null ? PostgresServer.preferred() : PostgresServer.major(major))
                .plain()
                .start();
        connection = server.connect();
        execute(ANSWER);
    }

    /// An expression of SQL, and what we make of the same.
    record Case(String sql, Supplier<@Nullable String> ours) {
        @Nullable
        String outcome() {
            try {
                return ours.get();
            } catch (MooncakeException e) {
                return "error " + e.code().sqlState() + " " + e.text();
            }
        }
    }

    /// The server's major version.
    int major() {
        return server.major();
    }

    /// The process that serves the connection.
    long pid() {
        try {
            return Long.parseLong(Sql.value(connection, "SELECT pg_backend_pid()"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String statement) {
        try {
            Sql.execute(connection, statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The first column of a query.
    List<String> column(String query) {
        return server.rows(query).stream().map(List::getFirst).toList();
    }

    /// Checks that all outcomes are Postgres'.
    void check(long seed, List<Case> cases) {
        List<String> differences = new ArrayList<>();
        for (int from = 0; from < cases.size(); from += BATCH) {
            List<Case> batch = cases.subList(from, Math.min(from + BATCH, cases.size()));
            List<@Nullable String> answers =
                    answers(batch.stream().map(Case::sql).toList());
            for (int i = 0; i < batch.size(); i++) {
                String ours = batch.get(i).outcome();
                if (!java.util.Objects.equals(ours, answers.get(i))) {
                    differences.add(
                            batch.get(i).sql() + "\n    Postgres: " + answers.get(i) + "\n    ours:     " + ours);
                }
            }
        }
        assertThat(differences.stream().limit(20))
                .as("%d of %d cases differ, seed %d", differences.size(), cases.size(), seed)
                .isEmpty();
    }

    private List<@Nullable String> answers(List<String> expressions) {
        String query = "SELECT answer(e) FROM unnest(?) WITH ORDINALITY u(e, n) ORDER BY n";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setArray(1, connection.createArrayOf("text", expressions.toArray()));
            List<@Nullable String> answers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    answers.add(rows.getString(1));
                }
            }
            return answers;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            server.close();
        }
    }
}
