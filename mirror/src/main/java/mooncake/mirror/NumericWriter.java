package mooncake.mirror;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import mooncake.model.ColumnType;

/// `numeric(p, s)` from Postgres' base-10000 digits to the unscaled integer, in 64 bits up to 18 digits and in 128
/// bits beyond.
final class NumericWriter {
    private static final int HEADER_BYTES = 8;
    private static final int POSITIVE = 0x0000;
    private static final int NEGATIVE = 0x4000;
    private static final int NAN = 0xc000;
    private static final int INFINITY = 0xd000;
    private static final int NEGATIVE_INFINITY = 0xf000;
    private static final int BASE = 10_000;
    private static final int[] POWERS = {1, 10, 100, 1_000, 10_000};

    private final ColumnType.Numeric type;
    private final ColumnWriter.Refusal refusal;

    /// Groups of four digits behind the point, the last of which may be cut to [#lastPower] decimal digits.
    private final int fractionGroups;

    private final int lastPower;

    private NumericWriter(ColumnType.Numeric type, ColumnWriter.Refusal refusal) {
        this.type = type;
        this.refusal = refusal;
        this.fractionGroups = (type.scale() + 3) / 4;
        this.lastPower = POWERS[type.scale() - Math.max(0, fractionGroups - 1) * 4];
    }

    static ColumnWriter of(ColumnType.Numeric type, ColumnWriter.Refusal refusal) {
        NumericWriter writer = new NumericWriter(type, refusal);
        return switch (type.storage()) {
            case INT16 ->
                (bytes, offset, length, data, at, _) ->
                        data.set(JAVA_SHORT, at, (short) writer.narrow(bytes, offset, length));
            case INT32 ->
                (bytes, offset, length, data, at, _) ->
                        data.set(JAVA_INT, at, (int) writer.narrow(bytes, offset, length));
            case INT64 ->
                (bytes, offset, length, data, at, _) -> data.set(JAVA_LONG, at, writer.narrow(bytes, offset, length));
            case INT128 -> {
                BigInteger limit = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
                Wide wide = writer.new Wide(limit);
                yield (bytes, offset, length, data, at, _) -> wide.write(bytes, offset, length, data, at);
            }
            case BOOL, FLOAT, DOUBLE, STRING -> throw new IllegalStateException("numeric in " + type.storage());
        };
    }

    private long narrow(byte[] bytes, int offset, int length) {
        int digits = header(bytes, offset, length);
        int weight = (short) FixedWriters.SHORT.get(bytes, offset + 2);
        long limit = LIMITS[type.precision()];
        long value = 0;
        int last = lastGroup(bytes, offset, digits, weight);
        for (int group = 0; group <= last; group++) {
            int digit = group < digits ? digit(bytes, offset, group) : 0;
            int power = BASE;
            if (weight - group == -fractionGroups && fractionGroups > 0) {
                power = lastPower;
                digit = cut(bytes, offset, digit);
            }
            if (digit > limit || value > (limit - digit) / power) {
                throw refusal.of(text(bytes, offset), tooLarge());
            }
            value = value * power + digit;
        }
        return isNegative(bytes, offset) ? -value : value;
    }

    /// Checks shape and sign and gives the number of digit groups.
    private int header(byte[] bytes, int offset, int length) {
        if (length < HEADER_BYTES) {
            throw refusal.malformed("numeric of " + length + " bytes");
        }
        int digits = (short) FixedWriters.SHORT.get(bytes, offset);
        int sign = sign(bytes, offset);
        if (sign == NAN || sign == INFINITY || sign == NEGATIVE_INFINITY) {
            throw refusal.of(text(bytes, offset), "a decimal holds finite numbers only");
        }
        if (digits < 0 || length != HEADER_BYTES + 2 * digits || (sign != POSITIVE && sign != NEGATIVE)) {
            throw refusal.malformed("numeric of " + length + " bytes with " + digits + " digit groups");
        }
        return digits;
    }

    /// The group, counted from the first, that holds the last digit of the scale; negative when the value is zero.
    private int lastGroup(byte[] bytes, int offset, int digits, int weight) {
        int last = weight + fractionGroups;
        for (int group = Math.max(0, last + 1); group < digits; group++) {
            if (digit(bytes, offset, group) != 0) {
                throw refusal.of(text(bytes, offset), tooFine());
            }
        }
        if (digits == 0) {
            return -1;
        }
        if (digit(bytes, offset, 0) != 0 && weight >= (ColumnType.Numeric.MAX_PRECISION + 3) / 4) {
            throw refusal.of(text(bytes, offset), tooLarge());
        }
        return last;
    }

    private int digit(byte[] bytes, int offset, int group) {
        int digit = (short) FixedWriters.SHORT.get(bytes, offset + HEADER_BYTES + 2 * group);
        if (digit < 0 || digit >= BASE) {
            throw refusal.malformed("numeric digit " + digit);
        }
        return digit;
    }

    /// The leading digits of the last group that belong to the scale.
    private int cut(byte[] bytes, int offset, int digit) {
        int rest = BASE / lastPower;
        if (digit % rest != 0) {
            throw refusal.of(text(bytes, offset), tooFine());
        }
        return digit / rest;
    }

    private static int sign(byte[] bytes, int offset) {
        return (short) FixedWriters.SHORT.get(bytes, offset + 4) & 0xffff;
    }

    private static boolean isNegative(byte[] bytes, int offset) {
        return sign(bytes, offset) == NEGATIVE;
    }

    private String tooLarge() {
        return "it has more than " + type.precision() + " digits";
    }

    private String tooFine() {
        return "it has more than " + type.scale() + " digits behind the point";
    }

    /// The value as Postgres prints it, for messages.
    private static String text(byte[] bytes, int offset) {
        return switch (sign(bytes, offset)) {
            case NAN -> "NaN";
            case INFINITY -> "Infinity";
            case NEGATIVE_INFINITY -> "-Infinity";
            default -> decimal(bytes, offset);
        };
    }

    private static String decimal(byte[] bytes, int offset) {
        int digits = (short) FixedWriters.SHORT.get(bytes, offset);
        int weight = (short) FixedWriters.SHORT.get(bytes, offset + 2);
        BigInteger unscaled = BigInteger.ZERO;
        for (int group = 0; group < digits; group++) {
            int digit = (short) FixedWriters.SHORT.get(bytes, offset + HEADER_BYTES + 2 * group);
            unscaled = unscaled.multiply(BigInteger.valueOf(BASE)).add(BigInteger.valueOf(digit));
        }
        BigDecimal value = new BigDecimal(unscaled).scaleByPowerOfTen(4 * (weight - digits + 1));
        return (isNegative(bytes, offset) ? value.negate() : value)
                .stripTrailingZeros()
                .toPlainString();
    }

    /// The largest unscaled value of each precision that fits 64 bits.
    private static final long[] LIMITS = limits();

    private static long[] limits() {
        long[] limits = new long[19];
        long power = 1;
        for (int precision = 1; precision < limits.length; precision++) {
            power *= 10;
            limits[precision] = power - 1;
        }
        return limits;
    }

    /// Precision 19 to 38: an unsigned 128-bit accumulator that is checked before every step.
    private final class Wide {
        private final long limitHigh;
        private final long limitLow;
        private final long stepHigh;
        private final long stepLow;
        private final long lastStepHigh;
        private final long lastStepLow;

        Wide(BigInteger limit) {
            BigInteger step = limit.divide(BigInteger.valueOf(BASE));
            BigInteger lastStep = limit.divide(BigInteger.valueOf(lastPower));
            this.limitHigh = limit.shiftRight(64).longValue();
            this.limitLow = limit.longValue();
            this.stepHigh = step.shiftRight(64).longValue();
            this.stepLow = step.longValue();
            this.lastStepHigh = lastStep.shiftRight(64).longValue();
            this.lastStepLow = lastStep.longValue();
        }

        void write(byte[] bytes, int offset, int length, MemorySegment data, long at) {
            int digits = header(bytes, offset, length);
            int weight = (short) FixedWriters.SHORT.get(bytes, offset + 2);
            long high = 0;
            long low = 0;
            int last = lastGroup(bytes, offset, digits, weight);
            for (int group = 0; group <= last; group++) {
                int digit = group < digits ? digit(bytes, offset, group) : 0;
                int power = BASE;
                boolean tooLarge;
                if (weight - group == -fractionGroups && fractionGroups > 0) {
                    power = lastPower;
                    digit = cut(bytes, offset, digit);
                    tooLarge = exceeds(high, low, lastStepHigh, lastStepLow);
                } else {
                    tooLarge = exceeds(high, low, stepHigh, stepLow);
                }
                if (tooLarge) {
                    throw refusal.of(text(bytes, offset), tooLarge());
                }
                high = high * power + Math.unsignedMultiplyHigh(low, power);
                low *= power;
                low += digit;
                if (Long.compareUnsigned(low, digit) < 0) {
                    high++;
                }
                if (exceeds(high, low, limitHigh, limitLow)) {
                    throw refusal.of(text(bytes, offset), tooLarge());
                }
            }
            if (isNegative(bytes, offset)) {
                low = -low;
                high = ~high + (low == 0 ? 1 : 0);
            }
            data.set(JAVA_LONG, at, low);
            data.set(JAVA_LONG, at + 8, high);
        }

        private static boolean exceeds(long high, long low, long otherHigh, long otherLow) {
            int compared = Long.compareUnsigned(high, otherHigh);
            return compared > 0 || (compared == 0 && Long.compareUnsigned(low, otherLow) > 0);
        }
    }
}
