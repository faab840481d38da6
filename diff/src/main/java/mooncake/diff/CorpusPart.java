package mooncake.diff;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import mooncake.testing.Checkout;
import mooncake.testing.PostgresServer;

/// The queries written by hand that the translator's own tests run, with the edge values in their tables; one that
/// begins with `!` is expected to be left to Postgres, which must not change its answer either.
record CorpusPart() implements DiffPart {
    private static final String FOLDER = "query/src/test/resources/differential";
    private static final String TABLES = "tables.sql";

    @Override
    public void run(PostgresServer server, Tally tally, Progress progress) throws SQLException, IOException {
        Path folder = Checkout.root().resolve(FOLDER);
        Place place = Place.create(server, "corpus");
        Script.mirrorAll(place, Script.statements(folder.resolve(TABLES)));
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".sql") && !file.endsWith(TABLES))
                    .sorted()
                    .toList();
        }
        try (Sides sides = Sides.open(place, List.of())) {
            for (Path file : files) {
                for (String statement : Script.statements(file)) {
                    String query = statement.startsWith("!") ? statement.substring(1) : statement;
                    String why = LeftOut.reason(query);
                    if (why != null) {
                        tally.leaveOut(why, query);
                    } else {
                        DiffPart.compare(sides, tally, String.valueOf(file.getFileName()), query);
                    }
                }
            }
        }
        place.drop();
    }
}
