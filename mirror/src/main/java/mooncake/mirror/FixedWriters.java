package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import mooncake.mirror.ColumnWriter.Refusal;

/// Values of fixed width: big-endian in Postgres, little-endian here, and days and microseconds counted from 1970.
final class FixedWriters {
    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /// Days from 1970-01-01 to 2000-01-01, where Postgres counts from.
    private static final int EPOCH_DAYS = 10_957;

    private static final long DAY_MICROS = 86_400_000_000L;
    private static final long EPOCH_MICROS = EPOCH_DAYS * DAY_MICROS;

    private FixedWriters() {}

    static ColumnWriter bool(Refusal refusal) {
        return (bytes, offset, length, data, at, _) -> {
            refusal.length(length, 1);
            data.set(JAVA_BYTE, at, (byte) (bytes[offset] == 0 ? 0 : 1));
        };
    }

    static ColumnWriter bytes2(Refusal refusal) {
        return (bytes, offset, length, data, at, _) -> {
            refusal.length(length, 2);
            data.set(JAVA_SHORT, at, (short) SHORT.get(bytes, offset));
        };
    }

    static ColumnWriter bytes4(Refusal refusal) {
        return (bytes, offset, length, data, at, _) -> {
            refusal.length(length, 4);
            data.set(JAVA_INT, at, (int) INT.get(bytes, offset));
        };
    }

    static ColumnWriter bytes8(Refusal refusal) {
        return (bytes, offset, length, data, at, _) -> {
            refusal.length(length, 8);
            data.set(JAVA_LONG, at, (long) LONG.get(bytes, offset));
        };
    }

    /// Unsigned in 64 bits.
    static ColumnWriter unsigned4(Refusal refusal) {
        return (bytes, offset, length, data, at, _) -> {
            refusal.length(length, 4);
            data.set(JAVA_LONG, at, (int) INT.get(bytes, offset) & 0xffffffffL);
        };
    }

    static ColumnWriter date(Refusal refusal) {
        return (bytes, offset, length, data, at, _) -> {
            refusal.length(length, 4);
            int days = (int) INT.get(bytes, offset);
            data.set(JAVA_INT, at, epochDays(days, refusal));
        };
    }

    static int epochDays(int days, Refusal refusal) {
        if (days == Integer.MAX_VALUE) {
            return Integer.MAX_VALUE;
        }
        if (days == Integer.MIN_VALUE) {
            return -Integer.MAX_VALUE;
        }
        long moved = (long) days + EPOCH_DAYS;
        if (moved >= Integer.MAX_VALUE) {
            throw refusal.of(days + " days since 2000-01-01", "it is beyond the largest date");
        }
        return (int) moved;
    }

    static ColumnWriter time(Refusal refusal) {
        return (bytes, offset, length, data, at, _) -> {
            refusal.length(length, 8);
            long micros = (long) LONG.get(bytes, offset);
            if (micros < 0 || micros > DAY_MICROS) {
                throw refusal.of(micros + " microseconds", "it is no time of a day");
            }
            data.set(JAVA_LONG, at, micros);
        };
    }

    static ColumnWriter timestamp(Refusal refusal) {
        return (bytes, offset, length, data, at, _) -> {
            refusal.length(length, 8);
            data.set(JAVA_LONG, at, epochMicros((long) LONG.get(bytes, offset), refusal));
        };
    }

    static long epochMicros(long micros, Refusal refusal) {
        if (micros == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        if (micros == Long.MIN_VALUE) {
            return -Long.MAX_VALUE;
        }
        if (micros >= Long.MAX_VALUE - EPOCH_MICROS) {
            throw refusal.of(
                    micros + " microseconds since 2000-01-01", "the largest timestamp is 294247-01-10 04:00:54.775806");
        }
        return micros + EPOCH_MICROS;
    }

    /// DuckDB orders UUIDs as signed 128-bit integers, so the top bit is flipped.
    static ColumnWriter uuid(Refusal refusal) {
        return (bytes, offset, length, data, at, _) -> {
            refusal.length(length, 16);
            data.set(JAVA_LONG, at, (long) LONG.get(bytes, offset + 8));
            data.set(JAVA_LONG, at + 8, (long) LONG.get(bytes, offset) ^ Long.MIN_VALUE);
        };
    }
}
