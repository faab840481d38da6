package mooncake.query.exact;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import mooncake.query.exact.Oracle.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NumericDifferentialTest {
    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();
    private final RandomNumerics numerics = new RandomNumerics(random);

    @Test
    void arithmetic() {
        for (int i = 0; i < 2500; i++) {
            String a = numerics.next();
            String b = numerics.next();
            binary(a, "+", b, NumericMath::add);
            binary(a, "-", b, NumericMath::subtract);
            binary(a, "*", b, NumericMath::multiply);
            binary(a, "/", b, NumericMath::divide);
            binary(a, "%", b, NumericMath::mod);
            cases.add(new Case(literal(a) + "/" + literal(b), () -> quotient(a, b)));
        }
        cases.check();
    }

    @Test
    void rounding() {
        for (int i = 0; i < 1000; i++) {
            String a = numerics.next();
            unary("-", a, NumericMath::negate);
            unary("abs", a, NumericMath::abs);
            unary("ceil", a, NumericMath::ceil);
            unary("floor", a, NumericMath::floor);
            unary("sqrt", a, NumericMath::sqrt);
            int digits = random.nextInt(50) == 0 ? random.nextInt(20_000) - 10_000 : random.nextInt(40) - 20;
            formatted(a, "round(%s, " + digits + ")", value -> NumericMath.round(value, digits));
            formatted(a, "trunc(%s, " + digits + ")", value -> NumericMath.trunc(value, digits));
            int precision = 1 + random.nextInt(60);
            int scale = random.nextInt(80) - 20;
            int typmod = ((precision << 16) | (scale & 0x7ff)) + 4;
            formatted(a, "%s::numeric(" + precision + "," + scale + ")", value -> NumericMath.typmod(value, typmod));
        }
        cases.check();
    }

    @Test
    void comparison() {
        for (int i = 0; i < 3000; i++) {
            String a = numerics.next();
            String b = random.nextInt(4) == 0 ? withZeros(a) : numerics.next();
            cases.add(new Case("numeric_cmp(" + literal(a) + "," + literal(b) + ")", () -> {
                byte[] left = NumericKey.of(Numeric.parse(a));
                byte[] right = NumericKey.of(Numeric.parse(b));
                return Integer.toString(Integer.signum(java.util.Arrays.compareUnsigned(left, right)));
            }));
        }
        cases.check();
    }

    @Test
    void casts() {
        for (int i = 0; i < 1500; i++) {
            String a = numerics.next();
            cases.add(new Case(
                    literal(a) + "::int8",
                    () -> Long.toString(NumericCasts.toInteger(Numeric.parse(a), 64, "bigint"))));
            cases.add(new Case(
                    literal(a) + "::int4",
                    () -> Long.toString(NumericCasts.toInteger(Numeric.parse(a), 32, "integer"))));
            cases.add(new Case(
                    literal(a) + "::int2",
                    () -> Long.toString(NumericCasts.toInteger(Numeric.parse(a), 16, "smallint"))));
            cases.add(new Case(
                    "encode(float8send(" + literal(a) + "::float8), 'hex')",
                    () -> String.format(
                            Locale.ROOT, "%016x", Double.doubleToLongBits(NumericCasts.toDouble(Numeric.parse(a))))));
            cases.add(new Case(
                    "encode(float4send(" + literal(a) + "::float4), 'hex')",
                    () -> String.format(
                            Locale.ROOT, "%08x", Float.floatToIntBits(NumericCasts.toFloat(Numeric.parse(a))))));
            double d = Double.longBitsToDouble(random.nextLong());
            cases.add(new Case(
                    "'" + d + "'::float8::numeric",
                    () -> NumericCasts.ofDouble(d).text()));
            double near = random.nextInt(2_000_000) / 1000.0 * Math.pow(10, random.nextInt(20) - 10);
            cases.add(new Case(
                    "'" + near + "'::float8::numeric",
                    () -> NumericCasts.ofDouble(near).text()));
            double tie = (random.nextLong(1_000_000_000_000_000L) * 10 + 5) / Math.pow(10, random.nextInt(17));
            cases.add(new Case(
                    "'" + tie + "'::float8::numeric",
                    () -> NumericCasts.ofDouble(tie).text()));
            float floatTie = (random.nextInt(1_000_000) * 10 + 5) / (float) Math.pow(10, random.nextInt(7));
            cases.add(new Case(
                    "'" + floatTie + "'::float4::numeric",
                    () -> NumericCasts.ofFloat(floatTie).text()));
            float f = Float.intBitsToFloat(random.nextInt());
            cases.add(new Case(
                    "'" + f + "'::float4::numeric",
                    () -> NumericCasts.ofFloat(f).text()));
        }
        cases.check();
    }

    @Test
    void aggregates() {
        for (int i = 0; i < 600; i++) {
            List<String> values = new ArrayList<>();
            int count = 1 + random.nextInt(6);
            for (int j = 0; j < count; j++) {
                String value = numerics.next();
                values.add(
                        random.nextInt(3) == 0 && value.length() < 15 && !value.contains(".") ? value : shortNumber());
            }
            if (random.nextInt(10) == 0) {
                values.add(numerics.next());
            }
            aggregate("sum", values, () -> sum(values).text());
            aggregate("avg", values, () -> quotient(sum(values).text(), Integer.toString(values.size())));
            for (String name : List.of("var_samp", "var_pop", "stddev_samp", "stddev_pop")) {
                aggregate(name, values, () -> variance(name, values));
            }
        }
        cases.check();
    }

    private static @Nullable String variance(String name, List<String> values) {
        boolean sample = name.endsWith("samp");
        if (values.size() < (sample ? 2 : 1)) {
            return null;
        }
        List<String> squares = values.stream()
                .map(value -> {
                    Numeric numeric = Numeric.parse(value);
                    return NumericMath.multiply(numeric, numeric).text();
                })
                .toList();
        return NumericAggregates.variance(sum(values), sum(squares), values.size(), sample, name.startsWith("stddev"))
                .text();
    }

    private static Numeric sum(List<String> values) {
        byte[] texts = ExactFunction.ascii(String.join(" ", values));
        return NumericAggregates.sum(texts, texts.length);
    }

    private void aggregate(String name, List<String> values, java.util.function.Supplier<@Nullable String> ours) {
        String rows = String.join(
                ",", values.stream().map(value -> "(" + literal(value) + ")").toList());
        cases.add(new Case("(SELECT " + name + "(v) FROM (VALUES " + rows + ") t(v))", ours));
    }

    private String shortNumber() {
        return BigDecimal.valueOf(random.nextInt(2_000_000) - 1_000_000, random.nextInt(4))
                .toPlainString();
    }

    /// The way of [NumericFunctions] for short numbers.
    private static String quotient(String a, String b) {
        NumericReader x = new NumericReader();
        NumericReader y = new NumericReader();
        ShortQuotient quotient = new ShortQuotient();
        byte[] left = ExactFunction.ascii(a);
        byte[] right = ExactFunction.ascii(b);
        boolean done = x.readShort(left, 0, left.length)
                && y.readShort(right, 0, right.length)
                && y.unscaled() != 0
                && quotient.divide(x.unscaled(), x.scale(), y.unscaled(), y.scale());
        return done
                ? quotient.toString()
                : NumericMath.divide(Numeric.parse(a), Numeric.parse(b)).text();
    }

    private void binary(String a, String operator, String b, BinaryOperator<Numeric> ours) {
        cases.add(new Case(
                literal(a) + operator + literal(b),
                () -> ours.apply(Numeric.parse(a), Numeric.parse(b)).text()));
    }

    private void unary(String function, String a, UnaryOperator<Numeric> ours) {
        cases.add(new Case(
                function + "(" + literal(a) + ")",
                () -> ours.apply(Numeric.parse(a)).text()));
    }

    private void formatted(String a, String format, UnaryOperator<Numeric> ours) {
        cases.add(new Case(
                String.format(Locale.ROOT, format, literal(a)),
                () -> ours.apply(Numeric.parse(a)).text()));
    }

    private static String withZeros(String text) {
        return text.contains("y") || text.contains("N") ? text : text.contains(".") ? text + "00" : text + ".000";
    }

    private static String literal(String numeric) {
        return "'" + numeric + "'::numeric";
    }
}
