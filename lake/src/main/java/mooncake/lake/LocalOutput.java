package mooncake.lake;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;

/// A local file to write; durable when its stream has been closed without an error. Of manifests and manifest
/// lists only the content is: a metadata file is always written to the same directory after them, before the
/// catalog's pointer moves, and syncs the entries of all.
record LocalOutput(String location, Path path) implements OutputFile {
    private static final int BUFFER = 1 << 16;

    @Override
    public PositionOutputStream create() {
        if (Files.exists(path)) {
            throw new AlreadyExistsException("File already exists: %s", location);
        }
        return createOrOverwrite();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
        try {
            StorageFaults.before(StorageFaults.Call.WRITE, path);
            Path directory = path.toAbsolutePath().getParent();
            if (directory != null) {
                LocalFileIO.createDirectories(directory);
            }
            Path synced = location.endsWith(".avro") ? null : directory;
            return new Stream(path, synced);
        } catch (IOException e) {
            throw new RuntimeIOException(e, "Failed to create %s", location);
        }
    }

    @Override
    public InputFile toInputFile() {
        return new LocalInput(location, path);
    }

    /// Deletes the file when any write to it failed.
    private static final class Stream extends PositionOutputStream {
        private final Path path;
        private final FileOutputStream file;
        private final BufferedOutputStream buffered;
        private final @Nullable Path directory;
        private long position;
        private boolean complete = true;
        private boolean closed;

        private Stream(Path path, @Nullable Path directory) throws FileNotFoundException {
            this.path = path;
            this.file = new FileOutputStream(path.toFile());
            this.buffered = new BufferedOutputStream(file, BUFFER);
            this.directory = directory;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int value) throws IOException {
            complete(() -> buffered.write(value));
            position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            complete(() -> buffered.write(bytes, offset, length));
            position += length;
        }

        @Override
        public void flush() throws IOException {
            complete(buffered::flush);
        }

        private void complete(Writing writing) throws IOException {
            boolean before = complete;
            complete = false;
            writing.run();
            complete = before;
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (file) {
                if (complete) {
                    complete(() -> StorageFaults.before(StorageFaults.Call.WRITE, path));
                    complete(buffered::flush);
                    complete(() -> StorageFaults.before(StorageFaults.Call.SYNC, path));
                    complete(() -> file.getFD().sync());
                }
            } finally {
                if (!complete) {
                    Files.deleteIfExists(path);
                }
            }
            if (directory != null) {
                LocalFileIO.syncDirectory(directory);
            }
        }
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }
}
