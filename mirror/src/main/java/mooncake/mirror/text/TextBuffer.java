package mooncake.mirror.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// A growing text in UTF-8.
public final class TextBuffer {
    /// The longest text that Postgres' input functions take.
    private static final int LENGTH_MAX = (1 << 30) - 1;

    /// Memory that is kept from one value to the next.
    private static final int KEPT_MAX = 1 << 20;

    private static final int FIRST = 128;

    private byte[] bytes = new byte[FIRST];
    private int length;

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
        if (bytes.length > KEPT_MAX) {
            bytes = new byte[FIRST];
        }
    }

    void put(char ascii) {
        makeRoom(1);
        bytes[length++] = (byte) ascii;
    }

    void putByte(byte value) {
        makeRoom(1);
        bytes[length++] = value;
    }

    void put(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        put(encoded, 0, encoded.length);
    }

    void put(byte[] from, int offset, int count) {
        makeRoom(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    void putNumber(long value) {
        put(Long.toString(value));
    }

    /// A number from 0 in at least `width` digits.
    void putPadded(long value, int width) {
        long power = 10;
        for (int digits = 1; digits < width; digits++) {
            if (value < power) {
                for (int zeros = digits; zeros < width; zeros++) {
                    put('0');
                }
                break;
            }
            power *= 10;
        }
        putNumber(value);
    }

    private void makeRoom(int count) {
        long needed = (long) length + count;
        if (needed > LENGTH_MAX) {
            throw new MooncakeException(
                    ErrorCode.UNREPRESENTABLE_VALUE, "a value's text is longer than " + LENGTH_MAX + " bytes");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(LENGTH_MAX, Math.max(needed, 2L * bytes.length)));
        }
    }
}
