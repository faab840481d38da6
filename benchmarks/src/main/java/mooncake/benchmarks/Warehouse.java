package mooncake.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import mooncake.testing.PostgresServer;

/// What lies on disk for one mirror.
///
/// @param dataFiles Parquet files
/// @param deletionVectors Puffin files with deletion vectors
/// @param snapshots manifest lists, one a snapshot
public record Warehouse(Path location, List<Path> dataFiles, int deletionVectors, int snapshots, long bytes) {

    public static Warehouse of(PostgresServer server, String mirror) throws IOException {
        String location = server.value("SELECT iceberg_warehouse_location FROM mooncake.list_tables()"
                + " WHERE \"table\"::regclass = '" + mirror + "'::regclass");
        Path path = location.startsWith("file:") ? Path.of(URI.create(location).getPath()) : Path.of(location);
        List<Path> files;
        try (Stream<Path> all = Files.walk(path)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return new Warehouse(
                path,
                files.stream().filter(file -> ends(file, ".parquet")).toList(),
                (int) files.stream().filter(file -> ends(file, ".puffin")).count(),
                (int) files.stream()
                        .filter(file -> file.getFileName().toString().startsWith("snap-"))
                        .count(),
                bytes);
    }

    private static boolean ends(Path file, String suffix) {
        return file.getFileName().toString().endsWith(suffix);
    }
}
