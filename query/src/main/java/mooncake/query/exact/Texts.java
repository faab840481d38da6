package mooncake.query.exact;

import java.util.Arrays;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Functions of text, which is UTF-8 and counted in characters.
final class Texts {
    /// One less than what Postgres allocates at most.
    private static final int BYTES_MAX = 0x3fff_ffff;

    private static final int HEADER_BYTES = 4;

    /// Bytes or characters of a text that a function makes of a number.
    private static final int COMPUTED_MAX = 1_000_000;

    private Texts() {}

    /// The first `count` characters, or all but the last `-count`.
    static byte[] left(byte[] text, int count) {
        int kept = count >= 0 ? count : Math.max(0, count + characters(text));
        return Arrays.copyOf(text, offset(text, 0, kept));
    }

    /// The last `count` characters, or all but the first `-count`.
    static byte[] right(byte[] text, int count) {
        long dropped = count >= 0 ? Math.max(0, characters(text) - count) : -(long) count;
        return Arrays.copyOfRange(text, offset(text, 0, dropped), text.length);
    }

    static byte[] substring(byte[] text, int start) {
        return Arrays.copyOfRange(text, offset(text, 0, Math.max(0L, start - 1L)), text.length);
    }

    /// Characters `start` to `start + length - 1`, counted from 1, as far as there are such.
    static byte[] substring(byte[] text, int start, int length) {
        if (length < 0) {
            throw new MooncakeException(ErrorCode.NEGATIVE_LENGTH, "negative substring length not allowed");
        }
        long end = (long) start + length;
        if (end <= 1) {
            return new byte[0];
        }
        long first = Math.max(1, start);
        int from = offset(text, 0, first - 1);
        return Arrays.copyOfRange(text, from, offset(text, from, end - first));
    }

    /// Leaves to Postgres what would take too much of the engine's memory when each row of a chunk asks for it.
    static void requireComputed(long length) {
        if (length > COMPUTED_MAX) {
            throw new MooncakeException(
                    ErrorCode.NOT_PUSHED, "texts that are made longer than " + COMPUTED_MAX + " are left to Postgres");
        }
    }

    static byte[] repeat(byte[] text, int count) {
        long length = (long) text.length * Math.max(0, count);
        if (length + HEADER_BYTES > BYTES_MAX) {
            throw new MooncakeException(ErrorCode.LIMIT_EXCEEDED, "requested length too large");
        }
        requireComputed(length);
        byte[] repeated = new byte[(int) length];
        for (int at = 0; at < repeated.length; at += text.length) {
            System.arraycopy(text, 0, repeated, at, text.length);
        }
        return repeated;
    }

    static byte[] reverse(byte[] text) {
        byte[] reversed = new byte[text.length];
        for (int at = 0; at < text.length; ) {
            int next = next(text, at);
            System.arraycopy(text, at, reversed, text.length - next, next - at);
            at = next;
        }
        return reversed;
    }

    /// The cast to `char(n)`; only one that was written may cut more than blanks.
    static byte[] toChar(byte[] text, int length, boolean explicit) {
        int characters = characters(text);
        if (characters > length) {
            return cut(text, length, explicit, "character");
        }
        byte[] padded = Arrays.copyOf(text, text.length + length - characters);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    /// The cast to `varchar(n)`.
    static byte[] toVarchar(byte[] text, int length, boolean explicit) {
        return characters(text) > length ? cut(text, length, explicit, "character varying") : text;
    }

    private static byte[] cut(byte[] text, int length, boolean explicit, String type) {
        int end = offset(text, 0, length);
        for (int i = end; i < text.length && !explicit; i++) {
            if (text[i] != ' ') {
                throw new MooncakeException(
                        ErrorCode.VALUE_TOO_LONG, "value too long for type " + type + "(" + length + ")");
            }
        }
        return Arrays.copyOf(text, end);
    }

    private static int characters(byte[] text) {
        int count = 0;
        for (byte each : text) {
            count += isContinuation(each) ? 0 : 1;
        }
        return count;
    }

    /// Where the text goes on after `count` more characters, or its end.
    private static int offset(byte[] text, int from, long count) {
        int at = from;
        for (long i = 0; i < count && at < text.length; i++) {
            at = next(text, at);
        }
        return at;
    }

    /// Where the next character begins.
    static int next(byte[] text, int at) {
        int next = at + 1;
        while (next < text.length && isContinuation(text[next])) {
            next++;
        }
        return next;
    }

    private static boolean isContinuation(byte each) {
        return (each & 0xc0) == 0x80;
    }
}
