package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import mooncake.testing.Await;
import mooncake.testing.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Storage that fails at random, as the file of `MOONCAKE_STORAGE_FAULTS` says: mirrors stay readable and right, and
/// what was refused is written when storage works again.
class StorageFaultsTest {
    @TempDir
    private Path folder;

    @Test
    void mirrorsStayRightWhileStorageFails() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path control = folder.resolve("faults");
        Files.writeString(control, "off\n");
        Files.setPosixFilePermissions(control, PosixFilePermissions.fromString("rw-r--r--"));
        try (PostgresServer server = PostgresServer.preferred()
                .environment("MOONCAKE_STORAGE_FAULTS", control.toString())
                .set("pg_mooncake.flush_interval", "100ms")
                .start()) {
            server.execute(
                    "CREATE EXTENSION ivy_mooncake CASCADE",
                    "CREATE TABLE r (id int PRIMARY KEY, v text)",
                    "INSERT INTO r SELECT i, md5(i::text) FROM generate_series(1, 500) i",
                    "CALL mooncake.create_table('c', 'r')",
                    "CALL mooncake.create_snapshot('c')");
            Files.writeString(control, "fail sync 1\nseed " + seed);
            server.execute("UPDATE r SET v = 'refused' WHERE id < 50");
            Await.until(
                    "the status shows the fault",
                    MirrorTestServer.LIMIT,
                    () -> error(server).contains("injected"));
            MirrorTestServer.assertMirrors(server, "r", "c");

            Files.writeString(
                    control,
                    "fail write 0.1\nfail sync 0.1\nfail delete 0.3\nfail read 0.02\nhang write 50ms 0.1\nseed "
                            + seed);
            for (int i = 0; i < 12; i++) {
                int from = 1_000 * (i + 1);
                server.execute(
                        "INSERT INTO r SELECT i, 'new' FROM generate_series(" + from + "," + (from + 50) + ") i",
                        "UPDATE r SET v = v || '!' WHERE id % 13 = " + random.nextInt(13),
                        "DELETE FROM r WHERE id % 29 = " + random.nextInt(29));
                MirrorTestServer.assertMirrors(server, "r", "c");
            }
            Files.writeString(control, "off");
            server.execute("CALL mooncake.create_snapshot('c')");
            server.killEngine();
            server.awaitEngineAnswers();
            MirrorTestServer.assertMirrors(server, "r", "c");
            assertThat(error(server)).isEqualTo("NULL");
        }
    }

    private static String error(PostgresServer server) {
        return server.value("SELECT error FROM mooncake.status() WHERE \"table\" = 'public.c'");
    }
}
