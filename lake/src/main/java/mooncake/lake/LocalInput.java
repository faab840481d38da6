package mooncake.lake;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;

/// A local file to read.
record LocalInput(String location, Path path) implements InputFile {
    private static final int BUFFER = 1 << 13;

    @Override
    public long getLength() {
        try {
            return Files.size(path);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new NotFoundException(e, "No such file: %s", location);
        } catch (IOException e) {
            throw new RuntimeIOException(e, "Failed to get the size of %s", location);
        }
    }

    @Override
    public SeekableInputStream newStream() {
        try {
            StorageFaults.before(StorageFaults.Call.READ, path);
            return new Stream(new RandomAccessFile(path.toFile(), "r"));
        } catch (FileNotFoundException e) {
            if (Files.exists(path)) {
                throw new RuntimeIOException(e, "Failed to open %s", location);
            }
            throw new NotFoundException(e, "No such file: %s", location);
        } catch (IOException e) {
            throw new RuntimeIOException(e, "Failed to open %s", location);
        }
    }

    @Override
    public boolean exists() {
        return Files.exists(path);
    }

    /// Reads through a small buffer: Avro and JSON readers ask for single bytes.
    private static final class Stream extends SeekableInputStream implements RangeReadable {
        private final RandomAccessFile file;
        private final byte[] buffer = new byte[BUFFER];
        private long position;
        private int at;
        private int filled;

        private Stream(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void seek(long target) {
            long start = position - at;
            if (target >= start && target <= start + filled) {
                at = (int) (target - start);
            } else {
                at = 0;
                filled = 0;
            }
            position = target;
        }

        @Override
        public int read() throws IOException {
            if (at == filled && !fill()) {
                return -1;
            }
            position++;
            return buffer[at++] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at == filled && length >= BUFFER) {
                file.seek(position);
                int count = file.read(target, offset, length);
                position += Math.max(count, 0);
                at = 0;
                filled = 0;
                return count;
            }
            if (at == filled && !fill()) {
                return -1;
            }
            int count = Math.min(length, filled - at);
            System.arraycopy(buffer, at, target, offset, count);
            at += count;
            position += count;
            return count;
        }

        private boolean fill() throws IOException {
            file.seek(position);
            filled = Math.max(file.read(buffer), 0);
            at = 0;
            return filled > 0;
        }

        @Override
        public void readFully(long from, byte[] target, int offset, int length) throws IOException {
            seek(from);
            int done = 0;
            while (done < length) {
                int count = read(target, offset + done, length - done);
                if (count < 0) {
                    throw new EOFException("end of file at " + position);
                }
                done += count;
            }
        }

        @Override
        public int readTail(byte[] target, int offset, int length) throws IOException {
            int tail = (int) Math.min(length, file.length());
            readFully(file.length() - tail, target, offset, tail);
            return tail;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
