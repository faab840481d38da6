package mooncake.query.exact;

import static mooncake.query.exact.Rows.INTEGER;
import static mooncake.query.exact.Rows.TEXT;

import java.util.ArrayList;
import java.util.List;
import mooncake.duckdb.DuckVector;
import org.jspecify.annotations.Nullable;

/// Functions of type json, which keeps the text as it was written.
final class JsonTextFunctions {
    private JsonTextFunctions() {}

    static List<ExactFunction> all() {
        return List.of(
                Rows.text("mc_json_in", List.of(TEXT), (in, row) -> {
                    String text = in[0].getString(row);
                    JsonReader.check(text);
                    return text;
                }),
                Rows.text(
                        "mc_json_get",
                        List.of(TEXT, TEXT),
                        (in, row) -> text(part(in, row).get(in[1].getString(row)))),
                Rows.text(
                        "mc_json_get",
                        List.of(TEXT, INTEGER),
                        (in, row) -> text(part(in, row).get(in[1].getInt(row)))),
                Rows.text(
                        "mc_json_get_text",
                        List.of(TEXT, TEXT),
                        (in, row) -> plain(part(in, row).get(in[1].getString(row)))),
                Rows.text(
                        "mc_json_get_text",
                        List.of(TEXT, INTEGER),
                        (in, row) -> plain(part(in, row).get(in[1].getInt(row)))),
                Rows.text(
                        "mc_json_path",
                        List.of(TEXT, TEXT),
                        (in, row) -> text(part(in, row).get(JsonFunctions.array(in[1], row)))),
                Rows.text(
                        "mc_json_path_text",
                        List.of(TEXT, TEXT),
                        (in, row) -> plain(part(in, row).get(JsonFunctions.array(in[1], row)))),
                Rows.text("mc_json_typeof", List.of(TEXT), (in, row) -> typeName(part(in, row))),
                Rows.number("mc_json_array_length", List.of(TEXT), (in, row) -> {
                    JsonPart part = part(in, row);
                    if (!part.isArray()) {
                        throw Errors.invalidParameter(
                                "cannot get array length of a " + (part.isObject() ? "non-array" : "scalar"));
                    }
                    return part.parts().size();
                }),
                Rows.text("mc_json_strip_nulls", List.of(TEXT), (in, row) -> {
                    StringBuilder out = new StringBuilder();
                    part(in, row).writeStripped(out);
                    return out.toString();
                }),
                Rows.texts("mc_json_elements", List.of(TEXT, TEXT), (in, row) -> elements(in, row, false)),
                Rows.texts("mc_json_elements_text", List.of(TEXT, TEXT), (in, row) -> elements(in, row, true)),
                Rows.texts("mc_json_keys", List.of(TEXT, TEXT), (in, row) -> keys(in, row)),
                Rows.texts("mc_json_values", List.of(TEXT), (in, row) -> values(in, row, false)),
                Rows.texts("mc_json_values_text", List.of(TEXT), (in, row) -> values(in, row, true)));
    }

    private static JsonPart part(DuckVector[] in, int row) {
        return JsonPart.of(in[0].getString(row));
    }

    private static @Nullable String text(@Nullable JsonPart part) {
        return part == null ? null : part.text();
    }

    private static @Nullable String plain(@Nullable JsonPart part) {
        return part == null ? null : part.plainText();
    }

    private static String typeName(JsonPart part) {
        return switch (part.text().charAt(0)) {
            case '{' -> "object";
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "boolean";
            case 'n' -> "null";
            default -> "number";
        };
    }

    /// @param in the value, and the function's name for the error
    private static List<@Nullable String> elements(DuckVector[] in, int row, boolean plain) {
        JsonPart array = part(in, row);
        if (!array.isArray()) {
            throw Errors.invalidParameter(
                    "cannot call " + in[1].getString(row) + (array.isObject() ? " on a non-array" : " on a scalar"));
        }
        List<@Nullable String> texts = new ArrayList<>();
        array.parts().forEach(part -> texts.add(plain ? part.plainText() : part.text()));
        return texts;
    }

    private static List<@Nullable String> keys(DuckVector[] in, int row) {
        JsonPart object = part(in, row);
        if (!object.isObject()) {
            throw Errors.invalidParameter("cannot call " + in[1].getString(row) + " on a non-object");
        }
        List<@Nullable String> keys = new ArrayList<>();
        object.parts().forEach(part -> keys.add(part.key()));
        return keys;
    }

    private static List<@Nullable String> values(DuckVector[] in, int row, boolean plain) {
        List<@Nullable String> texts = new ArrayList<>();
        part(in, row).parts().forEach(part -> texts.add(plain ? part.plainText() : part.text()));
        return texts;
    }
}
