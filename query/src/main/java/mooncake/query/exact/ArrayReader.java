package mooncake.query.exact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import org.jspecify.annotations.Nullable;

/// Reads the text that Postgres prints for an array: `{1,NULL,"a b"}`, `[0:1][2:2]={{a},{b}}`.
final class ArrayReader {
    private final String text;
    private final List<@Nullable String> elements = new ArrayList<>();
    private final int[] lengths = new int[ArrayValue.DIMENSIONS_MAX];
    private final int[] lower = new int[ArrayValue.DIMENSIONS_MAX];
    private int dimensions;
    private int at;

    ArrayReader(String text) {
        this.text = text;
        Arrays.fill(lower, 1);
    }

    ArrayValue read() {
        for (int i = 0; text.charAt(at) == '['; i++) {
            int colon = text.indexOf(':', at);
            lower[i] = Integer.parseInt(text, at + 1, colon, 10);
            at = text.indexOf(']', colon) + 1;
        }
        if (text.charAt(at) == '=') {
            at++;
        }
        level(0);
        if (at != text.length()) {
            throw broken();
        }
        return elements.isEmpty()
                ? ArrayValue.EMPTY
                : new ArrayValue(Arrays.copyOf(lengths, dimensions), Arrays.copyOf(lower, dimensions), elements);
    }

    private void level(int dimension) {
        if (text.charAt(at++) != '{' || dimension == ArrayValue.DIMENSIONS_MAX) {
            throw broken();
        }
        dimensions = Math.max(dimensions, dimension + 1);
        int count = 0;
        while (text.charAt(at) != '}') {
            if (text.charAt(at) == '{') {
                level(dimension + 1);
            } else {
                elements.add(element());
            }
            count++;
            if (text.charAt(at) == ',') {
                at++;
            }
        }
        at++;
        lengths[dimension] = count;
    }

    private @Nullable String element() {
        if (text.charAt(at) == '"') {
            return quoted();
        }
        int from = at;
        while (text.charAt(at) != ',' && text.charAt(at) != '}') {
            at++;
        }
        String element = text.substring(from, at);
        return element.equals("NULL") ? null : element;
    }

    private String quoted() {
        StringBuilder element = new StringBuilder();
        at++;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 1 : 0;
            element.append(text.charAt(at++));
        }
        at++;
        return element.toString();
    }

    static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private MooncakeException broken() {
        return new MooncakeException(ErrorCode.BROKEN_INVARIANT, "an array has the unreadable form " + text);
    }
}
