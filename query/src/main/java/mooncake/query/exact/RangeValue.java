package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// A range of Postgres; its bounds are texts of their values, null where it has none.
record RangeValue(
        boolean isEmpty,
        @Nullable String lower,
        @Nullable String upper,
        boolean lowerInclusive,
        boolean upperInclusive) {
    static final RangeValue EMPTY = new RangeValue(true, null, null, false, false);

    /// Reads the text that Postgres prints.
    static RangeValue parse(String text) {
        Reader reader = new Reader(text);
        RangeValue range = reader.range();
        if (reader.at != text.length()) {
            throw broken(text);
        }
        return range;
    }

    /// The ranges of a multirange.
    static List<RangeValue> parseAll(String text) {
        List<RangeValue> ranges = new ArrayList<>();
        Reader reader = new Reader(text);
        reader.at = 1;
        while (text.charAt(reader.at) != '}') {
            ranges.add(reader.range());
            reader.at += text.charAt(reader.at) == ',' ? 1 : 0;
        }
        return ranges;
    }

    /// The text that Postgres prints.
    @Override
    public String toString() {
        if (isEmpty) {
            return "empty";
        }
        return (lowerInclusive ? "[" : "(") + quoted(lower) + "," + quoted(upper) + (upperInclusive ? "]" : ")");
    }

    private static String quoted(@Nullable String bound) {
        if (bound == null) {
            return "";
        }
        boolean quotes = bound.isEmpty();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bound.length(); i++) {
            char c = bound.charAt(i);
            if (c == '"' || c == '\\') {
                text.append(c);
            }
            quotes |= "\"\\()[],".indexOf(c) >= 0 || ArrayReader.isSpace(c);
            text.append(c);
        }
        return quotes ? "\"" + text + "\"" : text.toString();
    }

    private static MooncakeException broken(String text) {
        return new MooncakeException(ErrorCode.BROKEN_INVARIANT, "a range has the unreadable form " + text);
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        RangeValue range() {
            if (text.startsWith("empty", at)) {
                at += "empty".length();
                return EMPTY;
            }
            boolean lowerInclusive = text.charAt(at++) == '[';
            String lower = bound();
            at++;
            String upper = bound();
            return new RangeValue(false, lower, upper, lowerInclusive, text.charAt(at++) == ']');
        }

        private @Nullable String bound() {
            StringBuilder bound = new StringBuilder();
            boolean quoted = false;
            boolean any = false;
            for (; quoted || ",)]".indexOf(text.charAt(at)) < 0; at++) {
                char c = text.charAt(at);
                any = true;
                if (c == '"' && quoted && text.charAt(at + 1) == '"') {
                    bound.append(text.charAt(++at));
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (c == '\\') {
                    bound.append(text.charAt(++at));
                } else {
                    bound.append(c);
                }
            }
            return any ? bound.toString() : null;
        }
    }
}
