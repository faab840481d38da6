package mooncake.query.encode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import mooncake.duckdb.DuckType;
import mooncake.duckdb.DuckVector;
import mooncake.model.Check;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Encoders of values with a fixed width.
final class FixedEncoders {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfLong BIG_ENDIAN = LONG.withOrder(ByteOrder.BIG_ENDIAN);

    /// Days and microseconds between the epochs of 1970 and 2000.
    private static final int EPOCH_DAYS = 10_957;

    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private FixedEncoders() {}

    /// Puts one value at a byte offset of the column's data.
    interface Put {
        void put(DuckVector vector, int row, MemorySegment out, long at);
    }

    static ColumnEncoder copy(int width) {
        return (vector, from, count, out, firstRow) -> {
            long at = out.appendRows(count);
            MemorySegment.copy(vector.data(), (long) from * width, out.fixed(), at, (long) count * width);
            ColumnEncoder.markNulls(vector, from, count, out, firstRow);
        };
    }

    static ColumnEncoder shorts(DuckType type) {
        return each(2, (vector, row, out, at) -> {
            long value = integer(vector, type, row);
            require(value == (short) value, "smallint");
            out.set(SHORT, at, (short) value);
        });
    }

    static ColumnEncoder ints(DuckType type) {
        return type.id() == DuckType.Id.INTEGER
                ? copy(4)
                : each(4, (vector, row, out, at) -> {
                    long value = integer(vector, type, row);
                    require(value == (int) value, "integer");
                    out.set(INT, at, (int) value);
                });
    }

    /// Unsigned 32-bit numbers.
    static ColumnEncoder references(DuckType type) {
        return each(4, (vector, row, out, at) -> {
            long value = integer(vector, type, row);
            require(value == (value & 0xffffffffL), "oid");
            out.set(INT, at, (int) value);
        });
    }

    static ColumnEncoder longs(DuckType type) {
        return type.id() == DuckType.Id.BIGINT
                ? copy(8)
                : each(8, (vector, row, out, at) -> out.set(LONG, at, integer(vector, type, row)));
    }

    static ColumnEncoder floats(DuckType type) {
        return switch (type.id()) {
            case FLOAT -> copy(4);
            default -> throw unexpected(type, "real");
        };
    }

    static ColumnEncoder doubles(DuckType type) {
        return switch (type.id()) {
            case DOUBLE -> copy(8);
            case FLOAT ->
                each(8, (vector, row, out, at) -> out.set(LONG, at, Double.doubleToRawLongBits(vector.getFloat(row))));
            default -> throw unexpected(type, "double precision");
        };
    }

    static ColumnEncoder dates(DuckType type) {
        Check.that(type.id() == DuckType.Id.DATE, "%s for a date", type);
        return each(4, (vector, row, out, at) -> out.set(INT, at, postgresDate(vector.getInt(row))));
    }

    static ColumnEncoder timestamps(DuckType type) {
        Check.that(
                type.id() == DuckType.Id.TIMESTAMP || type.id() == DuckType.Id.TIMESTAMP_TZ,
                "%s for a timestamp",
                type);
        return each(8, (vector, row, out, at) -> out.set(LONG, at, postgresTimestamp(vector.getLong(row))));
    }

    static ColumnEncoder uuids(DuckType type) {
        Check.that(type.id() == DuckType.Id.UUID, "%s for a uuid", type);
        return each(16, (vector, row, out, at) -> {
            out.set(BIG_ENDIAN, at, vector.getHigh(row) ^ Long.MIN_VALUE);
            out.set(BIG_ENDIAN, at + 8, vector.getLow(row));
        });
    }

    static int postgresDate(int days) {
        return switch (days) {
            case Integer.MAX_VALUE -> Integer.MAX_VALUE;
            case -Integer.MAX_VALUE -> Integer.MIN_VALUE;
            default -> Math.subtractExact(days, EPOCH_DAYS);
        };
    }

    static long postgresTimestamp(long micros) {
        if (micros == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        return micros == -Long.MAX_VALUE ? Long.MIN_VALUE : Math.subtractExact(micros, EPOCH_MICROS);
    }

    /// The value of any integer type; one that does not fit 64 bits is Postgres' `bigint out of range`.
    static long integer(DuckVector vector, DuckType type, int row) {
        return switch (type.id()) {
            case TINYINT -> vector.getByte(row);
            case SMALLINT -> vector.getShort(row);
            case INTEGER -> vector.getInt(row);
            case BIGINT -> vector.getLong(row);
            case UTINYINT -> Byte.toUnsignedInt(vector.getByte(row));
            case USMALLINT -> Short.toUnsignedInt(vector.getShort(row));
            case UINTEGER -> Integer.toUnsignedLong(vector.getInt(row));
            case UBIGINT -> {
                require(vector.getLong(row) >= 0, "bigint");
                yield vector.getLong(row);
            }
            case HUGEINT -> {
                long low = vector.getLow(row);
                require(vector.getHigh(row) == low >> 63, "bigint");
                yield low;
            }
            default -> throw unexpected(type, "integer");
        };
    }

    static MooncakeException unexpected(DuckType type, String wanted) {
        return new MooncakeException(
                ErrorCode.BROKEN_INVARIANT, "DuckDB delivers " + type + " where " + wanted + " is due");
    }

    private static void require(boolean fits, String type) {
        if (!fits) {
            throw new MooncakeException(ErrorCode.NUMERIC_OUT_OF_RANGE, type + " out of range");
        }
    }

    static ColumnEncoder each(int width, Put put) {
        return (vector, from, count, out, firstRow) -> {
            long at = out.appendRows(count);
            MemorySegment fixed = out.fixed();
            for (int i = 0; i < count; i++) {
                if (vector.isValid(from + i)) {
                    put.put(vector, from + i, fixed, at + (long) i * width);
                } else {
                    fixed.asSlice(at + (long) i * width, width).fill((byte) 0);
                }
            }
            ColumnEncoder.markNulls(vector, from, count, out, firstRow);
        };
    }
}
