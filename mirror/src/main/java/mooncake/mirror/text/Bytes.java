package mooncake.mirror.text;

/// Values whose bytes are shown as they are or one by one.
final class Bytes {
    private static final char[] LOWER = "0123456789abcdef".toCharArray();
    private static final char[] UPPER = "0123456789ABCDEF".toCharArray();
    private static final int VERSION = 1;
    private static final int ASCII_END = 128;

    private Bytes() {}

    static void text(SendReader in, TextBuffer out) {
        int length = in.remaining();
        out.put(in.bytes(), in.take(length), length);
    }

    static void versioned(SendReader in, TextBuffer out) {
        int version = in.int8();
        SendReader.require(version == VERSION, "its version is %d", version);
        text(in, out);
    }

    static void bytea(SendReader in, TextBuffer out) {
        out.put("\\x");
        digits(in, LOWER, out);
    }

    static void hex(SendReader in, TextBuffer out) {
        digits(in, UPPER, out);
    }

    private static void digits(SendReader in, char[] digits, TextBuffer out) {
        while (in.remaining() > 0) {
            put(in.uint8(), digits, out);
        }
    }

    private static void put(int value, char[] digits, TextBuffer out) {
        out.put(digits[value >> 4]);
        out.put(digits[value & 15]);
    }

    /// `"char"`: a zero byte is the empty text.
    static void single(SendReader in, TextBuffer out) {
        int value = in.uint8();
        if (value >= ASCII_END) {
            out.put('\\');
            out.put((char) ('0' + (value >> 6)));
            out.put((char) ('0' + (value >> 3 & 7)));
            out.put((char) ('0' + (value & 7)));
        } else if (value != 0) {
            out.put((char) value);
        }
    }

    static void bits(SendReader in, TextBuffer out) {
        int bits = in.int32();
        SendReader.require(bits >= 0 && in.remaining() == (bits + 7L) / 8, "%d bits", bits);
        int value = 0;
        for (int i = 0; i < bits; i++) {
            value = i % 8 == 0 ? in.uint8() : value << 1;
            out.put((value & 0x80) == 0 ? '0' : '1');
        }
    }

    static void uuid(SendReader in, TextBuffer out) {
        for (int i = 0; i < 16; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                out.put('-');
            }
            put(in.uint8(), LOWER, out);
        }
    }

    static void address(SendReader in, int bytes, TextBuffer out) {
        for (int i = 0; i < bytes; i++) {
            if (i > 0) {
                out.put(':');
            }
            put(in.uint8(), LOWER, out);
        }
    }
}
