package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// `parse_ident()`: the parts of a qualified name.
final class IdentifierParser {
    private final String text;
    private final List<@Nullable String> parts = new ArrayList<>();
    private int at;

    private IdentifierParser(String text) {
        this.text = text;
    }

    /// @param strict whether nothing may follow the name
    static List<@Nullable String> parse(String text, boolean strict) {
        if (text.indexOf('\u000b') >= 0) {
            throw Errors.notComputed("a name with a vertical tab");
        }
        IdentifierParser parser = new IdentifierParser(text);
        parser.read(strict);
        return parser.parts;
    }

    private void read(boolean strict) {
        blanks();
        while (true) {
            if (character() == '"') {
                parts.add(quoted());
            } else if (isStart(character())) {
                parts.add(plain());
            } else {
                throw invalid();
            }
            blanks();
            if (character() != '.') {
                break;
            }
            at++;
            blanks();
        }
        if (at < text.length() && strict) {
            throw invalid();
        }
    }

    private String quoted() {
        StringBuilder part = new StringBuilder();
        at++;
        while (character() != '"' || text.startsWith("\"\"", at)) {
            if (at >= text.length()) {
                throw invalid();
            }
            at += character() == '"' ? 1 : 0;
            part.append(text.charAt(at++));
        }
        at++;
        if (part.isEmpty()) {
            throw invalid();
        }
        return part.toString();
    }

    /// Letters of ASCII alone are brought to lower case.
    private String plain() {
        StringBuilder part = new StringBuilder();
        while (isStart(character()) || (character() >= '0' && character() <= '9') || character() == '$') {
            char c = text.charAt(at++);
            part.append(c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
        }
        return part.toString();
    }

    private static boolean isStart(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c > 0x7f;
    }

    private void blanks() {
        while (" \t\n\r\f".indexOf(character()) >= 0) {
            at++;
        }
    }

    /// The next character, zero at the end.
    private char character() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private MooncakeException invalid() {
        return Errors.invalidParameter("string is not a valid identifier: \"" + text + "\"");
    }
}
