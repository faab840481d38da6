package mooncake.mirror.text;

/// `inet` and `cidr`.
final class NetworkText {
    private static final int FAMILY_4 = 2;
    private static final int FAMILY_6 = 3;
    private static final int WORDS = 8;

    private NetworkText() {}

    static void put(SendReader in, boolean network, TextBuffer out) {
        int family = in.uint8();
        int bits = in.uint8();
        in.int8();
        int bytes = in.uint8();
        int expected = family == FAMILY_4 ? 4 : 16;
        SendReader.require(
                (family == FAMILY_4 || family == FAMILY_6) && bytes == expected && bits <= 8 * expected,
                "an address of family %d with %d bytes and %d bits",
                family,
                bytes,
                bits);
        if (family == FAMILY_4) {
            octets(in, out);
        } else {
            words(in, out);
        }
        if (network || bits != 8 * expected) {
            out.put('/');
            out.putNumber(bits);
        }
    }

    private static void octets(SendReader in, TextBuffer out) {
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                out.put('.');
            }
            out.putNumber(in.uint8());
        }
    }

    /// The longest run of two or more zero words becomes `::`; addresses that hold one of the old kind end in it.
    private static void words(SendReader in, TextBuffer out) {
        int start = in.position();
        int[] words = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = in.uint16();
        }
        int best = -1;
        int length = 1;
        for (int from = 0; from < WORDS; from++) {
            int to = from;
            while (to < WORDS && words[to] == 0) {
                to++;
            }
            if (to - from > length) {
                best = from;
                length = to - from;
            }
        }
        for (int i = 0; i < WORDS; i++) {
            if (best >= 0 && i >= best && i < best + length) {
                if (i == best) {
                    out.put(':');
                }
                continue;
            }
            if (i > 0) {
                out.put(':');
            }
            if (i == 6 && best == 0 && holdsOld(words, length)) {
                SendReader tail = new SendReader();
                tail.open(in.bytes(), start + 12, 4);
                octets(tail, out);
                return;
            }
            out.put(Integer.toHexString(words[i]));
        }
        if (best >= 0 && best + length == WORDS) {
            out.put(':');
        }
    }

    private static boolean holdsOld(int[] words, int zeros) {
        return zeros == 6 || (zeros == 7 && words[7] != 1) || (zeros == 5 && words[5] == 0xffff);
    }
}
