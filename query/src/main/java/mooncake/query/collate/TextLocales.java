package mooncake.query.collate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Locales by name: `c`, `libc:NAME`, `icu:NAME`. They are opened once and kept for the life of the process.
public final class TextLocales {
    /// The locale that orders by bytes.
    public static final String C = "c";

    public static final TextLocale PLAIN = new PlainLocale();

    /// More locales than that are not known, lest somebody make collations without end.
    private static final int OPEN_MAX = 256;

    private static final Map<String, TextLocale> OPEN = new HashMap<>(Map.of(C, PLAIN));
    private static long server;
    private static IcuLocale.@Nullable Functions icu;

    private TextLocales() {}

    /// Takes ICU from a process of the Postgres server that is served; without it its locales are not known.
    public static synchronized void useIcuOf(long pid) {
        server = pid;
        icu = null;
        OPEN.keySet().removeIf(name -> name.startsWith("icu:"));
    }

    /// Empty when no library knows the locale.
    public static synchronized Optional<TextLocale> find(String name) {
        TextLocale known = OPEN.get(name);
        if (known != null || OPEN.size() >= OPEN_MAX) {
            return Optional.ofNullable(known);
        }
        TextLocale opened = open(name);
        if (opened != null) {
            OPEN.put(name, opened);
        }
        return Optional.ofNullable(opened);
    }

    private static @Nullable TextLocale open(String name) {
        if (name.startsWith("libc:")) {
            return LibcLocale.open(name.substring("libc:".length()));
        }
        if (icu == null && server != 0) {
            IcuLibrary library = IcuLibrary.ofProcess(server);
            icu = library == null ? null : new IcuLocale.Functions(library);
        }
        return icu != null && name.startsWith("icu:") ? IcuLocale.open(icu, name.substring("icu:".length())) : null;
    }
}
