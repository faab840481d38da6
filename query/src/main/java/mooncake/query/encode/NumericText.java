package mooncake.query.encode;

import java.util.ArrayList;
import java.util.List;

/// Reads the text that Postgres prints for a numeric.
final class NumericText {
    private NumericText() {}

    sealed interface Parsed permits Special, Finite {}

    /// NaN and the infinities: a header word and nothing else.
    record Special(short header) implements Parsed {}

    /// @param groups base-10000 digits from the most significant, none at either end zero
    record Finite(boolean negative, int weight, int scale, List<Short> groups) implements Parsed {}

    static Parsed parse(String text) {
        return switch (text) {
            case "NaN" -> new Special((short) 0xc000);
            case "Infinity" -> new Special((short) 0xd000);
            case "-Infinity" -> new Special((short) 0xf000);
            default -> finite(text);
        };
    }

    private static Finite finite(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        int point = digits.indexOf('.');
        String whole = point < 0 ? digits : digits.substring(0, point);
        String fraction = point < 0 ? "" : digits.substring(point + 1);
        String padded = "0".repeat((4 - whole.length() % 4) % 4)
                + whole
                + fraction
                + "0".repeat((4 - fraction.length() % 4) % 4);
        int weight = (whole.length() + 3) / 4 - 1;
        List<Short> groups = new ArrayList<>(padded.length() / 4);
        for (int i = 0; i < padded.length(); i += 4) {
            groups.add(Short.parseShort(padded.substring(i, i + 4)));
        }
        while (!groups.isEmpty() && groups.getFirst() == 0) {
            groups.removeFirst();
            weight--;
        }
        while (!groups.isEmpty() && groups.getLast() == 0) {
            groups.removeLast();
        }
        boolean zero = groups.isEmpty();
        return new Finite(negative && !zero, zero ? 0 : weight, fraction.length(), List.copyOf(groups));
    }
}
