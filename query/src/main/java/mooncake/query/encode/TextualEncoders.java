package mooncake.query.encode;

import java.lang.foreign.ValueLayout;
import java.time.LocalDate;
import java.time.LocalTime;
import mooncake.duckdb.DuckType;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Values of fixed width that a mirror keeps as text.
final class TextualEncoders {
    private static final long DAY_MICROS = 86_400_000_000L;
    private static final int EPOCH_DAYS = 10_957;

    private TextualEncoders() {}

    /// `"char"`: nothing is zero, bytes above 127 are a backslash and three octal digits.
    static ColumnEncoder singleBytes(DuckType type) {
        Check.that(type.id() == DuckType.Id.VARCHAR, "%s for a single byte", type);
        return FixedEncoders.each(
                1, (vector, row, out, at) -> out.set(ValueLayout.JAVA_BYTE, at, singleByte(vector.getString(row))));
    }

    private static byte singleByte(String text) {
        return switch (text.length()) {
            case 0 -> 0;
            case 1 -> (byte) text.charAt(0);
            case 4 -> (byte) Integer.parseInt(text.substring(1), 8);
            default -> throw unreadable(text);
        };
    }

    /// Timestamps beyond those that DuckDB has; with or without time zone, which is UTC.
    static ColumnEncoder timestamps() {
        return FixedEncoders.each(
                8,
                (vector, row, out, at) ->
                        out.set(ValueLayout.JAVA_LONG_UNALIGNED, at, postgresTimestamp(vector.getString(row))));
    }

    /// Microseconds since 2000-01-01 of a text like `2024-01-02 03:04:05.6+00 BC`.
    static long postgresTimestamp(String text) {
        if (text.equals("infinity") || text.equals("-infinity")) {
            return text.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        boolean before = text.endsWith(" BC");
        String moment = (before ? text.substring(0, text.length() - 3) : text).replace("+00", "");
        int day = moment.indexOf(' ');
        int month = moment.indexOf('-');
        if (month < 0 || day != month + 6) {
            throw unreadable(text);
        }
        int year = Integer.parseInt(moment.substring(0, month));
        LocalDate date = LocalDate.of(
                before ? 1 - year : year,
                Integer.parseInt(moment.substring(month + 1, month + 3)),
                Integer.parseInt(moment.substring(month + 4, day)));
        long micros = LocalTime.parse(moment.substring(day + 1)).toNanoOfDay() / 1_000;
        return Math.addExact(Math.multiplyExact(date.toEpochDay() - EPOCH_DAYS, DAY_MICROS), micros);
    }

    private static MooncakeException unreadable(String text) {
        return new MooncakeException(ErrorCode.BROKEN_INVARIANT, "a mirror holds the unreadable value " + text);
    }
}
