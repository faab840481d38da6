package mooncake.query.exact;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Reads JSON as the input function of jsonb does.
final class JsonReader {
    private static final int DEPTH_MAX = 6_000;
    private static final int NUMBER_DIGITS_MAX = 131_072;
    private static final int SCALE_MAX = 16_383;

    private final String text;
    private final boolean checksOnly;
    private int at;

    JsonReader(String text) {
        this(text, false);
    }

    private JsonReader(String text, boolean checksOnly) {
        this.text = text;
        this.checksOnly = checksOnly;
    }

    /// Raises an error unless the text is valid JSON; numbers and escapes need not mean anything.
    static void check(String text) {
        new JsonReader(text, true).read();
    }

    Json read() {
        Json json = value(0);
        blanks();
        if (at < text.length()) {
            throw broken();
        }
        return json;
    }

    private Json value(int depth) {
        if (depth > DEPTH_MAX) {
            throw new MooncakeException(ErrorCode.LIMIT_EXCEEDED, "stack depth limit exceeded");
        }
        blanks();
        if (at == text.length()) {
            throw broken();
        }
        return switch (text.charAt(at)) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json.Text(string());
            case 't' -> word("true", Json.Literal.TRUE);
            case 'f' -> word("false", Json.Literal.FALSE);
            case 'n' -> word("null", Json.Literal.NULL);
            default -> new Json.Numeral(checksOnly ? number() : canonical(number()));
        };
    }

    private Json word(String word, Json meaning) {
        if (!text.startsWith(word, at)
                || (at + word.length() < text.length() && isWord(text.charAt(at + word.length())))) {
            throw broken();
        }
        at += word.length();
        return meaning;
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
    }

    private Json object(int depth) {
        at++;
        TreeMap<String, Json> members = Json.Members.sorted();
        if (next('}')) {
            return new Json.Members(members);
        }
        do {
            blanks();
            if (at == text.length() || text.charAt(at) != '"') {
                throw broken();
            }
            String key = string();
            if (!next(':')) {
                throw broken();
            }
            members.put(key, value(depth + 1));
        } while (next(','));
        if (!next('}')) {
            throw broken();
        }
        return new Json.Members(members);
    }

    private Json array(int depth) {
        at++;
        List<Json> elements = new ArrayList<>();
        if (next(']')) {
            return new Json.Array(elements);
        }
        do {
            elements.add(value(depth + 1));
        } while (next(','));
        if (!next(']')) {
            throw broken();
        }
        return new Json.Array(elements);
    }

    private void blanks() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean next(char c) {
        blanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private String number() {
        int from = at;
        at += peek('-') ? 1 : 0;
        if (peek('0')) {
            at++;
        } else {
            digits();
        }
        if (peek('.')) {
            at++;
            digits();
        }
        if (peek('e') || peek('E')) {
            at++;
            at += peek('-') || peek('+') ? 1 : 0;
            digits();
        }
        if (at < text.length() && isWord(text.charAt(at))) {
            throw broken();
        }
        return text.substring(from, at);
    }

    private boolean peek(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private void digits() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == from) {
            throw broken();
        }
    }

    /// As numeric prints the number.
    private static String canonical(String number) {
        boolean plain = true;
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            plain &= c != 'e' && c != 'E';
        }
        if (plain && !number.startsWith("-0")) {
            return number;
        }
        int mark = Math.max(number.indexOf('e'), number.indexOf('E'));
        if (mark >= 0 && number.length() - mark > 8) {
            throw Errors.numericOverflow();
        }
        BigDecimal value = new BigDecimal(number);
        if (value.signum() != 0 && (long) value.precision() - value.scale() > NUMBER_DIGITS_MAX) {
            throw Errors.numericOverflow();
        }
        if (value.scale() > SCALE_MAX) {
            value = value.setScale(SCALE_MAX, java.math.RoundingMode.HALF_UP);
        }
        return Numeric.plain(value).toPlainString();
    }

    private String string() {
        at++;
        int from = at;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\' && text.charAt(at) >= ' ') {
            at++;
        }
        if (peek('"')) {
            return text.substring(from, at++);
        }
        StringBuilder out = new StringBuilder(text.substring(from, at));
        while (!peek('"')) {
            if (at == text.length() || text.charAt(at) < ' ') {
                throw broken();
            }
            char c = text.charAt(at++);
            if (c == '\\') {
                escape(out);
            } else {
                out.append(c);
            }
        }
        at++;
        return out.toString();
    }

    private void escape(StringBuilder out) {
        if (at == text.length()) {
            throw broken();
        }
        char c = text.charAt(at++);
        switch (c) {
            case '"', '\\', '/' -> out.append(c);
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'u' -> unit(out);
            default -> throw broken();
        }
    }

    private void unit(StringBuilder out) {
        char unit = hex();
        if (checksOnly) {
            return;
        }
        if (unit == 0) {
            throw new MooncakeException(ErrorCode.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence");
        }
        if (Character.isLowSurrogate(unit)) {
            throw broken();
        }
        out.append(unit);
        if (Character.isHighSurrogate(unit)) {
            if (!text.startsWith("\\u", at)) {
                throw broken();
            }
            at += 2;
            char low = hex();
            if (!Character.isLowSurrogate(low)) {
                throw broken();
            }
            out.append(low);
        }
    }

    private char hex() {
        int value = 0;
        for (int i = 0; i < 4; i++, at++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0 || text.charAt(at) >= 0x80) {
                throw broken();
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    private static MooncakeException broken() {
        return Errors.malformed("invalid input syntax for type json");
    }
}
