package mooncake.mirror.text;

import java.time.LocalDate;

/// Dates and times in ISO form, counted from 2000-01-01.
final class DateTimeText {
    private static final int EPOCH_DAYS = 10_957;
    private static final long SECOND = 1_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final int ZONE_MAX = 24 * 3600;

    private DateTimeText() {}

    static void date(int days, TextBuffer out) {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            infinity(days > 0, out);
            return;
        }
        LocalDate date = LocalDate.ofEpochDay((long) days + EPOCH_DAYS);
        day(date, out);
        era(date, out);
    }

    /// @param zone what follows the time of day
    static void timestamp(long micros, String zone, TextBuffer out) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            infinity(micros > 0, out);
            return;
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(micros, DAY) + EPOCH_DAYS);
        day(date, out);
        out.put(' ');
        clock(Math.floorMod(micros, DAY), out);
        out.put(zone);
        era(date, out);
    }

    static void time(long micros, TextBuffer out) {
        SendReader.require(micros >= 0 && micros <= DAY, "a time of day of %d microseconds", micros);
        clock(micros, out);
    }

    static void timeWithZone(SendReader in, TextBuffer out) {
        time(in.int64(), out);
        int west = in.int32();
        SendReader.require(west > -ZONE_MAX && west < ZONE_MAX, "a time zone of %d seconds", west);
        int zone = Math.abs(west);
        out.put(west > 0 ? '-' : '+');
        out.putPadded(zone / 3600, 2);
        if (zone % 3600 != 0) {
            out.put(':');
            out.putPadded(zone / 60 % 60, 2);
        }
        if (zone % 60 != 0) {
            out.put(':');
            out.putPadded(zone % 60, 2);
        }
    }

    /// Hours, minutes and seconds of a span from 0.
    static void clock(long micros, TextBuffer out) {
        out.putPadded(micros / HOUR, 2);
        out.put(':');
        out.putPadded(micros / MINUTE % 60, 2);
        out.put(':');
        out.putPadded(micros / SECOND % 60, 2);
        long fraction = micros % SECOND;
        if (fraction != 0) {
            out.put('.');
            int width = 6;
            while (fraction % 10 == 0) {
                fraction /= 10;
                width--;
            }
            out.putPadded(fraction, width);
        }
    }

    private static void infinity(boolean positive, TextBuffer out) {
        out.put(positive ? "infinity" : "-infinity");
    }

    private static void day(LocalDate date, TextBuffer out) {
        int year = date.getYear();
        out.putPadded(year > 0 ? year : 1 - year, 4);
        out.put('-');
        out.putPadded(date.getMonthValue(), 2);
        out.put('-');
        out.putPadded(date.getDayOfMonth(), 2);
    }

    private static void era(LocalDate date, TextBuffer out) {
        if (date.getYear() <= 0) {
            out.put(" BC");
        }
    }
}
