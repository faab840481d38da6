package mooncake.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.jspecify.annotations.Nullable;

/// Iceberg's files in the local file system. A written file and its directory entry are on stable storage when
/// its stream has been closed, so that a catalog pointer never outlives what it points to in a power failure.
///
/// Locations are absolute paths; `file:` URIs, which foreign writers may leave in metadata, are understood as
/// well.
public final class LocalFileIO implements SupportsPrefixOperations {
    private static final long serialVersionUID = 1;

    @Override
    public InputFile newInputFile(String path) {
        return new LocalInput(path, toPath(path));
    }

    @Override
    public OutputFile newOutputFile(String path) {
        return new LocalOutput(path, toPath(path));
    }

    @Override
    public void deleteFile(String path) {
        try {
            StorageFaults.before(StorageFaults.Call.DELETE, path);
            Files.deleteIfExists(toPath(path));
        } catch (IOException e) {
            throw new RuntimeIOException(e, "Failed to delete %s", path);
        }
    }

    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
        Path root = toPath(prefix);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<FileInfo> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                long modified = Files.getLastModifiedTime(path).toMillis();
                files.add(new FileInfo(path.toString(), Files.size(path), modified));
            }
        } catch (IOException e) {
            throw new RuntimeIOException(e, "Failed to list %s", prefix);
        }
        return files;
    }

    @Override
    public void deletePrefix(String prefix) {
        try {
            deleteTree(toPath(prefix));
        } catch (IOException e) {
            throw new RuntimeIOException(e, "Failed to delete %s", prefix);
        }
    }

    static Path toPath(String location) {
        if (!location.startsWith("file:")) {
            return Path.of(location);
        }
        String path = location.substring("file:".length());
        return Path.of(path.startsWith("//") ? path.substring(path.indexOf('/', 2)) : path);
    }

    /// A location in the one form that it is compared in.
    static String plain(String location) {
        return toPath(location).toString();
    }

    /// Deletes a directory with all that is in it; fine when it does not exist.
    static void deleteTree(Path root) throws IOException {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    StorageFaults.before(StorageFaults.Call.DELETE, file);
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            if (Files.exists(root)) {
                throw e;
            }
        }
    }

    /// Creates a directory and its missing parents durably.
    static void createDirectories(Path directory) {
        Path parent = directory.getParent();
        if (parent == null || Files.isDirectory(directory)) {
            return;
        }
        createDirectories(parent);
        try {
            Files.createDirectories(directory);
            syncDirectory(parent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void syncFile(Path file) throws IOException {
        StorageFaults.before(StorageFaults.Call.SYNC, file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    static void syncDirectory(Path directory) throws IOException {
        StorageFaults.before(StorageFaults.Call.SYNC, directory);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
