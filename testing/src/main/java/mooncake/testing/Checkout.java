package mooncake.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the checkout and its private Postgres trees lie. The property `mooncake.root`, set by the build, names the
/// root; without it the folder above the current one that holds the launcher.
public final class Checkout {
    private Checkout() {}

    public static Path root() {
        String property = System.getProperty("mooncake.root");
        if (property != null) {
            return Path.of(property);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("mooncake"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not inside a checkout: set -Dmooncake.root");
    }

    /// The folder that servers read and write. The name may be a link, for a checkout that the servers' account cannot
    /// enter.
    public static Path postgresHome() {
        Path home = root().resolve("build/postgres");
        try {
            return home.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(home + " is missing: run ./mooncake test once", e);
        }
    }
}
