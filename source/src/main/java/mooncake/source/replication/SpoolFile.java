package mooncake.source.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// A file without a name, written from its start to its end and then read: the system frees it when it is closed or
/// the engine dies. One thread uses it, any may close it; a use that comes later is [ErrorCode#ENGINE_STOPPING].
final class SpoolFile implements AutoCloseable {
    /// Bytes of one call: the JDK keeps a native buffer of the largest size for each thread.
    private static final int PIECE_BYTES_MAX = 1 << 20;

    private final FileChannel channel;
    private long size;

    private SpoolFile(FileChannel channel) {
        this.channel = channel;
    }

    static SpoolFile open(Path directory) {
        try {
            Path path = Files.createTempFile(directory, "streamed", ".spool");
            // The JDK removes the name at once.
            return new SpoolFile(FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
        } catch (IOException e) {
            throw failed("make a file for", e);
        }
    }

    long size() {
        return size;
    }

    void append(byte[] bytes, int from, int count) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        int at = from;
        int end = from + count;
        try {
            while (at < end) {
                source.limit(Math.min(end, at + PIECE_BYTES_MAX)).position(at);
                int written = channel.write(source, size);
                at += written;
                size += written;
            }
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    /// Reads what lies at `position`, at most `count` bytes; the number of bytes, at least one.
    int read(long position, byte[] bytes, int at, int count) {
        try {
            int read = channel.read(ByteBuffer.wrap(bytes, at, Math.min(count, PIECE_BYTES_MAX)), position);
            if (read <= 0) {
                throw new MooncakeException(
                        ErrorCode.STORAGE_FAILED, "a file of streamed changes ends at " + position + " of " + size);
            }
            return read;
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    private static MooncakeException failed(String doing, IOException e) {
        if (e instanceof ClosedChannelException) {
            return new MooncakeException(ErrorCode.ENGINE_STOPPING, "the replication stream was closed", e);
        }
        return new MooncakeException(
                ErrorCode.STORAGE_FAILED, "cannot " + doing + " streamed changes: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed("close", e);
        }
    }
}
