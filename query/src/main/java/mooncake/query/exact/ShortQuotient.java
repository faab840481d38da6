package mooncake.query.exact;

import java.nio.charset.StandardCharsets;

/// The quotient of two numbers of few digits, written digit by digit without big numbers.
final class ShortQuotient {
    private static final int SIGNIFICANT_DIGITS_MIN = 16;
    private static final int TEXT_MAX = 128;
    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final byte[] text = new byte[TEXT_MAX];
    private int start;
    private int end;

    /// Delivers the text that [#divide] made.
    void put(TextOut out, int row) {
        out.put(row, text, start, end - start);
    }

    @Override
    public String toString() {
        return new String(text, start, end - start, StandardCharsets.US_ASCII);
    }

    /// Makes the text of a quotient; false when the numbers are not short enough. The divisor is not zero and neither
    /// number has more than [NumericReader#SHORT_DIGITS] digits or decimals.
    boolean divide(long a, int aScale, long b, int bScale) {
        int scale = scale(Math.abs(a), aScale, Math.abs(b), bScale);
        long dividend = Math.abs(a);
        long divisor = Math.abs(b);
        int shift = bScale - aScale;
        if (shift > 0) {
            if (dividend > Long.MAX_VALUE / POWERS[shift]) {
                return false;
            }
            dividend *= POWERS[shift];
        } else if (shift < 0) {
            if (divisor > Long.MAX_VALUE / POWERS[-shift]) {
                return false;
            }
            divisor *= POWERS[-shift];
        }
        if (divisor > Long.MAX_VALUE / 100 || scale > TEXT_MAX - 32) {
            return false;
        }
        write(dividend, divisor, scale, (a < 0) != (b < 0));
        return true;
    }

    private void write(long dividend, long divisor, int scale, boolean negative) {
        start = 24;
        long whole = dividend / divisor;
        long rest = dividend % divisor;
        int at = start;
        do {
            text[--at] = (byte) ('0' + whole % 10);
            whole /= 10;
        } while (whole != 0);
        end = start;
        start = at;
        if (scale > 0) {
            text[end++] = '.';
            fraction(rest, divisor, scale);
        } else {
            roundUp(rest, divisor);
        }
        if (negative && !isZero()) {
            text[--start] = '-';
        }
    }

    private void fraction(long firstRest, long divisor, int scale) {
        long rest = firstRest;
        int step = 1;
        while (step < 18 && divisor <= Long.MAX_VALUE / POWERS[step + 1]) {
            step++;
        }
        for (int left = scale; left > 0; ) {
            int count = Math.min(step, left);
            long scaled = rest * POWERS[count];
            long digits = scaled / divisor;
            rest = scaled % divisor;
            for (int i = count - 1; i >= 0; i--) {
                text[end + i] = (byte) ('0' + digits % 10);
                digits /= 10;
            }
            end += count;
            left -= count;
        }
        roundUp(rest, divisor);
    }

    /// Adds one to the last digit when the rest is at least half of the divisor.
    private void roundUp(long rest, long divisor) {
        if (rest < divisor - rest) {
            return;
        }
        int at = end - 1;
        while (at >= start) {
            if (text[at] == '.') {
                at--;
            } else if (text[at] == '9') {
                text[at--] = '0';
            } else {
                text[at]++;
                return;
            }
        }
        text[--start] = '1';
    }

    private boolean isZero() {
        for (int i = start; i < end; i++) {
            if (text[i] != '0' && text[i] != '.') {
                return false;
            }
        }
        return true;
    }

    /// As [NumericMath#quotientScale].
    private static int scale(long a, int aScale, long b, int bScale) {
        int aWeight = weight(a, aScale);
        int bWeight = weight(b, bScale);
        int weight = aWeight - bWeight;
        if (firstGroup(a, aScale, aWeight) <= firstGroup(b, bScale, bWeight)) {
            weight--;
        }
        return Math.max(Math.max(SIGNIFICANT_DIGITS_MIN - weight * 4, 0), Math.max(aScale, bScale));
    }

    private static int weight(long value, int scale) {
        if (value == 0) {
            return 0;
        }
        int digits = 1;
        while (digits < POWERS.length && value >= POWERS[digits]) {
            digits++;
        }
        return Math.floorDiv(digits - scale - 1, 4);
    }

    private static long firstGroup(long value, int scale, int weight) {
        int drop = weight * 4 + scale;
        return drop >= 0 ? value / POWERS[Math.min(drop, 18)] : value * POWERS[-drop];
    }
}
