package mooncake.query.exact;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.collate.Utf8;

/// More functions of text, which is UTF-8 and counted in characters.
final class Strings {
    private static final int BYTES_MAX = 0x3fff_ffff - 4;

    /// Postgres takes this many bytes for each character that is asked for.
    private static final int BYTES_A_CHARACTER = 4;

    private Strings() {}

    static int ascii(byte[] text) {
        return text.length == 0
                ? 0
                : Utf8.characters(Arrays.copyOf(text, Math.min(text.length, Utf8.length(text[0]))))[0];
    }

    static byte[] chr(int character) {
        if (character < 0) {
            throw Errors.invalidParameter("character number must be positive");
        }
        if (character == 0) {
            throw limit("null character not permitted");
        }
        if (character > Character.MAX_CODE_POINT) {
            throw limit("requested character too large for encoding: " + character);
        }
        if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
            throw limit("requested character not valid for encoding: " + character);
        }
        return Utf8.encode(new int[] {character}, 0, 1);
    }

    private static MooncakeException limit(String message) {
        return new MooncakeException(ErrorCode.LIMIT_EXCEEDED, message);
    }

    /// Fills up to a number of characters, or cuts.
    static byte[] pad(byte[] text, int length, byte[] fill, boolean left) {
        int wanted = Math.max(0, length);
        int[] characters = Utf8.characters(text);
        int[] filling = Utf8.characters(fill);
        if ((long) wanted * BYTES_A_CHARACTER + 4 > BYTES_MAX) {
            throw limit("requested length too large");
        }
        Texts.requireComputed(wanted);
        int kept = Math.min(characters.length, wanted);
        int[] result = new int[filling.length == 0 ? kept : wanted];
        int added = result.length - kept;
        System.arraycopy(characters, 0, result, left ? added : 0, kept);
        for (int i = 0; i < added; i++) {
            result[left ? i : kept + i] = filling[i % filling.length];
        }
        return Utf8.encode(result, 0, result.length);
    }

    /// Each character of `from` becomes the one in its place of `to`, or nothing.
    static byte[] translate(byte[] text, byte[] from, byte[] to) {
        int[] keys = Utf8.characters(from);
        int[] values = Utf8.characters(to);
        Map<Integer, Integer> map = new HashMap<>();
        for (int i = 0; i < keys.length; i++) {
            map.putIfAbsent(keys[i], i < values.length ? values[i] : -1);
        }
        int[] characters = Utf8.characters(text);
        int count = 0;
        for (int character : characters) {
            int mapped = map.getOrDefault(character, character);
            if (mapped >= 0) {
                characters[count++] = mapped;
            }
        }
        return Utf8.encode(characters, 0, count);
    }

    /// The field with a number counted from 1, or from the end when negative.
    static byte[] splitPart(byte[] text, byte[] separator, int field) {
        if (field == 0) {
            throw new MooncakeException(ErrorCode.INVALID_PARAMETER, "field position must not be zero");
        }
        if (text.length == 0) {
            return text;
        }
        if (separator.length == 0) {
            return field == 1 || field == -1 ? text : new byte[0];
        }
        long wanted = field;
        if (field < 0) {
            long fields = 1;
            for (int at = find(text, separator, 0); at >= 0; at = find(text, separator, at + separator.length)) {
                fields++;
            }
            wanted = fields + field + 1;
        }
        int from = 0;
        for (long i = 1; i <= wanted; i++) {
            int end = find(text, separator, from);
            if (i == wanted) {
                return Arrays.copyOfRange(text, from, end < 0 ? text.length : end);
            }
            if (end < 0) {
                break;
            }
            from = end + separator.length;
        }
        return new byte[0];
    }

    /// Where some bytes are found from a place on, -1 for nowhere.
    static int find(byte[] text, byte[] part, int from) {
        for (int at = from; at + part.length <= text.length; at++) {
            if (Arrays.equals(text, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        return -1;
    }

    /// Puts a text in place of `length` characters from `start` on.
    static byte[] overlay(byte[] text, byte[] replacement, int start, int length) {
        return overlay(
                start,
                length,
                replacement,
                before -> Texts.substring(text, 1, before),
                after -> Texts.substring(text, after));
    }

    /// A part of a text by a number.
    interface Piece {
        byte[] at(int number);
    }

    static byte[] overlay(int start, int length, byte[] replacement, Piece before, Piece after) {
        if (start <= 0) {
            throw new MooncakeException(ErrorCode.NEGATIVE_LENGTH, "negative substring length not allowed");
        }
        long end = (long) start + length;
        if (end != (int) end) {
            throw Errors.outOfRange("integer out of range");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(before.at(start - 1));
        out.writeBytes(replacement);
        out.writeBytes(after.at((int) end));
        return out.toByteArray();
    }

    static byte[] quoteLiteral(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 3);
        for (byte each : text) {
            if (each == '\\') {
                out.write('E');
                break;
            }
        }
        out.write('\'');
        for (byte each : text) {
            if (each == '\'' || each == '\\') {
                out.write(each);
            }
            out.write(each);
        }
        out.write('\'');
        return out.toByteArray();
    }

    /// The pattern of LIKE with another escape character, rewritten for `\`.
    static byte[] likeEscape(byte[] pattern, byte[] escape) {
        int[] escapes = Utf8.characters(escape);
        if (escapes.length > 1) {
            throw invalidEscape();
        }
        int own = escapes.length == 0 ? -1 : escapes[0];
        if (own == '\\') {
            return pattern;
        }
        int[] characters = Utf8.characters(pattern);
        int[] out = new int[characters.length * 2];
        int count = 0;
        boolean afterEscape = false;
        for (int character : characters) {
            if (character == own && !afterEscape) {
                out[count++] = '\\';
                afterEscape = true;
            } else {
                if (character == '\\' && !afterEscape) {
                    out[count++] = '\\';
                }
                out[count++] = character;
                afterEscape = false;
            }
        }
        return Utf8.encode(out, 0, count);
    }

    static MooncakeException invalidEscape() {
        return new MooncakeException(ErrorCode.BROKEN_PATTERN, "invalid escape string");
    }
}
