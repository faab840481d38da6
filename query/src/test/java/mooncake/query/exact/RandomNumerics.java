package mooncake.query.exact;

import java.util.Random;

/// Numerics of all sizes, with those at the edges of rules more often than chance would have them.
final class RandomNumerics {
    private static final String[] SPECIAL = {"NaN", "Infinity", "-Infinity"};
    private static final String[] EDGES = {
        "0",
        "0.00",
        "1",
        "-1",
        "0.5",
        "-0.5",
        "2.5",
        "9999",
        "10000",
        "0.0001",
        "0.9999",
        "1.0000",
        "99999999",
        "0.00005"
    };

    private final Random random;

    RandomNumerics(Random random) {
        this.random = random;
    }

    String next() {
        int kind = random.nextInt(100);
        if (kind < 4) {
            return SPECIAL[random.nextInt(SPECIAL.length)];
        }
        if (kind < 18) {
            return EDGES[random.nextInt(EDGES.length)];
        }
        int whole = size();
        int fraction = random.nextInt(3) == 0 ? 0 : size();
        String sign = random.nextBoolean() ? "-" : "";
        String digits = digits(whole).replaceFirst("^0+(?=.)", "");
        String text = (digits.isEmpty() ? "0" : digits) + (fraction == 0 ? "" : "." + digits(fraction));
        boolean zero = text.chars().allMatch(c -> c == '0' || c == '.');
        return zero ? text : sign + text;
    }

    private int size() {
        int kind = random.nextInt(20);
        return kind < 13 ? random.nextInt(7) : kind < 18 ? random.nextInt(25) : kind < 19 ? 50 : random.nextInt(300);
    }

    private String digits(int count) {
        StringBuilder digits = new StringBuilder();
        while (digits.length() < count) {
            switch (random.nextInt(4)) {
                case 0 -> digits.append("0".repeat(random.nextInt(6)));
                case 1 -> digits.append("9".repeat(random.nextInt(6)));
                case 2 -> digits.append('5');
                default -> digits.append(random.nextInt(10_000));
            }
        }
        return digits.substring(0, count);
    }
}
