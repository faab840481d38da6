package mooncake.query.exact;

import mooncake.duckdb.DuckVector;
import mooncake.query.regex.EmbeddedOptions;
import mooncake.query.regex.Options;
import mooncake.query.regex.Regex;
import org.jspecify.annotations.Nullable;

/// The compiled pattern of each row of a call.
final class RegexRows implements AutoCloseable {
    private final LastSeen<String> locales;
    private final LastSeen<String> patterns;
    private final @Nullable LastSeen<String> flags;
    private @Nullable Regex regex;
    private RegexCache.@Nullable Key key;
    private @Nullable String seenPattern;
    private @Nullable String seenFlags;

    /// @param flags null for none
    RegexRows(DuckVector locale, DuckVector pattern, @Nullable DuckVector flags) {
        this.locales = new LastSeen<>(locale, text -> text);
        this.patterns = new LastSeen<>(pattern, text -> text);
        this.flags = flags == null ? null : new LastSeen<>(flags, text -> text);
    }

    String flags(int row) {
        return flags == null ? "" : flags.get(row);
    }

    /// The same object as long as the arguments are.
    Regex get(int row) {
        String pattern = patterns.get(row);
        String letters = flags(row);
        Regex current = regex;
        if (current != null && pattern.equals(seenPattern) && letters.equals(seenFlags)) {
            return current;
        }
        close();
        Options options = EmbeddedOptions.ofFlags(letters);
        RegexCache.Key wanted = new RegexCache.Key(pattern, options, locales.get(row));
        current = RegexCache.lend(wanted);
        regex = current;
        key = wanted;
        seenPattern = pattern;
        seenFlags = letters;
        return current;
    }

    @Override
    public void close() {
        if (regex != null && key != null) {
            RegexCache.giveBack(key, regex);
            regex = null;
        }
    }
}
