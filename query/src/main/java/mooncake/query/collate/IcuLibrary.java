package mooncake.query.collate;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ICU that a running Postgres has loaded: orders and cases differ from release to release, so no other will do.
final class IcuLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(IcuLibrary.class);
    private static final Pattern COLLATION = Pattern.compile("(/\\S*/libicui18n\\.so\\.(\\d+)\\S*)$");
    private static final Pattern COMMON = Pattern.compile("(/\\S*/libicuuc\\.so\\.(\\d+)\\S*)$");

    private final SymbolLookup symbols;
    private final String version;

    private IcuLibrary(SymbolLookup symbols, String version) {
        this.symbols = symbols;
        this.version = version;
    }

    /// Looks into the memory map of a process of the server; null when it has no ICU or it cannot be loaded.
    static @Nullable IcuLibrary ofProcess(long pid) {
        try {
            List<String> maps = Files.readAllLines(Path.of("/proc/" + pid + "/maps"));
            Optional<Matcher> collation = find(maps, COLLATION);
            Optional<Matcher> common = find(maps, COMMON);
            if (collation.isEmpty() || common.isEmpty()) {
                return null;
            }
            SymbolLookup first = SymbolLookup.libraryLookup(Path.of(common.get().group(1)), Arena.global());
            SymbolLookup second =
                    SymbolLookup.libraryLookup(Path.of(collation.get().group(1)), Arena.global());
            return new IcuLibrary(first.or(second), common.get().group(2));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("event=icu-unavailable reason={}", e.toString());
            return null;
        }
    }

    private static Optional<Matcher> find(List<String> maps, Pattern pattern) {
        return maps.stream().map(pattern::matcher).filter(Matcher::find).findFirst();
    }

    SymbolLookup symbols() {
        return symbols;
    }

    /// Symbols end in the release.
    String name(String function) {
        return function + "_" + version;
    }
}
