package mooncake.query.exact;

import static mooncake.query.exact.Rows.INTEGER;
import static mooncake.query.exact.Rows.TEXT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mooncake.duckdb.DuckVector;
import org.jspecify.annotations.Nullable;

/// What jsonb values are made of.
final class JsonFunctions {
    private JsonFunctions() {}

    static List<ExactFunction> all() {
        List<ExactFunction> all = new ArrayList<>(parts());
        all.addAll(tests());
        all.addAll(rows());
        return all;
    }

    static Json json(DuckVector vector, int row) {
        return Json.parse(vector.getString(row));
    }

    static List<@Nullable String> array(DuckVector vector, int row) {
        return ArrayValue.parse(vector.getString(row)).elements();
    }

    private static List<ExactFunction> parts() {
        return List.of(
                Rows.text(
                        "mc_jsonb_in",
                        List.of(TEXT),
                        (in, row) -> json(in[0], row).text()),
                Rows.text(
                        "mc_jsonb_get",
                        List.of(TEXT, TEXT),
                        (in, row) -> text(json(in[0], row).get(in[1].getString(row)))),
                Rows.text("mc_jsonb_get", List.of(TEXT, INTEGER), (in, row) -> text(element(in, row))),
                Rows.text(
                        "mc_jsonb_get_text",
                        List.of(TEXT, TEXT),
                        (in, row) -> plain(json(in[0], row).get(in[1].getString(row)))),
                Rows.text("mc_jsonb_get_text", List.of(TEXT, INTEGER), (in, row) -> plain(element(in, row))),
                Rows.text("mc_jsonb_path", List.of(TEXT, TEXT), (in, row) -> text(path(in, row))),
                Rows.text("mc_jsonb_path_text", List.of(TEXT, TEXT), (in, row) -> plain(path(in, row))),
                Rows.text("mc_jsonb_plain", List.of(TEXT), (in, row) -> plain(json(in[0], row))),
                Rows.text("mc_jsonb_pretty", List.of(TEXT), (in, row) -> {
                    StringBuilder out = new StringBuilder();
                    JsonWriter.writePretty(json(in[0], row), 0, out);
                    return out.toString();
                }),
                Rows.text(
                        "mc_jsonb_typeof",
                        List.of(TEXT),
                        (in, row) -> json(in[0], row).typeName()),
                Rows.number("mc_jsonb_array_length", List.of(TEXT), (in, row) -> switch (json(in[0], row)) {
                    case Json.Array(List<Json> elements) -> elements.size();
                    case Json.Members _ -> throw Errors.invalidParameter("cannot get array length of a non-array");
                    default -> throw Errors.invalidParameter("cannot get array length of a scalar");
                }),
                Rows.text(
                        "mc_jsonb_scalar",
                        List.of(TEXT, TEXT, TEXT),
                        (in, row) -> JsonCasts.scalar(json(in[0], row), in[1].getString(row), in[2].getString(row))));
    }

    private static @Nullable String text(@Nullable Json json) {
        return json == null ? null : json.text();
    }

    private static @Nullable String plain(@Nullable Json json) {
        return json == null ? null : json.plainText();
    }

    /// A scalar counts as an array of itself.
    private static @Nullable Json element(DuckVector[] in, int row) {
        Json json = json(in[0], row);
        int index = in[1].getInt(row);
        if (json.isScalar()) {
            return index == 0 || index == -1 ? json : null;
        }
        return json.get(index);
    }

    private static @Nullable Json path(DuckVector[] in, int row) {
        Json json = json(in[0], row);
        for (String step : array(in[1], row)) {
            if (step == null || json == null) {
                return null;
            }
            Integer index = json instanceof Json.Array ? JsonChanges.index(step) : null;
            json = json instanceof Json.Array ? (index == null ? null : json.get(index)) : json.get(step);
        }
        return json;
    }

    private static List<ExactFunction> tests() {
        return List.of(
                Rows.truth(
                        "mc_jsonb_exists",
                        List.of(TEXT, TEXT),
                        (in, row) -> exists(json(in[0], row), in[1].getString(row))),
                Rows.truth("mc_jsonb_exists_any", List.of(TEXT, TEXT), (in, row) -> {
                    Json json = json(in[0], row);
                    return array(in[1], row).stream().anyMatch(key -> key != null && exists(json, key));
                }),
                Rows.truth("mc_jsonb_exists_all", List.of(TEXT, TEXT), (in, row) -> {
                    Json json = json(in[0], row);
                    return array(in[1], row).stream().allMatch(key -> key == null || exists(json, key));
                }),
                Rows.truth(
                        "mc_jsonb_contains",
                        List.of(TEXT, TEXT),
                        (in, row) -> JsonContains.contains(json(in[0], row), json(in[1], row))));
    }

    private static boolean exists(Json json, String key) {
        return switch (json) {
            case Json.Members(Map<String, Json> members) -> members.containsKey(key);
            case Json.Array(List<Json> elements) -> elements.contains(new Json.Text(key));
            case Json.Text(String value) -> value.equals(key);
            case Json.Literal _, Json.Numeral _ -> false;
        };
    }

    private static List<ExactFunction> rows() {
        return List.of(
                Rows.texts("mc_jsonb_elements", List.of(TEXT), (in, row) -> elements(in, row, false)),
                Rows.texts("mc_jsonb_elements_text", List.of(TEXT), (in, row) -> elements(in, row, true)),
                Rows.texts("mc_jsonb_keys", List.of(TEXT, TEXT), (in, row) -> {
                    List<@Nullable String> keys = new ArrayList<>();
                    members(in, row).keySet().forEach(keys::add);
                    return keys;
                }),
                Rows.texts("mc_jsonb_values", List.of(TEXT), (in, row) -> values(in, row, false)),
                Rows.texts("mc_jsonb_values_text", List.of(TEXT), (in, row) -> values(in, row, true)));
    }

    private static List<@Nullable String> elements(DuckVector[] in, int row, boolean plain) {
        return switch (json(in[0], row)) {
            case Json.Array(List<Json> elements) -> {
                List<@Nullable String> texts = new ArrayList<>();
                elements.forEach(element -> texts.add(plain ? element.plainText() : element.text()));
                yield texts;
            }
            case Json.Members _ -> throw Errors.invalidParameter("cannot extract elements from an object");
            default -> throw Errors.invalidParameter("cannot extract elements from a scalar");
        };
    }

    /// @param in the value, and the function's name for the error
    private static Map<String, Json> members(DuckVector[] in, int row) {
        if (json(in[0], row) instanceof Json.Members(Map<String, Json> members)) {
            return members;
        }
        throw Errors.invalidParameter("cannot call " + in[1].getString(row) + " on a non-object");
    }

    private static List<@Nullable String> values(DuckVector[] in, int row, boolean plain) {
        List<@Nullable String> texts = new ArrayList<>();
        if (json(in[0], row) instanceof Json.Members(Map<String, Json> members)) {
            members.values().forEach(value -> texts.add(plain ? value.plainText() : value.text()));
        }
        return texts;
    }
}
