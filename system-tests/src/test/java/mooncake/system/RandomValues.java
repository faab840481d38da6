package mooncake.system;

import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows of random values as SQL, rich in what must be quoted.
final class RandomValues {
    private static final String[] PIECES = {
        "a", "NULL", "null", "\"", "\\", "{", "}", ",", "(", ")", "[", "]", " ", "\t", "\n", "'", "é", "🙂", ":", ";",
        "0"
    };

    private final Random random;

    RandomValues(long seed) {
        random = new Random(seed);
    }

    String row(int id) {
        return "("
                + String.join(
                        ", ",
                        Integer.toString(id),
                        array(this::text, "text"),
                        "ARRAY[" + array(this::text, 2, "text") + ", " + array(this::text, 2, "text") + "]",
                        pair(),
                        numeric(),
                        "make_interval(months => " + random.nextInt() / 2 + ", days => " + random.nextInt() + ") + "
                                + random.nextLong() / 4 + " * interval '1 microsecond'",
                        array(this::timestamp, "timestamptz"),
                        "textrange(least(" + text() + ", 'm'), NULL, '" + (random.nextBoolean() ? "[)" : "()") + "')",
                        "'" + digits(random.nextInt(20), 2) + "'::varbit",
                        array(() -> "'" + Double.longBitsToDouble(random.nextLong()) + "'::float8", "float8"),
                        array(() -> "'" + Float.intBitsToFloat(random.nextInt()) + "'::float4", "float4"),
                        address(),
                        array(() -> "to_jsonb(" + text() + "::text)", "jsonb"),
                        "array_to_tsvector(ARRAY['x' || " + text() + ", " + "'y' || " + text() + "])",
                        array(this::pair, "pair"))
                + ")";
    }

    private String text() {
        String text = IntStream.range(0, random.nextInt(6))
                .mapToObj(_ -> PIECES[random.nextInt(PIECES.length)])
                .collect(Collectors.joining());
        return "'" + text.replace("'", "''") + "'";
    }

    private String pair() {
        return "ROW(" + (random.nextBoolean() ? "NULL" : Integer.toString(random.nextInt())) + ", " + text() + ", "
                + array(this::numeric, "numeric") + ")::pair";
    }

    private String numeric() {
        String value = (random.nextBoolean() ? "-" : "") + "1" + digits(random.nextInt(60), 10);
        return "'" + value + (random.nextBoolean() ? "." + digits(1 + random.nextInt(40), 10) : "") + "'::numeric";
    }

    private String timestamp() {
        return "timestamptz '2000-01-01 00:00+00' + " + random.nextLong() / 100_000 + " * interval '1 millisecond'";
    }

    private String address() {
        String words = IntStream.range(0, 8)
                .mapToObj(_ -> Integer.toHexString(random.nextInt(3) > 0 ? 0 : random.nextInt(0x10000)))
                .collect(Collectors.joining(":"));
        return "'" + words + "/" + random.nextInt(129) + "'::inet";
    }

    private String digits(int count, int base) {
        return IntStream.range(0, count)
                .mapToObj(_ -> Integer.toString(random.nextInt(base)))
                .collect(Collectors.joining());
    }

    private String array(Supplier<String> element, String type) {
        return array(element, random.nextInt(4), type);
    }

    private String array(Supplier<String> element, int count, String type) {
        return "ARRAY["
                + IntStream.range(0, count)
                        .mapToObj(_ -> random.nextInt(6) == 0 ? "NULL" : element.get())
                        .collect(Collectors.joining(", "))
                + "]::" + type + "[]";
    }
}
