package mooncake.query.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import mooncake.testing.Sql;

/// The tables and queries below `differential/` in the test resources. A query that begins with `!` must be left to
/// Postgres; every other gives the same rows or the same SQLSTATE on both sides.
final class QueryFiles {
    private static final List<String> TABLES = List.of(
            "numbers",
            "texts",
            "moments",
            "floats",
            "decimals",
            "others",
            "people",
            "orders",
            "arrays",
            "things",
            "labels",
            "jsons");

    private QueryFiles() {}

    static void load(Differential sides) throws SQLException, IOException {
        for (String file : List.of("tables.sql", "documents_tables.sql")) {
            for (String statement : statements(file)) {
                Sql.execute(sides.postgres(), statement);
            }
        }
        for (String table : TABLES) {
            sides.mirror(table);
        }
    }

    static void check(Differential sides, String line) throws SQLException {
        boolean refused = line.startsWith("!");
        String query = refused ? line.substring(1) : line;
        Differential.Outcome actual = sides.onDuck(query);
        if (refused) {
            assertThat(actual).isInstanceOf(Differential.Outcome.Refused.class);
            return;
        }
        switch (sides.onPostgres(query)) {
            case Differential.Outcome.Rows(var expected) -> {
                assertThat(actual).isInstanceOf(Differential.Outcome.Rows.class);
                if (actual instanceof Differential.Outcome.Rows(var found)) {
                    assertThat(sides.difference(query, expected, found, query.contains(" ORDER BY ")))
                            .isNull();
                }
            }
            case Differential.Outcome.Failed(String sqlState, String message) ->
                assertThat(actual)
                        .as(message)
                        .isInstanceOfSatisfying(
                                Differential.Outcome.Failed.class,
                                failed -> assertThat(failed.sqlState())
                                        .as(failed.message())
                                        .isEqualTo(sqlState));
            case Differential.Outcome.Refused _ -> throw new IllegalStateException("Postgres refuses nothing");
        }
    }

    static List<String> statements(String file) throws IOException {
        return Stream.of(text("/differential/" + file)
                        .replaceAll("(?m)^--.*$", "")
                        .split(";\\s*\n", -1))
                .map(statement -> statement.strip().replaceAll("\\s*\n\\s*", " "))
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    static String text(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(QueryFiles.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
