package mooncake.mirror.text;

/// Intervals in Postgres' own style, for example `1 year -2 mons +3 days -04:05:06.7`.
final class IntervalText {
    private IntervalText() {}

    /// @param infinite whether the extreme values are infinities, as they are from Postgres 17 on
    static void put(SendReader in, boolean infinite, TextBuffer out) {
        long micros = in.int64();
        int days = in.int32();
        int months = in.int32();
        if (infinite && micros == Long.MAX_VALUE && days == Integer.MAX_VALUE && months == Integer.MAX_VALUE) {
            out.put("infinity");
            return;
        }
        if (infinite && micros == Long.MIN_VALUE && days == Integer.MIN_VALUE && months == Integer.MIN_VALUE) {
            out.put("-infinity");
            return;
        }
        boolean negative = part(months / 12, "year", false, out, true);
        boolean first = months / 12 == 0;
        if (months % 12 != 0) {
            negative = part(months % 12, "mon", negative, out, first);
            first = false;
        }
        if (days != 0) {
            negative = part(days, "day", negative, out, first);
            first = false;
        }
        if (first || micros != 0) {
            if (!first) {
                out.put(' ');
            }
            if (micros < 0) {
                out.put('-');
            } else if (negative) {
                out.put('+');
            }
            clock(micros, out);
        }
    }

    /// Writes a part that is not zero; whether the last part was negative.
    private static boolean part(int value, String unit, boolean negative, TextBuffer out, boolean first) {
        if (value == 0) {
            return negative;
        }
        if (!first) {
            out.put(' ');
        }
        if (negative && value > 0) {
            out.put('+');
        }
        out.putNumber(value);
        out.put(' ');
        out.put(unit);
        if (value != 1) {
            out.put('s');
        }
        return value < 0;
    }

    /// The most negative span has no positive counterpart.
    private static void clock(long micros, TextBuffer out) {
        if (micros == Long.MIN_VALUE) {
            out.put("2562047788:00:54.775808");
        } else {
            DateTimeText.clock(Math.abs(micros), out);
        }
    }
}
