package mooncake.mirror;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Zeroed blocks of memory mapped from temporary files, so that the operating system can page them
/// out. A file has no name from the moment it is open, so that nothing is left behind by a crash, and
/// is closed as soon as it is mapped: a thousand of these hold no file descriptor.
///
/// Blocks are written before they are mapped: a full disk is an error here and not a fault on some
/// later access.
final class ScratchFile implements AutoCloseable {
    private static final int BLOCKS_PER_MAPPING_MAX = 64;

    private final Path directory;
    private final int blockBytes;
    private final Arena arena = Arena.ofShared();
    private long next;
    private int left;
    private int blocksPerMapping = 1;

    ScratchFile(Path directory, int blockBytes) {
        this.directory = directory;
        this.blockBytes = blockBytes;
    }

    /// The address of a new block, valid until [#close].
    long allocate() {
        if (left == 0) {
            map();
        }
        long address = next;
        next += blockBytes;
        left--;
        return address;
    }

    private void map() {
        long bytes = (long) blocksPerMapping * blockBytes;
        try (FileChannel file = open()) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(blockBytes);
            for (long at = 0; at < bytes; ) {
                at += file.write(zeros.clear().limit((int) Math.min(blockBytes, bytes - at)), at);
            }
            next = file.map(MapMode.READ_WRITE, 0, bytes, arena).address();
        } catch (IOException e) {
            boolean full =
                    String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("no space left");
            throw new MooncakeException(
                    full ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_FAILED,
                    "cannot extend the key index in " + directory,
                    e);
        }
        left = blocksPerMapping;
        blocksPerMapping = Math.min(BLOCKS_PER_MAPPING_MAX, blocksPerMapping * 2);
    }

    private FileChannel open() throws IOException {
        Files.createDirectories(directory);
        Path path = Files.createTempFile(directory, "key-index-", ".tmp");
        return FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    @Override
    public void close() {
        arena.close();
    }
}
