package mooncake.query.exact;

import static mooncake.query.exact.Rows.TEXT;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.LongBinaryOperator;
import mooncake.model.MooncakeException;

/// Amounts of money: numbers of cents, as the C locale has them.
final class MoneyFunctions {
    private static final String CENTS = "BIGINT";
    private static final String DOUBLE = "DOUBLE";
    private static final int SCALE = 2;

    /// The least float beyond a bigint.
    private static final double BEYOND = 0x1p63;

    private MoneyFunctions() {}

    /// Computes with an amount and a float.
    private interface WithFloat {
        long apply(long cents, double factor);
    }

    static List<ExactFunction> all() {
        return List.of(
                ofTwo("mc_money_add", Math::addExact),
                ofTwo("mc_money_subtract", Math::subtractExact),
                ofTwo("mc_money_mul", Math::multiplyExact),
                ofTwo("mc_money_div", MoneyFunctions::divide),
                withFloat("mc_money_mul_f8", (cents, factor) -> rounded(cents * factor)),
                withFloat("mc_money_div_f8", MoneyFunctions::divide),
                ExactFunction.ofRows(
                        "mc_money_ratio",
                        List.of(CENTS, CENTS),
                        DOUBLE,
                        (in, row, out) -> out.setDouble(row, ratio(in[0].getLong(row), in[1].getLong(row)))),
                ExactFunction.ofRows(
                        "mc_int_money",
                        List.of(CENTS),
                        CENTS,
                        (in, row, out) -> out.setLong(row, ofWhole(in[0].getLong(row)))),
                Rows.text(
                        "mc_money_num",
                        List.of(CENTS),
                        (in, row) ->
                                BigDecimal.valueOf(in[0].getLong(row), SCALE).toPlainString()),
                ExactFunction.ofRows(
                        "mc_num_money",
                        List.of(TEXT),
                        CENTS,
                        (in, row, out) -> out.setLong(row, ofNumeric(Numeric.parse(in[0].getString(row))))),
                Rows.text("mc_money_text", List.of(CENTS), (in, row) -> text(in[0].getLong(row))));
    }

    private static ExactFunction ofTwo(String name, LongBinaryOperator operator) {
        return ExactFunction.ofRows(name, List.of(CENTS, CENTS), CENTS, (in, row, out) -> {
            try {
                out.setLong(row, operator.applyAsLong(in[0].getLong(row), in[1].getLong(row)));
            } catch (ArithmeticException _) {
                throw outOfRange();
            }
        });
    }

    private static ExactFunction withFloat(String name, WithFloat operator) {
        return ExactFunction.ofRows(
                name,
                List.of(CENTS, DOUBLE),
                CENTS,
                (in, row, out) -> out.setLong(row, operator.apply(in[0].getLong(row), in[1].getDouble(row))));
    }

    static long divide(long cents, long divisor) {
        if (divisor == 0) {
            throw Errors.divisionByZero();
        }
        return Math.divideExact(cents, divisor);
    }

    static long divide(long cents, double divisor) {
        if (divisor == 0) {
            throw Errors.divisionByZero();
        }
        return rounded(cents / divisor);
    }

    static long rounded(double cents) {
        double whole = Math.rint(cents);
        if (!(whole >= -BEYOND && whole < BEYOND)) {
            throw outOfRange();
        }
        return (long) whole;
    }

    static double ratio(long cents, long divisor) {
        if (divisor == 0) {
            throw Errors.divisionByZero();
        }
        return (double) cents / divisor;
    }

    static long ofWhole(long units) {
        try {
            return Math.multiplyExact(units, 100L);
        } catch (ArithmeticException _) {
            throw Errors.outOfRange("bigint out of range");
        }
    }

    static long ofNumeric(Numeric value) {
        Numeric cents = value instanceof Numeric.Finite(BigDecimal amount)
                ? new Numeric.Finite(amount.scaleByPowerOfTen(SCALE))
                : value;
        return NumericCasts.toInteger(cents, Long.SIZE, "bigint");
    }

    /// As Postgres prints it.
    static String text(long cents) {
        String digits = BigDecimal.valueOf(cents).abs().toPlainString();
        String padded = "0".repeat(Math.max(0, SCALE + 1 - digits.length())) + digits;
        int whole = padded.length() - SCALE;
        StringBuilder text = new StringBuilder(cents < 0 ? "-$" : "$");
        for (int i = 0; i < whole; i++) {
            text.append(i > 0 && (whole - i) % 3 == 0 ? "," : "").append(padded.charAt(i));
        }
        return text.append('.').append(padded, whole, padded.length()).toString();
    }

    private static MooncakeException outOfRange() {
        return Errors.outOfRange("money out of range");
    }
}
