package mooncake.query.exact;

import java.nio.ByteBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.query.collate.Utf8;

/// Text in other encodings than that of the database, which is UTF-8. Others than Latin 1 are left to Postgres.
enum Encodings {
    UTF8,
    LATIN1,
    /// Bytes whose meaning nothing says.
    SQL_ASCII;

    private static final int LATIN_MAX = 0xff;

    static Encodings of(String name) {
        StringBuilder plain = new StringBuilder();
        name.toLowerCase(Locale.ROOT).chars().filter(Character::isLetterOrDigit).forEach(plain::appendCodePoint);
        return switch (plain.toString()) {
            case "utf8", "unicode" -> UTF8;
            case "latin1", "iso88591" -> LATIN1;
            case "sqlascii" -> SQL_ASCII;
            default -> throw Errors.notComputed("the encoding " + name);
        };
    }

    /// The bytes of a text of the database.
    static byte[] ofText(byte[] text, String to) {
        return of(to) == LATIN1 ? toLatin(text) : text;
    }

    /// A text of the database from bytes.
    static byte[] toText(byte[] bytes, String from) {
        return convert(bytes, of(from), UTF8);
    }

    static byte[] convert(byte[] bytes, String from, String to) {
        return convert(bytes, of(from), of(to));
    }

    private static byte[] convert(byte[] bytes, Encodings from, Encodings to) {
        from.check(bytes);
        if (from == to || to == SQL_ASCII) {
            return bytes;
        }
        if (from == SQL_ASCII) {
            to.check(bytes);
            return bytes;
        }
        return from == UTF8
                ? toLatin(bytes)
                : new String(bytes, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_8);
    }

    /// The number of characters.
    static int length(byte[] bytes, String name) {
        Encodings encoding = of(name);
        encoding.check(bytes);
        return encoding == UTF8 ? Utf8.characters(bytes).length : bytes.length;
    }

    private static byte[] toLatin(byte[] text) {
        int[] characters = Utf8.characters(text);
        byte[] out = new byte[characters.length];
        for (int i = 0; i < out.length; i++) {
            if (characters[i] > LATIN_MAX) {
                byte[] character = Utf8.encode(characters, i, i + 1);
                throw new MooncakeException(
                        ErrorCode.UNTRANSLATABLE_CHARACTER,
                        "character with byte sequence " + hex(character, 0, character.length)
                                + " in encoding \"UTF8\" has no equivalent in encoding \"LATIN1\"");
            }
            out[i] = (byte) characters[i];
        }
        return out;
    }

    /// No text holds a zero byte.
    private void check(byte[] bytes) {
        int end = bytes.length;
        if (this == UTF8) {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            CoderResult result = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(in, java.nio.CharBuffer.allocate(bytes.length + 1), true);
            end = result.isError() ? in.position() : end;
        }
        for (int i = 0; i < end; i++) {
            if (bytes[i] == 0) {
                throw invalid(bytes, i);
            }
        }
        if (end < bytes.length) {
            throw invalid(bytes, end);
        }
    }

    private MooncakeException invalid(byte[] bytes, int at) {
        int length = this == UTF8 ? Math.min(claimed(bytes[at]), bytes.length - at) : 1;
        return new MooncakeException(
                ErrorCode.INVALID_CHARACTER,
                "invalid byte sequence for encoding \"" + name() + "\": " + hex(bytes, at, at + length));
    }

    /// The length of a character that begins with a byte, or would if it could.
    private static int claimed(byte first) {
        boolean starts = (first & 0xc0) == 0xc0 && (first & 0xf8) != 0xf8;
        return starts ? Utf8.length(first) : 1;
    }

    private static String hex(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : " ").append("0x").append(HexFormat.of().toHexDigits(bytes[i]));
        }
        return text.toString();
    }

    /// ASCII of a text in an encoding that Postgres can bring there; what is more than ASCII is left to it.
    static byte[] ascii(byte[] text, boolean convertible) {
        for (byte each : text) {
            if (each < 0) {
                throw Errors.notComputed("to_ascii of other characters");
            }
        }
        if (!convertible) {
            throw Errors.notComputed("to_ascii of other encodings");
        }
        return text;
    }
}
