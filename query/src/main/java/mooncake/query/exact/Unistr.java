package mooncake.query.exact;

import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// `unistr()`: a text with characters named by a backslash and the digits of their numbers, four of them, six after
/// `+`,
/// four after `u` or eight after `U`.
final class Unistr {
    private final String text;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int first;

    private Unistr(String text) {
        this.text = text;
    }

    static String read(String text) {
        return new Unistr(text).read();
    }

    private String read() {
        while (at < text.length()) {
            if (text.charAt(at) != '\\') {
                plain(text.charAt(at++));
            } else if (text.startsWith("\\", at + 1)) {
                plain('\\');
                at += 2;
            } else {
                escape();
            }
        }
        if (first != 0) {
            throw invalidPair();
        }
        return out.toString();
    }

    private void plain(char character) {
        if (first != 0) {
            throw invalidPair();
        }
        out.append(character);
    }

    private void escape() {
        if (isHex(at + 1, 4)) {
            character(at + 1, 4);
        } else if (text.startsWith("u", at + 1) && isHex(at + 2, 4)) {
            character(at + 2, 4);
        } else if (text.startsWith("+", at + 1) && isHex(at + 2, 6)) {
            character(at + 2, 6);
        } else if (text.startsWith("U", at + 1) && isHex(at + 2, 8)) {
            character(at + 2, 8);
        } else {
            throw new MooncakeException(ErrorCode.SYNTAX, "invalid Unicode escape");
        }
    }

    private void character(int from, int digits) {
        long number = Long.parseLong(text, from, from + digits, 16);
        if (number < 1 || number > Character.MAX_CODE_POINT) {
            throw Errors.invalidParameter(
                    String.format(java.util.Locale.ROOT, "invalid Unicode code point: %04X", number));
        }
        int character = (int) number;
        boolean low = character >= Character.MIN_LOW_SURROGATE && character <= Character.MAX_LOW_SURROGATE;
        if (low != (first != 0)) {
            throw invalidPair();
        }
        if (low) {
            out.append((char) first).append((char) character);
            first = 0;
        } else if (character >= Character.MIN_HIGH_SURROGATE && character <= Character.MAX_HIGH_SURROGATE) {
            first = character;
        } else {
            out.appendCodePoint(character);
        }
        at = from + digits;
    }

    private boolean isHex(int from, int digits) {
        if (from + digits > text.length()) {
            return false;
        }
        for (int i = from; i < from + digits; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F')) {
                return false;
            }
        }
        return true;
    }

    private static MooncakeException invalidPair() {
        return new MooncakeException(ErrorCode.SYNTAX, "invalid Unicode surrogate pair");
    }
}
