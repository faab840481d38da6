package mooncake.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileIOTest {
    @TempDir
    Path directory;

    private final LocalFileIO io = new LocalFileIO();

    private byte[] write(Path path, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        try (PositionOutputStream out = io.newOutputFile(path.toString()).create()) {
            out.write(bytes, 0, size / 2);
            assertThat(out.getPos()).isEqualTo(size / 2);
            for (int i = size / 2; i < size; i++) {
                out.write(bytes[i]);
            }
            assertThat(out.getPos()).isEqualTo(size);
        }
        return bytes;
    }

    @Test
    void streamsReadBackFromAnywhere() throws IOException {
        Path path = directory.resolve("new/folder/file");
        byte[] bytes = write(path, 100_000);
        assertThat(io.newInputFile("file:" + path).getLength()).isEqualTo(100_000);
        assertThat(io.newInputFile("file://" + path).exists()).isTrue();

        Random random = new Random(1);
        try (SeekableInputStream in = io.newInputFile(path.toString()).newStream()) {
            for (int i = 0; i < 500; i++) {
                int from = random.nextInt(bytes.length);
                int length = random.nextInt(Math.min(20_000, bytes.length - from)) + 1;
                in.seek(from);
                assertThat(in.read()).isEqualTo(bytes[from] & 0xff);
                byte[] rest = new byte[length - 1];
                IOUtil.readFully(in, rest, 0, rest.length);
                assertThat(in.getPos()).isEqualTo(from + length);
                assertThat(rest).isEqualTo(Arrays.copyOfRange(bytes, from + 1, from + length));
            }
            in.seek(bytes.length);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[5], 0, 5)).isEqualTo(-1);
            byte[] tail = new byte[10];
            assertThat(((RangeReadable) in).readTail(tail, 0, 10)).isEqualTo(10);
            assertThat(tail).isEqualTo(Arrays.copyOfRange(bytes, bytes.length - 10, bytes.length));
        }
    }

    @Test
    void prefixesAreListedAndDeleted() throws IOException {
        write(directory.resolve("a/b/one"), 10);
        write(directory.resolve("a/two"), 20);

        assertThat(io.listPrefix(directory.resolve("a").toString()))
                .extracting(FileInfo::size)
                .containsExactlyInAnyOrder(10L, 20L);
        io.deletePrefix(directory.resolve("a").toString());
        assertThat(directory.resolve("a")).doesNotExist();
        assertThat(io.listPrefix(directory.resolve("a").toString())).isEmpty();
        io.deletePrefix(directory.resolve("a").toString());
    }

    @Test
    void missingAndExistingFilesAreToldApart() throws IOException {
        Path path = directory.resolve("file");
        assertThatThrownBy(() -> io.newInputFile(path.toString()).newStream()).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> io.newInputFile(path.toString()).getLength()).isInstanceOf(NotFoundException.class);
        write(path, 5);
        assertThatThrownBy(() -> io.newOutputFile(path.toString()).create()).isInstanceOf(AlreadyExistsException.class);
        io.deleteFile(path.toString());
        io.deleteFile(path.toString());
        assertThat(Files.exists(path)).isFalse();
    }
}
