package mooncake.system;

import mooncake.testing.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// One server with the extension for all tests of a class, whose engine must have kept every invariant at the end.
abstract class ServerFixture {
    static PostgresServer server;

    @BeforeAll
    static void startServer() {
        server = MirrorTestServer.start();
    }

    @AfterAll
    static void stopServer() {
        MirrorTestServer.stop(server);
    }
}
