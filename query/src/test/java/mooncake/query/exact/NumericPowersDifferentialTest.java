package mooncake.query.exact;

import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import mooncake.query.exact.Oracle.Case;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Exponentials, logarithms, powers and divisors of numerics made at random.
@Timeout(120)
class NumericPowersDifferentialTest {
    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();
    private final RandomNumerics numerics = new RandomNumerics(random);

    @Test
    void exponentialsAndLogarithms() {
        for (int i = 0; i < 1200; i++) {
            String a = random.nextInt(3) == 0 ? numerics.next() : small();
            String b = random.nextInt(3) == 0 ? numerics.next() : small();
            unary("exp", a, NumericPowers::exp);
            unary("ln", a, NumericPowers::ln);
            binary("log", a, b, NumericPowers::log);
        }
        cases.check();
    }

    @Test
    void powers() {
        int major = ORACLE.major();
        for (int i = 0; i < 2000; i++) {
            String a = random.nextInt(3) == 0 ? numerics.next() : small();
            String b = switch (random.nextInt(4)) {
                case 0 -> numerics.next();
                case 1 -> Integer.toString(random.nextInt(200) - 100);
                case 2 -> Integer.toString(random.nextInt(6) - 3) + (random.nextBoolean() ? "" : ".00");
                default -> small();
            };
            binary("power", a, b, (x, y) -> NumericPowers.power(x, y, major));
        }
        cases.check();
    }

    @Test
    void divisorsAndScales() {
        int major = ORACLE.major();
        for (int i = 0; i < 2000; i++) {
            String a = numerics.next();
            String b = random.nextInt(4) == 0 ? small() : numerics.next();
            binary("div", a, b, NumericTheory::div);
            binary("gcd", a, b, NumericTheory::gcd);
            binary("lcm", a, b, NumericTheory::lcm);
            binary("numeric_cmp", a, b, (x, y) -> Numeric.parse(Integer.toString(NumericTheory.compare(x, y))));
            unary("trim_scale", a, NumericTheory::trimScale);
            unary("sign", a, NumericTheory::sign);
            String operand = small();
            int count = random.nextInt(12);
            cases.add(new Case(
                    "width_bucket(" + literal(operand) + ", " + literal(a) + ", " + literal(b) + ", " + count + ")",
                    () -> Integer.toString(NumericTheory.widthBucket(
                            Numeric.parse(operand), Numeric.parse(a), Numeric.parse(b), count, major))));
        }
        cases.check();
    }

    private void unary(String function, String a, UnaryOperator<Numeric> ours) {
        cases.add(new Case(
                function + "(" + literal(a) + ")",
                () -> ours.apply(Numeric.parse(a)).text()));
    }

    private void binary(String function, String a, String b, BinaryOperator<Numeric> ours) {
        cases.add(new Case(
                function + "(" + literal(a) + ", " + literal(b) + ")",
                () -> ours.apply(Numeric.parse(a), Numeric.parse(b)).text()));
    }

    private static String literal(String a) {
        return "'" + a + "'::numeric";
    }

    /// A number that functions do not leave the range of at once.
    private String small() {
        int scale = random.nextInt(12);
        String digits = Long.toString(random.nextLong((long) Math.pow(10, random.nextInt(1, scale + 4))));
        String padded = "0".repeat(Math.max(0, scale + 1 - digits.length())) + digits;
        String whole = padded.substring(0, padded.length() - scale);
        String text = whole + (scale == 0 ? "" : "." + padded.substring(padded.length() - scale));
        return random.nextInt(6) == 0 && !text.matches("[0.]*") ? "-" + text : text;
    }
}
