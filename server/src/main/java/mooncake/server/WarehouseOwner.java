package mooncake.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// Keeps a warehouse that lies outside its cluster's data directory to that cluster: a copy of the cluster has
/// the same setting, and would remove and overwrite the files of its original.
///
/// A file in the warehouse names the data directory, and is locked while an engine runs. A cluster whose data
/// directory was moved is known by the old one being gone.
final class WarehouseOwner implements AutoCloseable {
    static final String FILE = "ivy_mooncake.owner";

    private static final int PATH_BYTES_MAX = 1 << 16;
    private static final long POLL_MILLIS = 100;

    private final FileChannel file;

    private WarehouseOwner(FileChannel file) {
        this.file = file;
    }

    /// Takes the warehouse for this cluster or throws [ErrorCode#BAD_CONFIGURATION].
    ///
    /// @param patience how long an engine that was killed may take to end
    static WarehouseOwner claim(Path warehouse, Path dataDirectory, Duration patience)
            throws IOException, InterruptedException {
        FileChannel file = FileChannel.open(
                warehouse.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean claimed = false;
        try {
            if (!isLocked(file, patience)) {
                throw refused(warehouse, "another engine works in it");
            }
            Path own = dataDirectory.toRealPath();
            Path owner = owner(file);
            if (owner != null && !owner.equals(own) && Files.exists(owner.resolve("PG_VERSION"))) {
                throw refused(warehouse, "it belongs to the cluster in " + owner);
            }
            if (!own.equals(owner)) {
                file.truncate(0);
                file.write(ByteBuffer.wrap(own.toString().getBytes(StandardCharsets.UTF_8)), 0);
                file.force(true);
            }
            claimed = true;
            return new WarehouseOwner(file);
        } finally {
            if (!claimed) {
                file.close();
            }
        }
    }

    private static boolean isLocked(FileChannel file, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            FileLock lock = tryLock(file);
            if (lock != null) {
                return true;
            }
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static @Nullable Path owner(FileChannel file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(PATH_BYTES_MAX);
        int length = file.read(content, 0);
        return length <= 0 ? null : Path.of(new String(content.array(), 0, length, StandardCharsets.UTF_8));
    }

    private static MooncakeException refused(Path warehouse, String why) {
        return new MooncakeException(
                ErrorCode.BAD_CONFIGURATION,
                "the warehouse " + warehouse + " cannot be used: " + why,
                "Set pg_mooncake.warehouse to a folder that only this cluster has.",
                null);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
