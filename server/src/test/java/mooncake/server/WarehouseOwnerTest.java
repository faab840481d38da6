package mooncake.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseOwnerTest {
    @TempDir
    Path folder;

    private Path warehouse;

    @BeforeEach
    void make() throws IOException {
        warehouse = Files.createDirectory(folder.resolve("warehouse"));
    }

    private Path cluster(String name) throws IOException {
        Path data = Files.createDirectories(folder.resolve(name));
        Files.writeString(data.resolve("PG_VERSION"), "15\n");
        return data;
    }

    private WarehouseOwner claim(Path data) throws IOException, InterruptedException {
        return WarehouseOwner.claim(warehouse, data, Duration.ZERO);
    }

    private void assertRefused(Path data, String why) {
        assertThatThrownBy(() -> claim(data)).isInstanceOfSatisfying(MooncakeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONFIGURATION);
            assertThat(e.text()).contains(why);
        });
    }

    @Test
    void aCopyOfTheClusterIsRefusedWhetherTheOriginalRunsOrNot() throws Exception {
        Path original = cluster("original");
        Path copy = cluster("copy");
        try (WarehouseOwner _ = claim(original)) {
            assertRefused(copy, "another engine");
        }
        assertRefused(copy, "belongs to the cluster in " + original.toRealPath());
        claim(original).close();
    }

    @Test
    void aClusterThatWasMovedKeepsItsWarehouse() throws Exception {
        Path before = cluster("before");
        claim(before).close();
        Path after = Files.move(before, folder.resolve("a much longer name than before"));
        claim(after).close();
        Path shorter = Files.move(after, folder.resolve("s"));
        claim(shorter).close();
        assertRefused(cluster("another"), "belongs to the cluster in " + shorter.toRealPath());
    }
}
