package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A part of a text of type json, which keeps its blanks, the order of its keys and keys that occur twice.
///
/// @param key the member's key, null for others
record JsonPart(@Nullable String key, String text) {
    static JsonPart of(String text) {
        return new JsonPart(null, text.strip());
    }

    boolean isObject() {
        return text.startsWith("{");
    }

    boolean isArray() {
        return text.startsWith("[");
    }

    boolean isScalar() {
        return !isObject() && !isArray();
    }

    /// The text without quotes, null for JSON's null.
    @Nullable
    String plainText() {
        return text.equals("null")
                ? null
                : text.startsWith("\"") ? Json.parse(text).plainText() : text;
    }

    /// The members or elements.
    List<JsonPart> parts() {
        List<JsonPart> parts = new ArrayList<>();
        if (!isScalar()) {
            new Scanner(text).scan(isObject(), parts::add);
        }
        return parts;
    }

    /// The last member with a key, null when there is none.
    @Nullable
    JsonPart get(String key) {
        JsonPart found = null;
        if (isObject()) {
            for (JsonPart part : parts()) {
                found = key.equals(part.key()) ? part : found;
            }
        }
        return found;
    }

    @Nullable
    JsonPart get(int index) {
        if (!isArray()) {
            return null;
        }
        List<JsonPart> parts = parts();
        long at = index < 0 ? (long) parts.size() + index : index;
        return at >= 0 && at < parts.size() ? parts.get((int) at) : null;
    }

    @Nullable
    JsonPart get(List<@Nullable String> path) {
        JsonPart part = this;
        for (String step : path) {
            if (step == null || part == null) {
                return null;
            }
            if (part.isArray()) {
                Integer index = JsonChanges.index(step);
                part = index == null ? null : part.get(index);
            } else {
                part = part.get(step);
            }
        }
        return part;
    }

    /// Without members that are null, and without blanks.
    void writeStripped(StringBuilder out) {
        if (isScalar()) {
            String plain = text.startsWith("\"") ? plainText() : null;
            if (plain == null) {
                out.append(text);
            } else {
                JsonWriter.quote(plain, out);
            }
            return;
        }
        out.append(isObject() ? '{' : '[');
        String separator = "";
        for (JsonPart part : parts()) {
            if (isObject() && part.text().equals("null")) {
                continue;
            }
            out.append(separator);
            String name = part.key();
            if (name != null) {
                JsonWriter.quote(name, out);
                out.append(':');
            }
            part.writeStripped(out);
            separator = ",";
        }
        out.append(isObject() ? '}' : ']');
    }

    /// Walks over one level of a text that is known to be valid.
    private static final class Scanner {
        private final String text;
        private int at = 1;

        Scanner(String text) {
            this.text = text;
        }

        void scan(boolean isObject, Consumer<JsonPart> sink) {
            while (true) {
                blanks();
                char c = text.charAt(at);
                if (c == '}' || c == ']') {
                    return;
                }
                if (c == ',') {
                    at++;
                    continue;
                }
                String key = isObject ? Json.parse(value()).plainText() : null;
                if (isObject) {
                    blanks();
                    at++;
                    blanks();
                }
                sink.accept(new JsonPart(key, value()));
            }
        }

        private void blanks() {
            while (Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private String value() {
            int from = at;
            int depth = 0;
            do {
                char c = text.charAt(at);
                if (c == '"') {
                    string();
                } else if (c == '{' || c == '[') {
                    depth++;
                    at++;
                } else if (c == '}' || c == ']') {
                    depth--;
                    at++;
                } else if (depth > 0) {
                    at++;
                } else {
                    word();
                }
            } while (depth > 0);
            return text.substring(from, at);
        }

        private void string() {
            for (at++; text.charAt(at) != '"'; at++) {
                at += text.charAt(at) == '\\' ? 1 : 0;
            }
            at++;
        }

        private void word() {
            while (",}] \t\n\r".indexOf(text.charAt(at)) < 0) {
                at++;
            }
        }
    }
}
