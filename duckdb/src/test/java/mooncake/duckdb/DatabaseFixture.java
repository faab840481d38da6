package mooncake.duckdb;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A database of its own for every test, with one connection to it.
abstract class DatabaseFixture {
    @TempDir
    Path directory;

    DuckDb db;
    DuckConnection connection;

    @BeforeEach
    void open() {
        db = TestDatabase.open(directory);
        connection = db.connect();
    }

    @AfterEach
    void close() {
        connection.close();
        db.close();
    }
}
