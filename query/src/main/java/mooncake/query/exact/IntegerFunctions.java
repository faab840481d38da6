package mooncake.query.exact;

import java.util.List;
import java.util.function.IntBinaryOperator;

/// `mc_i2_*`, `mc_i4_*` and `mc_i8_*`: functions of integers that DuckDB has otherwise or not at all.
final class IntegerFunctions {
    private static final String SMALLINT = "SMALLINT";
    private static final String INTEGER = "INTEGER";
    private static final String BIGINT = "BIGINT";

    private IntegerFunctions() {}

    /// What two numbers make.
    private interface LongOperator {
        long apply(long a, long b);
    }

    static List<ExactFunction> all() {
        return List.of(
                shorts("mc_i2_shl", (a, by) -> a << by),
                shorts("mc_i2_shr", (a, by) -> a >> by),
                ints("mc_i4_shl", (a, by) -> a << by),
                ints("mc_i4_shr", (a, by) -> a >> by),
                longs("mc_i8_shl", INTEGER, (a, by) -> a << by),
                longs("mc_i8_shr", INTEGER, (a, by) -> a >> by),
                ints("mc_i4_gcd", (a, b) -> toInt(gcd(a, b))),
                ints("mc_i4_lcm", IntegerFunctions::lcm),
                longs("mc_i8_gcd", BIGINT, (a, b) -> toPositive(gcd(a, b))),
                longs("mc_i8_lcm", BIGINT, IntegerFunctions::lcm),
                ExactFunction.ofRows(
                        "mc_i4_hex",
                        List.of(INTEGER),
                        "VARCHAR",
                        (in, row, out) -> out.setString(row, Integer.toHexString(in[0].getInt(row)))),
                ExactFunction.ofRows(
                        "mc_i8_hex",
                        List.of(BIGINT),
                        "VARCHAR",
                        (in, row, out) -> out.setString(row, Long.toHexString(in[0].getLong(row)))));
    }

    /// Never negative but for the one number that has no positive counterpart.
    static long gcd(long a, long b) {
        long x = a;
        long y = b;
        while (y != 0) {
            long rest = y == -1 ? 0 : x % y;
            x = y;
            y = rest;
        }
        return x < 0 ? -x : x;
    }

    private static int lcm(int a, int b) {
        return a == 0 || b == 0 ? 0 : toInt(Math.abs((long) a / gcd(a, b) * b));
    }

    private static long lcm(long a, long b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        try {
            return Math.absExact(Math.multiplyExact(a / toPositive(gcd(a, b)), b));
        } catch (ArithmeticException _) {
            throw Errors.outOfRange("bigint out of range");
        }
    }

    private static int toInt(long value) {
        if (value != (int) value) {
            throw Errors.outOfRange("integer out of range");
        }
        return (int) value;
    }

    private static long toPositive(long value) {
        if (value < 0) {
            throw Errors.outOfRange("bigint out of range");
        }
        return value;
    }

    private static ExactFunction shorts(String name, IntBinaryOperator operator) {
        return ExactFunction.ofRows(
                name,
                List.of(SMALLINT, INTEGER),
                SMALLINT,
                (in, row, out) ->
                        out.setShort(row, (short) operator.applyAsInt(in[0].getShort(row), in[1].getInt(row))));
    }

    private static ExactFunction ints(String name, IntBinaryOperator operator) {
        return ExactFunction.ofRows(
                name,
                List.of(INTEGER, INTEGER),
                INTEGER,
                (in, row, out) -> out.setInt(row, operator.applyAsInt(in[0].getInt(row), in[1].getInt(row))));
    }

    private static ExactFunction longs(String name, String second, LongOperator operator) {
        boolean wide = second.equals(BIGINT);
        return ExactFunction.ofRows(
                name,
                List.of(BIGINT, second),
                BIGINT,
                (in, row, out) -> out.setLong(
                        row, operator.apply(in[0].getLong(row), wide ? in[1].getLong(row) : in[1].getInt(row))));
    }
}
