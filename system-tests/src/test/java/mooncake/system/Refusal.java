package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// The error that a statement must end with, as the server sent it.
record Refusal(String state, String message, String detail, String hint) {

    /// Runs a statement in a new session, which must fail.
    static Refusal of(PostgresServer server, String statement) {
        try (Connection connection = server.connect()) {
            return of(connection, statement);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Refusal of(Connection connection, String statement) {
        PSQLException[] caught = new PSQLException[1];
        assertThatThrownBy(() -> Sql.execute(connection, statement))
                .as(statement)
                .isInstanceOfSatisfying(PSQLException.class, e -> caught[0] = e);
        ServerErrorMessage error = caught[0].getServerErrorMessage();
        assertThat(error).as("%s: %s", statement, caught[0]).isNotNull();
        return new Refusal(
                error.getSQLState(), text(error.getMessage()), text(error.getDetail()), text(error.getHint()));
    }

    Refusal is(String expectedState, String expectedMessage) {
        assertThat(state + " " + message).isEqualTo(expectedState + " " + expectedMessage);
        return this;
    }

    Refusal says(String expectedState, String... parts) {
        assertThat(state).as(message).isEqualTo(expectedState);
        assertThat(message).contains(parts);
        return this;
    }

    Refusal hints(String part) {
        assertThat(hint).as(message).contains(part);
        return this;
    }

    Refusal details(String part) {
        assertThat(detail).as(message).contains(part);
        return this;
    }

    private static String text(@org.jspecify.annotations.Nullable String value) {
        return value == null ? "" : value;
    }
}
