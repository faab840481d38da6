package mooncake.query.exact;

import java.nio.charset.StandardCharsets;

/// Values of `"char"` as the texts that Postgres prints for them: nothing for zero, bytes above 127 as a backslash and
/// three octal digits.
final class SingleByte {
    private static final int OCTAL_LENGTH = 4;
    private static final int HIGH = 0x80;

    private SingleByte() {}

    /// The byte of a printed value.
    static int of(String text) {
        return switch (text.length()) {
            case 0 -> 0;
            case OCTAL_LENGTH -> Integer.parseInt(text, 1, OCTAL_LENGTH, 8);
            default -> text.charAt(0);
        };
    }

    /// What is printed for a byte.
    static String text(int value) {
        if (value == 0) {
            return "";
        }
        return value < HIGH
                ? Character.toString(value)
                : "\\" + (char) ('0' + (value >> 6)) + (char) ('0' + (value >> 3 & 7)) + (char) ('0' + (value & 7));
    }

    /// The byte that a text is cast to: the first of its own, or the one that it names as [#text] does.
    static int parse(byte[] text) {
        if (text.length == OCTAL_LENGTH && text[0] == '\\' && octal(text[1]) && octal(text[2]) && octal(text[3])) {
            return Integer.parseInt(new String(text, 1, OCTAL_LENGTH - 1, StandardCharsets.ISO_8859_1), 8) & 0xff;
        }
        return text.length == 0 ? 0 : text[0] & 0xff;
    }

    private static boolean octal(byte digit) {
        return digit >= '0' && digit <= '7';
    }

    /// As char(n) a byte stands for itself, which is no text above 127 or for zero.
    static String character(String text) {
        int value = of(text);
        if (value == 0 || value >= HIGH) {
            throw Errors.notComputed("a byte that is no character");
        }
        return text;
    }
}
