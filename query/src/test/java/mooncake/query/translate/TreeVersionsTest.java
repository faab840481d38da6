package mooncake.query.translate;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import mooncake.testing.PostgresInstall;
import mooncake.testing.PostgresServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Trees of every other major of Postgres that this machine has are read, whatever their fields are called.
class TreeVersionsTest {
    static List<Integer> majors() {
        return PostgresInstall.majors().stream()
                .filter(major -> major != PostgresInstall.preferredMajor())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void shapes(int major) throws SQLException, IOException {
        try (Differential sides = new Differential(PostgresServer.major(major))) {
            Catalog.check(sides.server());
            QueryFiles.load(sides);
            for (String query : QueryFiles.statements("shapes.sql")) {
                QueryFiles.check(sides, query);
            }
        }
    }
}
