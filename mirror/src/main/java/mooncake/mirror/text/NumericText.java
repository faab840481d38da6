package mooncake.mirror.text;

/// Numerics of any size, with as many digits behind the point as the value shows.
final class NumericText {
    private static final int NEGATIVE = 0x4000;
    private static final int NAN = 0xc000;
    private static final int INFINITY = 0xd000;
    private static final int NEGATIVE_INFINITY = 0xf000;
    private static final int BASE = 10_000;
    private static final int GROUP_DIGITS = 4;

    private NumericText() {}

    static void put(SendReader in, TextBuffer out) {
        int groups = in.uint16();
        int weight = in.int16();
        int sign = in.uint16();
        int scale = in.uint16();
        int start = in.take(2 * groups);
        switch (sign) {
            case NAN -> out.put("NaN");
            case INFINITY -> out.put("Infinity");
            case NEGATIVE_INFINITY -> out.put("-Infinity");
            case 0, NEGATIVE -> {
                if (sign == NEGATIVE) {
                    out.put('-');
                }
                whole(in.bytes(), start, groups, weight, out);
                fraction(in.bytes(), start, groups, weight, scale, out);
            }
            default -> SendReader.require(false, "a numeric has the sign %04x", sign);
        }
    }

    private static void whole(byte[] bytes, int start, int groups, int weight, TextBuffer out) {
        if (weight < 0) {
            out.put('0');
            return;
        }
        out.putNumber(group(bytes, start, groups, 0));
        for (int i = 1; i <= weight; i++) {
            out.putPadded(group(bytes, start, groups, i), GROUP_DIGITS);
        }
    }

    private static void fraction(byte[] bytes, int start, int groups, int weight, int scale, TextBuffer out) {
        if (scale == 0) {
            return;
        }
        out.put('.');
        int index = weight + 1;
        for (int digits = 0; digits < scale; digits += GROUP_DIGITS) {
            int group = group(bytes, start, groups, index++);
            int power = BASE / 10;
            for (int i = digits; i < Math.min(scale, digits + GROUP_DIGITS); i++) {
                out.put((char) ('0' + group / power % 10));
                power /= 10;
            }
        }
    }

    private static int group(byte[] bytes, int start, int groups, int index) {
        if (index < 0 || index >= groups) {
            return 0;
        }
        int at = start + 2 * index;
        int group = (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
        SendReader.require(group < BASE, "a numeric has the digit %d", group);
        return group;
    }
}
