package mooncake.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mooncake.testing.Command;

/// The folder of the Iceberg tables: a small disk of its own where one may be mounted, which can be filled.
final class Warehouse implements AutoCloseable {
    private static final int SIZE_MIB = 768;
    private static final int CHUNK = 1 << 20;

    private static final List<String> CALLS = List.of("write", "sync", "read", "delete", "any");
    private static final List<String> SHARES = List.of("0.02", "0.1", "0.5", "1");

    private final Path disk;
    private final Path faults;
    private final boolean mounted;

    private Warehouse(Path disk, Path faults, boolean mounted) {
        this.disk = disk;
        this.faults = faults;
        this.mounted = mounted;
    }

    /// Below the folder of a server.
    static Warehouse in(Path home) throws IOException {
        Path disk = home.resolve("disk");
        Path faults = home.resolve("storage-faults");
        Command.mustRun(Command.asServerUser(List.of("mkdir", "-p", disk.toString())));
        Command mount = Command.run(
                List.of("mount", "-t", "tmpfs", "-o", "size=" + SIZE_MIB + "m,mode=0777", "tmpfs", disk.toString()),
                Map.of());
        Command.mustRun(Command.asServerUser(List.of("touch", faults.toString())));
        Files.writeString(faults, "off\n");
        return new Warehouse(disk, faults, mount.exit() == 0);
    }

    Path folder() {
        return disk.resolve("warehouse");
    }

    boolean canBeFilled() {
        return mounted;
    }

    /// What the engine reads its storage's faults from.
    Path faults() {
        return faults;
    }

    void whileFull(Runnable meanwhile) throws IOException {
        Path filler = disk.resolve("filler");
        try {
            fill(filler);
            meanwhile.run();
        } finally {
            Files.deleteIfExists(filler);
        }
    }

    private static void fill(Path filler) {
        byte[] zeros = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException _) {
            // the disk is full, which was to be reached
        }
    }

    /// Some of the calls of one kind, or of all, end with an error.
    void whileFailing(Random random, Runnable meanwhile) throws IOException {
        String how = random.nextBoolean() ? "fail " : "full ";
        whileFaulty(random, how + call(random) + " " + SHARES.get(random.nextInt(SHARES.size())), meanwhile);
    }

    void whileHanging(Random random, Runnable meanwhile) throws IOException {
        String line = "hang " + call(random) + " " + (100 + random.nextInt(2_000)) + "ms ";
        whileFaulty(random, line + SHARES.get(random.nextInt(SHARES.size())), meanwhile);
    }

    private static String call(Random random) {
        return CALLS.get(random.nextInt(CALLS.size()));
    }

    private void whileFaulty(Random random, String line, Runnable meanwhile) throws IOException {
        try {
            Files.writeString(faults, "seed " + random.nextInt(1_000_000) + "\n" + line + "\n");
            meanwhile.run();
        } finally {
            Files.writeString(faults, "off\n");
        }
    }

    /// Copies what lies on the disk to where it stays.
    void keep(Path kept) {
        if (mounted) {
            Command.run(Command.asServerUser(List.of("cp", "-a", disk.toString(), kept.toString())), Map.of());
        }
    }

    @Override
    public void close() {
        if (mounted) {
            Command.mustRun(List.of("umount", "-l", disk.toString()));
        }
    }
}
