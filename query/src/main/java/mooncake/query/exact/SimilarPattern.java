package mooncake.query.exact;

import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.collate.Utf8;

/// Patterns of SIMILAR TO as regular expressions.
final class SimilarPattern {
    private final int[] pattern;
    private final int escape;
    private final StringBuilder out = new StringBuilder("^(?:");
    private int separators;
    private boolean inBrackets;
    private boolean afterEscape;

    private SimilarPattern(int[] pattern, int escape) {
        this.pattern = pattern;
        this.escape = escape;
    }

    static String regex(byte[] pattern, byte[] escape) {
        int[] escapes = Utf8.characters(escape);
        if (escapes.length > 1) {
            throw Strings.invalidEscape();
        }
        return new SimilarPattern(Utf8.characters(pattern), escapes.length == 0 ? -1 : escapes[0]).convert();
    }

    /// The escape character twice before `"` divides the pattern into three, for `substring`.
    private String convert() {
        for (int character : pattern) {
            if (afterEscape) {
                escaped(character);
            } else if (character == escape) {
                afterEscape = true;
            } else if (inBrackets) {
                bracketed(character);
            } else {
                plain(character);
            }
        }
        return out.append(")$").toString();
    }

    /// Releases differ in where such a class ends.
    private void bracketed(int character) {
        char before = out.charAt(out.length() - 1);
        if (character == '[' || (character == ']' && (before == '[' || before == '^'))) {
            throw Errors.notComputed("SIMILAR TO with brackets inside of brackets");
        }
        if (character == '\\') {
            out.append('\\');
        }
        out.appendCodePoint(character);
        inBrackets = character != ']';
    }

    private void escaped(int character) {
        if (character == '"' && !inBrackets) {
            if (separators == 0) {
                out.append("){1,1}?(");
            } else if (separators == 1) {
                out.append("){1,1}(?:");
            } else {
                throw new MooncakeException(
                        ErrorCode.INVALID_ESCAPE_USE,
                        "SQL regular expression may not contain more than two escape-double-quote separators");
            }
            separators++;
        } else {
            out.append('\\').appendCodePoint(character);
        }
        afterEscape = false;
    }

    private void plain(int character) {
        switch (character) {
            case '[' -> {
                out.append('[');
                inBrackets = true;
            }
            case '%' -> out.append(".*");
            case '_' -> out.append('.');
            case '(' -> out.append("(?:");
            case '\\', '.', '^', '$' -> out.append('\\').appendCodePoint(character);
            default -> out.appendCodePoint(character);
        }
    }
}
