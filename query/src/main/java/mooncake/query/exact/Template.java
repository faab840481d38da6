package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;

/// A template of `to_char` and its like, cut into patterns and other characters.
final class Template {
    private Template() {}

    /// A piece of a template.
    sealed interface Node {}

    /// A pattern that stands for a part of a value.
    ///
    /// @param fill whether `FM` goes before it
    /// @param translated whether `TM` goes before it
    /// @param ordinal 0, or the letter case of the `TH` that follows it
    record Pattern(String key, boolean fill, boolean translated, char ordinal) implements Node {}

    /// A character that stands for itself.
    record Literal(String text, boolean quoted) implements Node {}

    /// Cuts a template for dates, with prefixes and suffixes of patterns.
    static List<Node> ofDates(String template, List<String> keys) {
        return parse(template, keys, true);
    }

    static List<Node> ofNumbers(String template, List<String> keys) {
        return parse(template, keys, false);
    }

    private static List<Node> parse(String text, List<String> keys, boolean dates) {
        List<Node> nodes = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            boolean fill = false;
            boolean translated = false;
            if (dates && (text.startsWith("FM", at) || text.startsWith("fm", at))) {
                fill = true;
                at += 2;
            } else if (dates && (text.startsWith("TM", at) || text.startsWith("tm", at))) {
                translated = true;
                at += 2;
            }
            String key = longest(text, at, keys);
            if (key != null) {
                at += key.length();
                char ordinal = 0;
                if (dates && (text.startsWith("TH", at) || text.startsWith("th", at))) {
                    ordinal = text.charAt(at);
                    at += 2;
                } else if (dates && text.startsWith("SP", at)) {
                    at += 2;
                }
                nodes.add(new Pattern(key, fill, translated, ordinal));
            } else if (at < text.length() && text.charAt(at) == '"') {
                at = quoted(text, at + 1, nodes);
            } else if (at < text.length()) {
                if (text.startsWith("\\\"", at)) {
                    at++;
                }
                int end = text.offsetByCodePoints(at, 1);
                nodes.add(new Literal(text.substring(at, end), false));
                at = end;
            }
        }
        return nodes;
    }

    private static int quoted(String text, int from, List<Node> nodes) {
        int at = from;
        while (at < text.length()) {
            if (text.charAt(at) == '"') {
                return at + 1;
            }
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            int end = text.offsetByCodePoints(at, 1);
            nodes.add(new Literal(text.substring(at, end), true));
            at = end;
        }
        return at;
    }

    private static @org.jspecify.annotations.Nullable String longest(String text, int at, List<String> keys) {
        String found = null;
        for (String key : keys) {
            if (text.startsWith(key, at) && (found == null || key.length() > found.length())) {
                found = key;
            }
        }
        return found;
    }

    /// The letters that make a number an ordinal.
    static String ordinal(String number, boolean upper) {
        char last = number.charAt(number.length() - 1);
        if (last < '0' || last > '9') {
            throw new mooncake.model.MooncakeException(
                    mooncake.model.ErrorCode.INVALID_TEXT, "\"" + number + "\" is not a number");
        }
        boolean teen = number.length() > 1 && number.charAt(number.length() - 2) == '1';
        String letters = teen
                ? "th"
                : switch (last) {
                    case '1' -> "st";
                    case '2' -> "nd";
                    case '3' -> "rd";
                    default -> "th";
                };
        return upper ? letters.toUpperCase(java.util.Locale.ROOT) : letters;
    }
}
