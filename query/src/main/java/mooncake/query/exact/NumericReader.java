package mooncake.query.exact;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import mooncake.duckdb.DuckVector;
import mooncake.query.exact.Numeric.Finite;

/// Reads numerics in text form out of vectors; one per call, since it keeps a buffer.
final class NumericReader {
    /// Any number of so many digits fits into a long.
    static final int SHORT_DIGITS = 18;

    private byte[] buffer = new byte[64];
    private long unscaled;
    private int scale;

    Numeric read(DuckVector vector, int row) {
        int length = load(vector, row);
        return read(buffer, 0, length);
    }

    /// Reads a number of at most [#SHORT_DIGITS] digits into [#unscaled] and [#scale]; false for anything else.
    boolean readShort(DuckVector vector, int row) {
        int length = vector.stringLength(row);
        return length <= SHORT_DIGITS + 2 && readShort(buffer, 0, load(vector, row));
    }

    long unscaled() {
        return unscaled;
    }

    int scale() {
        return scale;
    }

    /// Copies a text into [#bytes] and returns its length.
    int load(DuckVector vector, int row) {
        int length = vector.stringLength(row);
        if (length > buffer.length) {
            buffer = new byte[Math.max(length, 2 * buffer.length)];
        }
        MemorySegment text = vector.getBytes(row);
        MemorySegment.copy(text, ValueLayout.JAVA_BYTE, 0, buffer, 0, length);
        return length;
    }

    byte[] bytes() {
        return buffer;
    }

    Numeric read(byte[] text, int from, int length) {
        return readShort(text, from, length)
                ? new Finite(BigDecimal.valueOf(unscaled, scale))
                : Numeric.parse(new String(text, from, length, StandardCharsets.ISO_8859_1));
    }

    boolean readShort(byte[] text, int from, int length) {
        int end = from + length;
        int at = from;
        boolean negative = length > 0 && text[at] == '-';
        if (negative) {
            at++;
        }
        if (end - at > SHORT_DIGITS + 1) {
            return false;
        }
        long value = 0;
        int digits = 0;
        int point = -1;
        for (; at < end; at++) {
            int digit = text[at] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
                digits++;
            } else if (text[at] == '.' && point < 0) {
                point = digits;
            } else {
                return false;
            }
        }
        unscaled = negative ? -value : value;
        scale = point < 0 ? 0 : digits - point;
        return digits > 0 && digits <= SHORT_DIGITS;
    }
}
