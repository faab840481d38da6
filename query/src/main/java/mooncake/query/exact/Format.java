package mooncake.query.exact;

import java.util.List;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// `format()`: a template whose places are filled with texts.
final class Format {
    private static final int BLANKS_MAX = 1 << 24;

    private final String template;
    private final List<@Nullable String> values;
    private final int major;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int next;

    /// @param values what the places are filled with, null for NULL
    Format(String template, List<@Nullable String> values, int major) {
        this.template = template;
        this.values = values;
        this.major = major;
    }

    String text() {
        for (at = 0; at < template.length(); at++) {
            if (template.charAt(at) != '%') {
                out.append(template.charAt(at));
                continue;
            }
            advance();
            if (template.charAt(at) == '%') {
                out.append('%');
            } else {
                place();
            }
        }
        return out.toString();
    }

    /// `[POSITION$][-][WIDTH|*|*POSITION$]TYPE`.
    private void place() {
        int position = 0;
        boolean left = false;
        long width = 0;
        boolean fromValue = false;
        int widthPosition = 0;
        Integer number = digits();
        boolean narrow = number != null && template.charAt(at) != '$';
        if (number != null && narrow) {
            width = number;
        } else if (number != null) {
            position = numbered(number);
        }
        while (!narrow && template.charAt(at) == '-') {
            left = true;
            advance();
        }
        if (!narrow && template.charAt(at) == '*') {
            advance();
            fromValue = true;
            Integer given = digits();
            if (given != null) {
                if (template.charAt(at) != '$') {
                    throw Errors.invalidParameter("width argument position must be ended by \"$\"");
                }
                widthPosition = numbered(given);
            }
        } else if (!narrow) {
            Integer given = digits();
            width = given == null ? 0 : given;
        }
        int type = template.codePointAt(at);
        if (type != 's' && type != 'I' && type != 'L') {
            throw Errors.invalidParameter("unrecognized format() type specifier \"" + Character.toString(type) + "\"");
        }
        if (fromValue) {
            String given = value(widthPosition);
            width = given == null ? 0 : NumberInput.integer(given, Integer.SIZE, "integer", major);
        }
        String value = value(position);
        append(shown(value, (char) type), width, left);
    }

    private int numbered(int position) {
        if (position == 0) {
            throw Errors.invalidParameter("format specifies argument 0, but arguments are numbered from 1");
        }
        advance();
        return position;
    }

    /// The value at a position counted from 1, or after the last one for 0.
    private @Nullable String value(int position) {
        int index = position > 0 ? position - 1 : next;
        if (index >= values.size()) {
            throw Errors.invalidParameter("too few arguments for format()");
        }
        next = index + 1;
        return values.get(index);
    }

    private String shown(@Nullable String value, char type) {
        if (value == null) {
            if (type == 'I') {
                throw Errors.nullNotAllowed("null values cannot be formatted as an SQL identifier");
            }
            return type == 'L' ? "NULL" : "";
        }
        return switch (type) {
            case 'I' -> Identifiers.quoted(value, major);
            case 'L' ->
                new String(
                        Strings.quoteLiteral(value.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        java.nio.charset.StandardCharsets.UTF_8);
            default -> value;
        };
    }

    private void append(String text, long width, boolean left) {
        if (width == Integer.MIN_VALUE) {
            throw numberOutOfRange();
        }
        long missing = Math.abs(width) - text.codePointCount(0, text.length());
        if (missing > BLANKS_MAX) {
            throw Errors.notComputed("format() to a width of " + width);
        }
        String blanks = missing > 0 ? " ".repeat((int) missing) : "";
        boolean after = left || width < 0;
        out.append(after ? text : blanks).append(after ? blanks : text);
    }

    private @Nullable Integer digits() {
        int from = at;
        long number = 0;
        while (template.charAt(at) >= '0' && template.charAt(at) <= '9') {
            number = number * 10 + template.charAt(at) - '0';
            if (number > Integer.MAX_VALUE) {
                throw numberOutOfRange();
            }
            advance();
        }
        return at == from ? null : (int) number;
    }

    private static MooncakeException numberOutOfRange() {
        return Errors.outOfRange("number is out of range");
    }

    private void advance() {
        if (++at >= template.length()) {
            throw Errors.invalidParameter("unterminated format() type specifier");
        }
    }
}
