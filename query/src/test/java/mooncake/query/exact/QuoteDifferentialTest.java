package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import mooncake.query.exact.Oracle.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class QuoteDifferentialTest {
    private static final List<String> PARTS = List.of(
            "%", "s", "I", "L", "-", "*", "$", "1", "2", "3", "0", "12", "x", "é", "%s", "%1$s", "%-5s", "%*s", " ");
    private static final List<String> VALUES =
            List.of("a", "", "A b", "é\"", "it's\\", "select", "7", "-6", " 3 ", "json");
    private static final long[] AMOUNTS = {
        0, 1, -1, 100, 5, -99, 123456789, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, 1L << 53, 99_999
    };
    private static final double[] FACTORS = {
        0, 1, -1, 0.5, 1.5, 0.01, 1e18, -1e18, 1e-18, Double.NaN, Double.POSITIVE_INFINITY, 3, 7.25
    };

    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();

    @Test
    void templates() {
        for (int i = 0; i < 8000; i++) {
            StringBuilder template = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                template.append(PARTS.get(random.nextInt(PARTS.size())));
            }
            List<@Nullable String> values = new ArrayList<>();
            StringBuilder sql = new StringBuilder("format(" + quoted(template.toString()));
            for (int length = random.nextInt(4); length > 0; length--) {
                String value = random.nextInt(5) == 0 ? null : VALUES.get(random.nextInt(VALUES.size()));
                values.add(value);
                sql.append(", ").append(value == null ? "NULL::text" : quoted(value) + "::text");
            }
            String call = sql.append(")").toString();
            cases.add(new Case(call, () -> new Format(template.toString(), values, ORACLE.major()).text()));
        }
        cases.check();
    }

    @Test
    void identifiers() {
        for (String word : ORACLE.column("SELECT word FROM pg_get_keywords()")) {
            cases.add(new Case("quote_ident('" + word + "')", () -> Identifiers.quoted(word, ORACLE.major())));
        }
        for (int i = 0; i < 2000; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = random.nextInt(5); length > 0; length--) {
                name.append("abz_019AZ\"é .$".charAt(random.nextInt(14)));
            }
            String text = name.toString();
            cases.add(new Case("quote_ident(" + quoted(text) + ")", () -> Identifiers.quoted(text, ORACLE.major())));
        }
        cases.check();
    }

    @Test
    void money() {
        for (int i = 0; i < 4000; i++) {
            long a = amount();
            long b = amount();
            double factor =
                    random.nextBoolean() ? FACTORS[random.nextInt(FACTORS.length)] : random.nextGaussian() * 100;
            String left = money(a);
            cases.add(new Case(left, () -> MoneyFunctions.text(a)));
            cases.add(new Case(left + " / '" + b + "'::bigint", () -> MoneyFunctions.text(divided(a, b))));
            cases.add(new Case(left + " / " + money(b), () -> FloatText.of(MoneyFunctions.ratio(a, b))));
            cases.add(new Case(
                    left + " * '" + factor + "'::float8",
                    () -> MoneyFunctions.text(MoneyFunctions.rounded(a * factor))));
            cases.add(new Case(
                    left + " / '" + factor + "'::float8", () -> MoneyFunctions.text(MoneyFunctions.divide(a, factor))));
            float single = (float) factor;
            cases.add(new Case(
                    left + " * '" + single + "'::real",
                    () -> MoneyFunctions.text(MoneyFunctions.rounded(a * (double) single))));
            cases.add(new Case(
                    left + " / '" + single + "'::real",
                    () -> MoneyFunctions.text(MoneyFunctions.divide(a, (double) single))));
            cases.add(new Case("'" + a + "'::bigint::money", () -> MoneyFunctions.text(MoneyFunctions.ofWhole(a))));
            String numeric =
                    new java.math.BigDecimal(java.math.BigInteger.valueOf(a), random.nextInt(6)).toPlainString();
            cases.add(new Case(
                    "'" + numeric + "'::numeric::money",
                    () -> MoneyFunctions.text(MoneyFunctions.ofNumeric(Numeric.parse(numeric)))));
        }
        cases.check();
    }

    /// As the function of SQL has it.
    private static long divided(long a, long b) {
        try {
            return MoneyFunctions.divide(a, b);
        } catch (ArithmeticException _) {
            throw Errors.outOfRange("money out of range");
        }
    }

    private long amount() {
        return random.nextInt(3) == 0
                ? AMOUNTS[random.nextInt(AMOUNTS.length)]
                : random.nextLong() >> random.nextInt(64);
    }

    /// An amount of cents, which as a text could be too long for a number of units.
    private static String money(long cents) {
        return "'" + MoneyFunctions.text(cents) + "'::money";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
