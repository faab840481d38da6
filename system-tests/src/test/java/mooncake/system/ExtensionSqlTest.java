package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import mooncake.testing.Checkout;
import mooncake.testing.PostgresInstall;
import mooncake.testing.PostgresServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The extensions' own scripts, which run without an engine: what they print is what `extension/test/expected` says.
class ExtensionSqlTest {
    private static final Path TESTS = Checkout.root().resolve("extension/test");

    static List<Integer> majors() {
        return PostgresInstall.majors();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void scriptsPrintWhatIsExpected(int major) throws IOException {
        for (Path script : scripts()) {
            String name = script.getFileName().toString().replace(".sql", "");
            try (PostgresServer server = PostgresServer.major(major)
                    .set("pg_mooncake.java", "/nonexistent")
                    .start()) {
                String printed = server.regress(script).out();
                assertThat(printed)
                        .as("%s on PostgreSQL %d", name, major)
                        .isEqualTo(Files.readString(TESTS.resolve("expected").resolve(name + ".out")));
            }
        }
    }

    private static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(TESTS.resolve("sql"))) {
            List<Path> scripts = files.filter(file -> file.toString().endsWith(".sql"))
                    .sorted()
                    .toList();
            assertThat(scripts).isNotEmpty();
            return scripts;
        }
    }
}
