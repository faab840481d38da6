package mooncake.query.encode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The words before a numeric's digits: one in the short form, which holds weights of -64 to 63 and scales up to 63,
/// else two.
///
/// @param weight of the first base-10000 digit
/// @param scale decimal digits shown after the point
record NumericHeader(boolean negative, int weight, int scale) {
    private static final int SHORT_FORM = 0x8000;
    private static final int SHORT_NEGATIVE = 0x2000;
    private static final int SHORT_WEIGHT_SIGN = 0x0040;
    private static final int SHORT_WEIGHT_MASK = 0x003f;
    private static final int LONG_NEGATIVE = 0x4000;

    boolean isShort() {
        return scale <= 63 && weight >= -64 && weight <= 63;
    }

    int bytes() {
        return isShort() ? 2 : 4;
    }

    /// Writes it and returns where the digits go.
    long write(MemorySegment out, long at) {
        if (isShort()) {
            int word = SHORT_FORM
                    | (negative ? SHORT_NEGATIVE : 0)
                    | (scale << 7)
                    | (weight < 0 ? SHORT_WEIGHT_SIGN : 0)
                    | (weight & SHORT_WEIGHT_MASK);
            out.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) word);
            return at + 2;
        }
        out.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) ((negative ? LONG_NEGATIVE : 0) | scale));
        out.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2, (short) weight);
        return at + 4;
    }
}
