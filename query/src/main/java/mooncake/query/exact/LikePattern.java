package mooncake.query.exact;

import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// LIKE with the escape character `\`. A pattern that ends in one is an error only where matching gets that far.
final class LikePattern {
    private LikePattern() {}

    /// Finds where the character ends that begins at a place.
    interface Step {
        int next(byte[] text, int at);
    }

    static boolean matches(byte[] text, byte[] pattern) {
        return matches(text, pattern, Texts::next);
    }

    /// The same for bytes, of which each counts as a character.
    static boolean bytesMatch(byte[] value, byte[] pattern) {
        return matches(value, pattern, (_, at) -> at + 1);
    }

    private static boolean matches(byte[] text, byte[] pattern, Step step) {
        int t = 0;
        int p = 0;
        int retryText = -1;
        int retryPattern = -1;
        while (t < text.length) {
            if (p < pattern.length && pattern[p] == '%') {
                int rest = p + 1;
                while (rest < pattern.length && (pattern[rest] == '%' || pattern[rest] == '_')) {
                    if (pattern[rest] == '_') {
                        if (t == text.length) {
                            return false;
                        }
                        t = step.next(text, t);
                    }
                    rest++;
                }
                if (rest == pattern.length) {
                    return true;
                }
                literal(pattern, rest);
                p = rest;
                retryPattern = rest;
                retryText = t;
            } else if (p < pattern.length && pattern[p] == '_') {
                t = step.next(text, t);
                p++;
            } else if (p < pattern.length && pattern[literal(pattern, p)] == text[t]) {
                p = literal(pattern, p) + 1;
                t++;
            } else if (retryPattern < 0) {
                return false;
            } else {
                retryText = step.next(text, retryText);
                t = retryText;
                p = retryPattern;
            }
        }
        while (p < pattern.length && pattern[p] == '%') {
            p++;
        }
        return p == pattern.length;
    }

    /// Where the byte lies that an ordinary or escaped place of the pattern stands for.
    private static int literal(byte[] pattern, int at) {
        if (pattern[at] != '\\') {
            return at;
        }
        if (at + 1 == pattern.length) {
            throw new MooncakeException(ErrorCode.BROKEN_PATTERN, "LIKE pattern must not end with escape character");
        }
        return at + 1;
    }
}
