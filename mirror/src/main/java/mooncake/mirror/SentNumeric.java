package mooncake.mirror;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Makes the send format of numerics out of their on-disk form (`NumericData` in src/backend/utils/adt/numeric.c): a
/// short or long header and base-10000 digits, which the send format has behind a header of four words, all big-endian.
final class SentNumeric {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int KIND_MASK = 0xc000;
    private static final int SHORT_KIND = 0x8000;
    private static final int NEGATIVE = 0x4000;
    private static final int SHORT_NEGATIVE = 0x2000;
    private static final int SHORT_SCALE_MASK = 0x1f80;
    private static final int SHORT_SCALE_SHIFT = 7;
    private static final int SHORT_WEIGHT_SIGN = 0x0040;
    private static final int SHORT_WEIGHT_MASK = 0x003f;
    private static final int SCALE_MASK = 0x3fff;
    private static final int HEADER_BYTES = 8;

    private byte[] bytes = new byte[64];

    /// The last converted number.
    byte[] bytes() {
        return bytes;
    }

    /// Returns the number of bytes.
    int convert(byte[] from, int at, int length) {
        int head = word(from, at);
        if ((head & KIND_MASK) == KIND_MASK) {
            return header(0, 0, head, 0);
        }
        boolean isShort = (head & KIND_MASK) == SHORT_KIND;
        int start = isShort ? 2 : 4;
        int digits = (length - start) / 2;
        if (bytes.length < HEADER_BYTES + 2 * digits) {
            bytes = new byte[2 * (HEADER_BYTES + 2 * digits)];
        }
        for (int i = 0; i < digits; i++) {
            bytes[HEADER_BYTES + 2 * i] = from[at + start + 2 * i + 1];
            bytes[HEADER_BYTES + 2 * i + 1] = from[at + start + 2 * i];
        }
        if (isShort) {
            int sign = (head & SHORT_WEIGHT_SIGN) == 0 ? 0 : ~SHORT_WEIGHT_MASK;
            return header(
                    digits,
                    sign | (head & SHORT_WEIGHT_MASK),
                    (head & SHORT_NEGATIVE) == 0 ? 0 : NEGATIVE,
                    (head & SHORT_SCALE_MASK) >> SHORT_SCALE_SHIFT);
        }
        return header(digits, word(from, at + 2), head & NEGATIVE, head & SCALE_MASK);
    }

    private int header(int digits, int weight, int sign, int scale) {
        put(0, digits);
        put(2, weight);
        put(4, sign);
        put(6, scale);
        return HEADER_BYTES + 2 * digits;
    }

    private void put(int at, int word) {
        bytes[at] = (byte) (word >> 8);
        bytes[at + 1] = (byte) word;
    }

    private static int word(byte[] from, int at) {
        return (short) SHORT.get(from, at) & 0xffff;
    }
}
