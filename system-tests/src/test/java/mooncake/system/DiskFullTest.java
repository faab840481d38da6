package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mooncake.testing.Await;
import mooncake.testing.Command;
import mooncake.testing.PostgresServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A warehouse whose disk is full: rows stay in memory and readable, and are written when there is space again.
class DiskFullTest {
    private static final int CHUNK = 64 << 10;

    @TempDir
    private Path folder;

    @Test
    void rowsStayReadableAndAreWrittenLater() throws IOException {
        Command mounted = Command.run(
                List.of("mount", "-t", "tmpfs", "-o", "size=6m,mode=0777", "tmpfs", folder.toString()), Map.of());
        if (mounted.exit() != 0) {
            System.out.println("DiskFullTest is skipped, no small disk can be mounted: " + mounted.err());
        }
        Assumptions.assumeTrue(mounted.exit() == 0, "no small disk can be mounted");
        try {
            fillAndFree();
        } finally {
            Command.mustRun(List.of("umount", "-l", folder.toString()));
        }
    }

    private void fillAndFree() throws IOException {
        Files.setPosixFilePermissions(
                folder.getParent(), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        try (PostgresServer server = PostgresServer.preferred()
                .set("pg_mooncake.warehouse", folder.resolve("warehouse").toString())
                .set("pg_mooncake.flush_interval", "100ms")
                .start()) {
            server.execute(
                    "CREATE EXTENSION ivy_mooncake CASCADE",
                    "CREATE TABLE r (id int PRIMARY KEY, v text)",
                    "INSERT INTO r SELECT i, md5(i::text) FROM generate_series(1, 1000) i",
                    "CALL mooncake.create_table('c', 'r')",
                    "CALL mooncake.create_snapshot('c')");
            Path filler = folder.resolve("filler");
            fill(filler);
            server.execute(
                    "INSERT INTO r SELECT i, md5(i::text) FROM generate_series(1001, 60000) i",
                    "DELETE FROM r WHERE id % 10 = 0");
            Await.until(
                    "the status shows the full disk",
                    MirrorTestServer.LIMIT,
                    () -> error(server).contains("no space left"));
            assertThat(server.value("SELECT state FROM mooncake.status() WHERE \"table\" = 'public.c'"))
                    .isEqualTo("live");
            MirrorTestServer.assertMirrors(server, "r", "c");
            server.execute("UPDATE r SET v = 'full' WHERE id % 7 = 0");
            MirrorTestServer.assertMirrors(server, "r", "c");

            Files.delete(filler);
            Await.until(
                    "the error is gone",
                    MirrorTestServer.LIMIT,
                    () -> error(server).equals("NULL"));
            server.execute("CALL mooncake.create_snapshot('c')");
            assertThat(server.value("SELECT rows_in_memory FROM mooncake.status() WHERE \"table\" = 'public.c'"))
                    .isEqualTo("0");
            MirrorTestServer.assertMirrors(server, "r", "c");
            server.killEngine();
            MirrorTestServer.awaitValue(server, "SELECT count(*) FROM c", server.value("SELECT count(*) FROM r"));
            MirrorTestServer.assertMirrors(server, "r", "c");
        }
    }

    private static String error(PostgresServer server) {
        return server.value("SELECT error FROM mooncake.status() WHERE \"table\" = 'public.c'");
    }

    private static void fill(Path filler) throws IOException {
        byte[] zeros = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }
}
