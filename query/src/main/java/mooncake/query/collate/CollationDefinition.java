package mooncake.query.collate;

import org.jspecify.annotations.Nullable;

/// A collation as the catalog has it.
///
/// @param provider `c` libc, `i` ICU, `b` builtin
/// @param order libc: the locale of the order
/// @param casing libc: the locale of cases and classes of characters
/// @param locale ICU, builtin: the locale
/// @param plain deterministic and without rules of its own
public record CollationDefinition(
        char provider,
        @Nullable String order,
        @Nullable String casing,
        @Nullable String locale,
        boolean plain) {

    public static final CollationDefinition C = new CollationDefinition('c', "C", "C", null, true);

    /// The name of the order for [TextLocales], null for one that is not known.
    public @Nullable String orderName() {
        return switch (provider) {
            case 'c' -> order == null ? null : isBinary(order) ? TextLocales.C : "libc:" + order;
            case 'i' -> locale == null ? null : "icu:" + locale;
            case 'b' -> TextLocales.C;
            default -> null;
        };
    }

    /// The name of the cases and classes of characters, null for one that is not known.
    public @Nullable String casingName() {
        return switch (provider) {
            case 'c' -> casing == null ? null : isC(casing) ? TextLocales.C : "libc:" + casing;
            case 'i' -> locale == null ? null : "icu:" + locale;
            case 'b' -> "C".equals(locale) ? TextLocales.C : null;
            default -> null;
        };
    }

    private static boolean isC(String name) {
        return name.equals("C") || name.equals("POSIX");
    }

    /// Locales that order by code point, which is the order of UTF-8's bytes.
    private static boolean isBinary(String name) {
        return isC(name) || name.equalsIgnoreCase("C.UTF-8") || name.equalsIgnoreCase("C.UTF8");
    }
}
