package mooncake.duckdb;

import java.nio.file.Path;
import java.util.Objects;

/// A database for tests, with two threads.
final class TestDatabase {
    private TestDatabase() {}

    static DuckDb open(Path temporary) {
        Path library = Path.of(System.getProperty("mooncake.duckdb.library", ""));
        return DuckDb.open(new DuckSettings(library, "512MB", 2, temporary.resolve("spill"), "1GB"));
    }

    /// The first row's first column, a text.
    static String text(DuckConnection connection, String sql) {
        try (DuckResult result = connection.query(sql)) {
            return Objects.requireNonNull(result.next()).vector(0).getString(0);
        }
    }

    /// The first row's first column, a bigint.
    static long number(DuckConnection connection, String sql) {
        try (DuckResult result = connection.query(sql)) {
            return Objects.requireNonNull(result.next()).vector(0).getLong(0);
        }
    }
}
