package mooncake.query.collate;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// Characters of UTF-8 text, which is valid always.
public final class Utf8 {
    private static final int BYTES_A_CHARACTER_MAX = 4;

    private Utf8() {}

    /// The characters of a text.
    public static int[] characters(byte[] text) {
        int[] characters = new int[text.length];
        int count = 0;
        for (int at = 0; at < text.length; ) {
            int first = text[at];
            if (first >= 0) {
                characters[count++] = first;
                at++;
            } else {
                int length = length(first);
                int character = first & (0xff >> (length + 1));
                for (int i = 1; i < length; i++) {
                    character = character << 6 | (text[at + i] & 0x3f);
                }
                characters[count++] = character;
                at += length;
            }
        }
        return count == characters.length ? characters : Arrays.copyOf(characters, count);
    }

    /// Bytes of the character that begins with this byte.
    public static int length(int first) {
        return first >= 0 ? 1 : (first & 0xe0) == 0xc0 ? 2 : (first & 0xf0) == 0xe0 ? 3 : 4;
    }

    /// Bytes of a character.
    public static int bytes(int character) {
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }

    public static byte[] encode(int[] characters, int from, int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            length += bytes(characters[i]);
        }
        byte[] out = new byte[length];
        int at = 0;
        for (int i = from; i < to; i++) {
            at = put(out, at, characters[i]);
        }
        return out;
    }

    /// The text with each character replaced.
    static byte[] map(byte[] text, IntUnaryOperator function) {
        byte[] out = new byte[text.length];
        int end = 0;
        for (int at = 0; at < text.length; ) {
            int length = length(text[at]);
            int character = text[at];
            if (length > 1) {
                character &= 0xff >> (length + 1);
                for (int i = 1; i < length; i++) {
                    character = character << 6 | (text[at + i] & 0x3f);
                }
            }
            at += length;
            if (out.length - end < BYTES_A_CHARACTER_MAX) {
                out = Arrays.copyOf(out, end + BYTES_A_CHARACTER_MAX + (text.length - at) * 2);
            }
            end = put(out, end, function.applyAsInt(character));
        }
        return end == out.length ? out : Arrays.copyOf(out, end);
    }

    private static int put(byte[] out, int at, int character) {
        int length = bytes(character);
        if (length == 1) {
            out[at] = (byte) character;
            return at + 1;
        }
        int rest = character;
        for (int i = length - 1; i > 0; i--) {
            out[at + i] = (byte) (0x80 | (rest & 0x3f));
            rest >>= 6;
        }
        out[at] = (byte) (0xf0 << (4 - length) | rest);
        return at + length;
    }
}
