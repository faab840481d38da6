package mooncake.query.exact;

import java.text.Normalizer;
import java.util.Locale;

/// Normal forms of Unicode. Servers know the characters of the release that they were built with; texts with characters
/// that are newer than that, and whose normal form depends on it, are left to Postgres.
final class Normalization {
    /// The major whose release of Unicode, 16, is that of this runtime.
    private static final int SAME_MAJOR = 18;

    /// The one character below [#FIRST_NEW] that came after Unicode 14 and is combined with others.
    private static final int NEW_MARK = 0x897;

    private static final int FIRST_NEW = 0x10000;
    private static final int FIRST_OLD = 0x1f000;

    private Normalization() {}

    static String normalized(String text, String form, int major) {
        Normalizer.Form known = form(form);
        check(text, major);
        return Normalizer.normalize(text, known);
    }

    static boolean isNormalized(String text, String form, int major) {
        return normalized(text, form, major).equals(text);
    }

    private static Normalizer.Form form(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "NFC" -> Normalizer.Form.NFC;
            case "NFD" -> Normalizer.Form.NFD;
            case "NFKC" -> Normalizer.Form.NFKC;
            case "NFKD" -> Normalizer.Form.NFKD;
            default -> throw Errors.invalidParameter("invalid normalization form: " + name);
        };
    }

    private static void check(String text, int major) {
        boolean stable = major == SAME_MAJOR
                || (major < SAME_MAJOR
                        && text.codePoints().noneMatch(c -> c == NEW_MARK || (c >= FIRST_NEW && c < FIRST_OLD)));
        if (!stable) {
            throw Errors.notComputed("the normal form of newer characters");
        }
    }
}
