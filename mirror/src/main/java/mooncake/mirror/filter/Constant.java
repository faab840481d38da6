package mooncake.mirror.filter;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A constant that a column's values, in Postgres' binary send format, are compared with.
sealed interface Constant {
    /// How the value compares with the constant: negative, zero or positive.
    int compare(ByteBuffer value);

    /// An integer; the value has 2, 4 or 8 bytes.
    record Whole(long number) implements Constant {
        @Override
        public int compare(ByteBuffer value) {
            return Long.compare(integer(value), number);
        }
    }

    /// A decimal, finite or not; the value is an integer, or a numeric if `numeric`.
    record Decimal(DecimalValue number, boolean numeric) implements Constant {
        @Override
        public int compare(ByteBuffer value) {
            DecimalValue left =
                    numeric ? DecimalValue.read(value) : DecimalValue.of(BigDecimal.valueOf(integer(value)));
            return left.compareTo(number);
        }
    }

    /// A float; the value has 4 or 8 bytes. All NaN are one and greater than all else, and -0 is 0.
    record Real(double number) implements Constant {
        @Override
        public int compare(ByteBuffer value) {
            double left = value.remaining() == 4 ? value.getFloat() : value.getDouble();
            return Double.compare(left == 0 ? 0 : left, number == 0 ? 0 : number);
        }
    }

    /// Days or microseconds since 2000; the value has 4 or 8 bytes.
    record Instant(long units) implements Constant {
        @Override
        public int compare(ByteBuffer value) {
            return Long.compare(integer(value), units);
        }
    }

    /// A boolean; the value is one byte.
    record Flag(boolean value) implements Constant {
        @Override
        public int compare(ByteBuffer left) {
            return Boolean.compare(left.get() != 0, value);
        }
    }

    /// Text, which is only compared for equality, or a UUID, whose order is that of its bytes.
    final class Bytes implements Constant {
        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public int compare(ByteBuffer value) {
            byte[] left = new byte[value.remaining()];
            value.get(left);
            return Arrays.compareUnsigned(left, bytes);
        }
    }

    private static long integer(ByteBuffer value) {
        return switch (value.remaining()) {
            case 2 -> value.getShort();
            case 4 -> value.getInt();
            default -> value.getLong();
        };
    }

    /// A numeric: finite, or one of those beyond, in Postgres' order.
    record DecimalValue(int beyond, BigDecimal finite) implements Comparable<DecimalValue> {
        static final DecimalValue NAN = new DecimalValue(2, BigDecimal.ZERO);
        static final DecimalValue INFINITY = new DecimalValue(1, BigDecimal.ZERO);
        static final DecimalValue NEGATIVE_INFINITY = new DecimalValue(-1, BigDecimal.ZERO);

        static DecimalValue of(BigDecimal finite) {
            return new DecimalValue(0, finite);
        }

        /// Reads Postgres' base-10000 digits.
        static DecimalValue read(ByteBuffer value) {
            int digits = value.getShort();
            int weight = value.getShort();
            int sign = value.getShort() & 0xffff;
            value.getShort();
            switch (sign) {
                case 0xc000 -> {
                    return NAN;
                }
                case 0xd000 -> {
                    return INFINITY;
                }
                case 0xf000 -> {
                    return NEGATIVE_INFINITY;
                }
                default -> {}
            }
            BigInteger unscaled = BigInteger.ZERO;
            for (int i = 0; i < digits; i++) {
                unscaled = unscaled.multiply(BigInteger.valueOf(10_000)).add(BigInteger.valueOf(value.getShort()));
            }
            BigDecimal finite = new BigDecimal(unscaled).scaleByPowerOfTen(4 * (weight - digits + 1));
            return of(sign == 0x4000 ? finite.negate() : finite);
        }

        @Override
        public int compareTo(DecimalValue other) {
            int compared = Integer.compare(beyond, other.beyond);
            return compared != 0 ? compared : finite.compareTo(other.finite);
        }
    }
}
