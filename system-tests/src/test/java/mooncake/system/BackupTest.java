package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import mooncake.testing.Checkout;
import mooncake.testing.Command;
import mooncake.testing.PostgresInstall;
import mooncake.testing.PostgresServer;
import mooncake.testing.Sql;
import mooncake.testing.TableDiff;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Dumps, base backups and upgrades: what comes out has mirrors that work, and leaves the original's alone.
class BackupTest extends ServerFixture {
    private static final List<String> SOURCES = List.of("keyed", "bag", "parted");

    private Path folder = Path.of("/");

    @BeforeAll
    static void prepare() {
        server.execute(
                "CREATE TABLE keyed (gone int, id int PRIMARY KEY, v text, n numeric(8,2) NOT NULL)",
                "ALTER TABLE keyed DROP COLUMN gone",
                "CREATE TYPE mood AS ENUM ('sad', 'glad')",
                "CREATE TABLE bag (a int, m mood, t text[])",
                "CREATE TABLE parted (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE parted_2 PARTITION OF parted DEFAULT",
                "INSERT INTO keyed SELECT i, 'v' || i, i / 4.0 FROM generate_series(1, 2000) i",
                "INSERT INTO bag SELECT i % 7, (ARRAY['sad', 'glad'])[1 + i % 2]::mood, ARRAY['x', i::text]"
                        + " FROM generate_series(1, 300) i",
                "INSERT INTO parted SELECT i, 'p' || i FROM generate_series(0, 300) i");
        for (String source : SOURCES) {
            server.execute("CALL mooncake.create_table('" + source + "_c', '" + source + "')");
            MirrorTestServer.assertMirrors(server, source, source + "_c");
            server.execute("CALL mooncake.create_snapshot('" + source + "_c')");
        }
        server.execute("UPDATE keyed SET n = n + 1 WHERE id % 3 = 0", "DELETE FROM bag WHERE a = 3");
    }

    @BeforeEach
    void makeFolder() {
        Path runs = Checkout.postgresHome().resolve("run");
        folder = Path.of(Command.mustRun(Command.asServerUser(
                        List.of("mktemp", "-d", runs.resolve("XXXXXX").toString())))
                .out()
                .strip());
    }

    @AfterEach
    void removeFolder() {
        Command.mustRun(Command.asServerUser(List.of("rm", "-rf", folder.toString())));
    }

    private static void assertAlone(PostgresServer on, String database) {
        try (Connection connection = on.connect(database, "postgres")) {
            for (String source : SOURCES) {
                String statement = "INSERT INTO " + source + " SELECT * FROM " + source + " LIMIT 0";
                Sql.execute(connection, statement);
                TableDiff.assertMirrors(() -> on.connect(database, "postgres"), source, source + "_c");
                assertThat(Sql.value(connection, "SELECT count(*) > 0 FROM " + source + "_c"))
                        .isEqualTo("t");
            }
            Sql.execute(connection, "UPDATE keyed SET v = v || '!' WHERE id % 5 = 0");
            Sql.execute(connection, "DELETE FROM bag WHERE a = 1 AND t[2]::int < 100");
            Sql.execute(connection, "UPDATE parted SET id = id + 1000 WHERE id % 50 = 0 AND id < 1000");
            for (String source : SOURCES) {
                TableDiff.assertMirrors(() -> on.connect(database, "postgres"), source, source + "_c");
                Sql.execute(connection, "CALL mooncake.create_snapshot('" + source + "_c')");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The original still has what it had, also when all of it must come from its files.
    private static void assertOriginalIsWhole() {
        assertAlone(server, "postgres");
        server.killEngine();
        server.awaitEngineAnswers();
        assertAlone(server, "postgres");
        assertThat(server.value("SELECT count(*) FROM mooncake.status() WHERE error IS NOT NULL AND error <> ''"))
                .isEqualTo("0");
    }

    private static void mustSucceed(Command done) {
        assertThat(done.exit()).as(done.err()).isZero();
    }

    @Test
    void aDumpIsRestoredIntoAnotherDatabaseAndAnotherCluster() {
        Path dump = folder.resolve("dump.sql");
        Command.mustRun(Command.asServerUser(List.of("chmod", "777", folder.toString())));
        mustSucceed(server.client("pg_dump", "--file=" + dump));
        mustSucceed(server.client("createdb", "restored"));
        mustSucceed(server.client(
                "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=" + dump, "--dbname=restored"));
        assertAlone(server, "restored");
        try (PostgresServer other = PostgresServer.preferred().start()) {
            mustSucceed(other.client("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=" + dump));
            other.awaitEngineAnswers();
            assertAlone(other, "postgres");
        }
        assertOriginalIsWhole();
        try (Connection restored = server.connect("restored", "postgres")) {
            assertAlone(server, "restored");
            Sql.execute(restored, "DROP EXTENSION ivy_mooncake CASCADE");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        assertOriginalIsWhole();
    }

    @Test
    void aBaseBackupIsAClusterOfItsOwn() throws IOException {
        Path data = folder.resolve("data");
        mustSucceed(Command.run(
                Command.asServerUser(List.of(
                        "/usr/bin/env",
                        program("pg_basebackup"),
                        "--pgdata=" + data,
                        "--checkpoint=fast",
                        "--host=" + server.socketDirectory(),
                        "--port=" + server.port(),
                        "--username=postgres")),
                java.util.Map.of()));
        long files = files(server.dataDirectory().resolve("mooncake/pgsql_tmp_warehouse"));
        try (PostgresServer copy = PostgresServer.preferred().in(folder).start()) {
            copy.awaitEngineAnswers();
            assertAlone(copy, "postgres");
            copy.execute("DROP TABLE keyed_c");
        }
        assertThat(files(server.dataDirectory().resolve("mooncake/pgsql_tmp_warehouse")))
                .isEqualTo(files);
        assertOriginalIsWhole();
    }

    private static long files(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).count();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String program(String name) {
        Path bin = Checkout.postgresHome()
                .resolve("pg" + PostgresInstall.preferredMajor())
                .resolve("bin");
        return bin.resolve(name).toString();
    }

    @Test
    void anUpgradedClusterCopiesItsMirrorsAgain() {
        PostgresServer old =
                PostgresServer.preferred().in(folder.resolve("old")).start();
        try (old) {
            old.execute(
                    "CREATE EXTENSION ivy_mooncake CASCADE",
                    "CREATE TABLE r (id int PRIMARY KEY, v text)",
                    "INSERT INTO r SELECT i, 'v' || i FROM generate_series(1, 1000) i",
                    "CALL mooncake.create_table('c', 'r')");
            old.awaitEngineAnswers();
            MirrorTestServer.assertMirrors(old, "r", "c");
            old.execute("CALL mooncake.create_snapshot('c')", "DELETE FROM r WHERE id % 9 = 0");
            old.stop();
            try (PostgresServer upgraded =
                    PostgresServer.preferred().in(folder.resolve("new")).prepare()) {
                List<String> words =
                        new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", folder.toString()));
                String bin = Path.of(program("postgres")).getParent().toString();
                words.addAll(List.of(program("pg_upgrade"), "--old-bindir=" + bin, "--new-bindir=" + bin));
                words.add("--old-datadir=" + old.dataDirectory());
                words.add("--new-datadir=" + upgraded.dataDirectory());
                words.addAll(List.of("--username=postgres", "--socketdir=" + upgraded.socketDirectory()));
                Command done = Command.run(Command.asServerUser(words), java.util.Map.of());
                assertThat(done.exit()).as(done.out() + done.err()).isZero();
                upgraded.start();
                upgraded.awaitEngineAnswers();
                MirrorTestServer.assertMirrors(upgraded, "r", "c");
                upgraded.execute("UPDATE r SET v = 'upgraded' WHERE id < 100");
                MirrorTestServer.assertMirrors(upgraded, "r", "c");
            }
        }
    }

    @Test
    void aWarehouseOutsideTheClusterHasOneOwner() {
        String warehouse = folder.resolve("shared").toString();
        try (PostgresServer owner = PostgresServer.preferred()
                .set("pg_mooncake.warehouse", warehouse)
                .start()) {
            owner.execute(
                    "CREATE EXTENSION ivy_mooncake CASCADE",
                    "CREATE TABLE r (id int PRIMARY KEY)",
                    "INSERT INTO r SELECT generate_series(1, 100)");
            owner.awaitEngineAnswers();
            owner.execute("CALL mooncake.create_table('c', 'r')", "CALL mooncake.create_snapshot('c')");
            try (PostgresServer other = PostgresServer.preferred()
                    .set("pg_mooncake.warehouse", warehouse)
                    .start()) {
                other.awaitLog("another engine works in it", MirrorTestServer.LIMIT);
                owner.stop();
                other.awaitLog("it belongs to the cluster in " + owner.dataDirectory(), MirrorTestServer.LIMIT);
            }
            owner.start();
            owner.awaitEngineAnswers();
            MirrorTestServer.assertMirrors(owner, "r", "c");
        }
    }
}
