package mooncake.mirror.text;

/// How a text is quoted as a part of another.
final class Quoting {
    private Quoting() {}

    /// An element of an array: a backslash before quotes and backslashes.
    static void element(TextBuffer text, char delimiter, TextBuffer out) {
        byte[] bytes = text.bytes();
        int length = text.length();
        boolean quote = length == 0 || isNull(bytes, length);
        for (int i = 0; i < length && !quote; i++) {
            byte next = bytes[i];
            quote = next == '"' || next == '\\' || next == '{' || next == '}' || next == delimiter || isSpace(next);
        }
        put(bytes, length, quote, false, out);
    }

    /// A field of a row or a bound of a range: quotes and backslashes doubled.
    static void part(TextBuffer text, boolean brackets, TextBuffer out) {
        byte[] bytes = text.bytes();
        int length = text.length();
        boolean quote = length == 0;
        for (int i = 0; i < length && !quote; i++) {
            byte next = bytes[i];
            quote = next == '"'
                    || next == '\\'
                    || next == '('
                    || next == ')'
                    || next == ','
                    || isSpace(next)
                    || (brackets && (next == '[' || next == ']'));
        }
        put(bytes, length, quote, true, out);
    }

    private static void put(byte[] bytes, int length, boolean quote, boolean doubled, TextBuffer out) {
        if (!quote) {
            out.put(bytes, 0, length);
            return;
        }
        out.put('"');
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '"' || bytes[i] == '\\') {
                out.putByte(doubled ? bytes[i] : (byte) '\\');
            }
            out.putByte(bytes[i]);
        }
        out.put('"');
    }

    private static boolean isNull(byte[] bytes, int length) {
        return length == 4
                && (bytes[0] | 0x20) == 'n'
                && (bytes[1] | 0x20) == 'u'
                && (bytes[2] | 0x20) == 'l'
                && (bytes[3] | 0x20) == 'l';
    }

    private static boolean isSpace(byte value) {
        return value == ' ' || (value >= '\t' && value <= '\r');
    }
}
