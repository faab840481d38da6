package mooncake.query.exact;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Supplier;
import mooncake.query.exact.Oracle.Case;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TextDifferentialTest {
    private static final int[] NUMBERS = {0, 1, -1, 2, 3, 7, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1
    };
    private static final double[] FLOATS = {
        0,
        -0.0,
        1,
        -1,
        1e300,
        -1e300,
        1e-300,
        Double.MIN_VALUE,
        1e38,
        1e-40,
        Double.NaN,
        1 / 0.0,
        -1 / 0.0,
        2.5,
        3.5,
        1e308
    };

    @AutoClose
    private static final Oracle ORACLE = new Oracle();

    private final Cases cases = new Cases(ORACLE);
    private final Random random = cases.random();

    @Test
    void pieces() {
        for (int i = 0; i < 1500; i++) {
            String text = text("abé€😀 ", 8);
            byte[] bytes = bytes(text);
            int a = number();
            int b = number();
            textCase("reverse(" + quote(text) + ")", () -> Texts.reverse(bytes));
            textCase("left(" + quote(text) + ", " + a + ")", () -> Texts.left(bytes, a));
            int last = Math.max(a, -Integer.MAX_VALUE); // Below that, Postgres' answer depends on its compiler.
            textCase("right(" + quote(text) + ", " + last + ")", () -> Texts.right(bytes, last));
            textCase("substring(" + quote(text) + ", " + a + ")", () -> Texts.substring(bytes, a));
            textCase("substring(" + quote(text) + ", " + a + ", " + b + ")", () -> Texts.substring(bytes, a, b));
            int times = random.nextInt(7) - 2;
            textCase("repeat(" + quote(text) + ", " + times + ")", () -> Texts.repeat(bytes, times));
            int length = 1 + random.nextInt(9);
            textCase(
                    "'<' || bpcharout(" + quote(text) + "::char(" + length + "))::text",
                    () -> bytes("<" + string(Texts.toChar(bytes, length, true))));
            textCase(
                    "bpcharout(bpchar(" + quote(text) + "::bpchar, " + (length + 4) + ", false))::text",
                    () -> Texts.toChar(bytes, length, false));
            textCase(quote(text) + "::varchar(" + length + ")", () -> Texts.toVarchar(bytes, length, true));
            textCase(
                    "pg_catalog.varchar(" + quote(text) + "::varchar, " + (length + 4) + ", false)",
                    () -> Texts.toVarchar(bytes, length, false));
        }
        cases.check();
    }

    @Test
    void hugeRepeatIsRefused() {
        textCase("repeat('abc', 500000000)", () -> Texts.repeat(bytes("abc"), 500_000_000));
        textCase("repeat('', 1000000)", () -> Texts.repeat(bytes(""), 1_000_000));
        cases.check();
    }

    @Test
    void like() {
        for (int i = 0; i < 8000; i++) {
            String text = text("abé", 7);
            String pattern = text("abé%%_\\", 6);
            cases.add(new Case(
                    quote(text) + " LIKE " + quote(pattern),
                    () -> LikePattern.matches(bytes(text), bytes(pattern)) ? "true" : "false"));
        }
        cases.check();
    }

    @Test
    void floats() {
        for (double a : FLOATS) {
            for (double b : FLOATS) {
                doubleCase(a, "+", b, () -> Floats.add(a, b));
                doubleCase(a, "-", b, () -> Floats.subtract(a, b));
                doubleCase(a, "*", b, () -> Floats.multiply(a, b));
                doubleCase(a, "/", b, () -> Floats.divide(a, b));
                float x = (float) a;
                float y = (float) b;
                floatCase(x, "+", y, () -> Floats.add(x, y));
                floatCase(x, "-", y, () -> Floats.subtract(x, y));
                floatCase(x, "*", y, () -> Floats.multiply(x, y));
                floatCase(x, "/", y, () -> Floats.divide(x, y));
            }
            String literal = "'" + a + "'::float8";
            cases.add(new Case(hex(4, literal + "::float4"), () -> hex(Floats.toFloat(a))));
            cases.add(new Case(hex(8, "sqrt(" + literal + ")"), () -> hex(Floats.sqrt(a))));
            cases.add(new Case(hex(8, "round(" + literal + ")"), () -> hex(Math.rint(a))));
        }
        cases.check();
    }

    private void doubleCase(double a, String operator, double b, Supplier<Double> ours) {
        String sql = "'" + a + "'::float8 " + operator + " '" + b + "'::float8";
        cases.add(new Case(hex(8, sql), () -> hex(ours.get())));
    }

    private void floatCase(float a, String operator, float b, Supplier<Float> ours) {
        String sql = "'" + a + "'::float4 " + operator + " '" + b + "'::float4";
        cases.add(new Case(hex(4, sql), () -> hex(ours.get())));
    }

    /// NaN has a sign in its bytes that Postgres never shows.
    private static String hex(int bytes, String sql) {
        return "CASE WHEN (" + sql + ") = 'NaN' THEN 'NaN' ELSE encode(float" + bytes + "send(" + sql + "), 'hex') END";
    }

    private static String hex(double value) {
        return Double.isNaN(value)
                ? "NaN"
                : String.format(java.util.Locale.ROOT, "%016x", Double.doubleToLongBits(value));
    }

    private static String hex(float value) {
        return Float.isNaN(value) ? "NaN" : String.format(java.util.Locale.ROOT, "%08x", Float.floatToIntBits(value));
    }

    private void textCase(String sql, Supplier<byte[]> ours) {
        cases.add(new Case(sql, () -> string(ours.get())));
    }

    private int number() {
        return random.nextInt(4) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextInt(15) - 5;
    }

    private String text(String alphabet, int lengthMax) {
        int[] characters = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(lengthMax + 1); length > 0; length--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "''") + "'::text";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String string(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
