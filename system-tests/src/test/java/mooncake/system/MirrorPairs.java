package mooncake.system;

import java.util.ArrayList;
import java.util.List;
import mooncake.testing.PostgresServer;

/// Sources and their mirrors, made and compared alike by the tests of one class; at the end of the class all of them
/// once more, after each way in which an engine can come back to them.
final class MirrorPairs {
    private static final String SUFFIX = "_c";

    private final PostgresServer server;
    private final List<String> sources = new ArrayList<>();

    MirrorPairs(PostgresServer server) {
        this.server = server;
        server.awaitEngineAnswers();
    }

    /// Runs these statements, which make and fill the source, and mirrors it.
    void make(String source, String... statements) {
        server.execute(statements);
        server.execute("CALL mooncake.create_table('" + source + SUFFIX + "', '" + source + "')");
        sources.add(source);
        check(source);
    }

    /// Runs statements, each in its own transaction, and compares.
    void change(String source, String... statements) {
        server.execute(statements);
        check(source);
    }

    void check(String source) {
        MirrorTestServer.assertMirrors(server, source, source + SUFFIX);
    }

    /// Writes what is in memory to files, and compares.
    void snapshot(String source) {
        server.execute("CALL mooncake.create_snapshot('" + source + SUFFIX + "')");
        check(source);
    }

    void drop(String source) {
        server.execute("DROP TABLE " + source + SUFFIX);
        sources.remove(source);
    }

    /// All pairs: after a kill with rows in memory, from files alone, and from files after another kill.
    void checkAllThroughRestarts() {
        sources.forEach(this::check);
        server.killEngine();
        server.awaitEngineAnswers();
        sources.forEach(this::check);
        sources.forEach(this::snapshot);
        server.killEngine();
        server.awaitEngineAnswers();
        sources.forEach(this::check);
    }
}
