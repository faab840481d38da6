package mooncake.query.exact;

import java.time.LocalDate;

/// Dates and times as Postgres prints them in the ISO style.
final class MomentPrinter {
    private static final long MINUTE = 60 * Timestamps.SECOND;
    private static final long HOUR = 60 * MINUTE;

    private MomentPrinter() {}

    static String date(int date) {
        if (!Timestamps.isFinite(date)) {
            return date > 0 ? "infinity" : "-infinity";
        }
        LocalDate day = LocalDate.ofEpochDay(date);
        StringBuilder text = new StringBuilder();
        appendDay(text, day);
        return text.append(era(day)).toString();
    }

    static String time(long time) {
        StringBuilder text = new StringBuilder();
        appendTime(text, time);
        return text.toString();
    }

    static String timestamp(long timestamp) {
        return timestamp(timestamp, "");
    }

    static String timestamptz(long timestamp, Zone zone) {
        if (!Timestamps.isFinite(timestamp)) {
            return timestamp(timestamp, "");
        }
        long offset = zone.offset(timestamp);
        return timestamp(timestamp + offset, offset(offset / Timestamps.SECOND));
    }

    private static String timestamp(long local, String zone) {
        if (!Timestamps.isFinite(local)) {
            return local > 0 ? "infinity" : "-infinity";
        }
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(local, Timestamps.DAY));
        StringBuilder text = new StringBuilder();
        appendDay(text, day);
        text.append(' ');
        appendTime(text, Math.floorMod(local, Timestamps.DAY));
        return text.append(zone).append(era(day)).toString();
    }

    /// Seconds ahead of UTC as `+hh[:mm[:ss]]`.
    static String offset(long seconds) {
        StringBuilder text = new StringBuilder();
        text.append(seconds < 0 ? '-' : '+');
        long size = Math.abs(seconds);
        appendTwo(text, size / 3600);
        if (size % 3600 != 0) {
            appendTwo(text.append(':'), size % 3600 / 60);
        }
        if (size % 60 != 0) {
            appendTwo(text.append(':'), size % 60);
        }
        return text.toString();
    }

    private static String era(LocalDate day) {
        return day.getYear() > 0 ? "" : " BC";
    }

    private static void appendDay(StringBuilder text, LocalDate day) {
        int year = day.getYear() > 0 ? day.getYear() : 1 - day.getYear();
        for (int limit = 1000; limit > year && limit > 1; limit /= 10) {
            text.append('0');
        }
        text.append(year).append('-');
        appendTwo(text, day.getMonthValue());
        appendTwo(text.append('-'), day.getDayOfMonth());
    }

    private static void appendTime(StringBuilder text, long time) {
        appendTwo(text, time / HOUR);
        appendTwo(text.append(':'), time % HOUR / MINUTE);
        appendTwo(text.append(':'), time % MINUTE / Timestamps.SECOND);
        long fraction = time % Timestamps.SECOND;
        if (fraction == 0) {
            return;
        }
        text.append('.');
        for (long unit = Timestamps.SECOND / 10; fraction > 0; unit /= 10) {
            text.append((char) ('0' + fraction / unit));
            fraction %= unit;
        }
    }

    private static void appendTwo(StringBuilder text, long number) {
        if (number < 10) {
            text.append('0');
        }
        text.append(number);
    }
}
