package mooncake.query.exact;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Prints JSON as jsonb does.
final class JsonWriter {
    private static final int INDENT = 4;

    private JsonWriter() {}

    static void write(Json json, StringBuilder out) {
        switch (json) {
            case Json.Literal literal -> out.append(literal.name().toLowerCase(Locale.ROOT));
            case Json.Numeral(String text) -> out.append(text);
            case Json.Text(String value) -> quote(value, out);
            case Json.Array(List<Json> elements) -> {
                out.append('[');
                for (int i = 0; i < elements.size(); i++) {
                    write(elements.get(i), out.append(i == 0 ? "" : ", "));
                }
                out.append(']');
            }
            case Json.Members(Map<String, Json> members) -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<String, Json> member : members.entrySet()) {
                    quote(member.getKey(), out.append(separator));
                    write(member.getValue(), out.append(": "));
                    separator = ", ";
                }
                out.append('}');
            }
        }
    }

    /// As jsonb_pretty does.
    static void writePretty(Json json, int level, StringBuilder out) {
        switch (json) {
            case Json.Array(List<Json> elements) -> {
                out.append('[');
                for (int i = 0; i < elements.size(); i++) {
                    line(level + 1, out.append(i == 0 ? "" : ","));
                    writePretty(elements.get(i), level + 1, out);
                }
                line(level, out);
                out.append(']');
            }
            case Json.Members(Map<String, Json> members) -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<String, Json> member : members.entrySet()) {
                    line(level + 1, out.append(separator));
                    quote(member.getKey(), out);
                    writePretty(member.getValue(), level + 1, out.append(": "));
                    separator = ",";
                }
                line(level, out);
                out.append('}');
            }
            case Json.Literal _, Json.Numeral _, Json.Text _ -> write(json, out);
        }
    }

    private static void line(int level, StringBuilder out) {
        out.append('\n').repeat(' ', level * INDENT);
    }

    static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
