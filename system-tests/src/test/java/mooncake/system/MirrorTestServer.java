package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import mooncake.testing.Await;
import mooncake.testing.PostgresServer;
import mooncake.testing.TableDiff;

/// What system tests share: a server with the extension, and comparisons of mirrors with their sources.
final class MirrorTestServer {
    static final Duration LIMIT = Duration.ofSeconds(60);

    /// In the trace of every invariant that did not hold.
    private static final String BROKEN_INVARIANT = "mooncake.model.Check.that(";

    private MirrorTestServer() {}

    static PostgresServer start() {
        PostgresServer server = PostgresServer.preferred().start();
        try {
            server.execute("CREATE EXTENSION ivy_mooncake CASCADE");
            server.awaitEngineAnswers();
            return server;
        } catch (RuntimeException | AssertionError e) {
            server.close();
            throw e;
        }
    }

    /// Ends the server. What an engine heals by itself can hide an invariant that did not hold: its log does not.
    static void stop(PostgresServer server) {
        String log = server.log();
        server.close();
        assertThat(log.lines().filter(line -> line.contains(BROKEN_INVARIANT))).isEmpty();
    }

    /// Every row of the mirror and of its source, as text, read strictly.
    static void assertMirrors(PostgresServer server, String source, String mirror) {
        TableDiff.assertMirrors(server::connect, source, mirror);
    }

    static void awaitValue(PostgresServer server, String query, String expected) {
        Await.until(query + " = " + expected, LIMIT, () -> expected.equals(server.value(query)));
    }
}
