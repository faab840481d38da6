package mooncake.query.exact;

import static mooncake.query.exact.Rows.BOOLEAN;
import static mooncake.query.exact.Rows.INTEGER;
import static mooncake.query.exact.Rows.TEXT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Functions that change jsonb values.
final class JsonChanges {
    private JsonChanges() {}

    static List<ExactFunction> all() {
        return List.of(
                Rows.text(
                        "mc_jsonb_concat",
                        List.of(TEXT, TEXT),
                        (in, row) -> concatenate(JsonFunctions.json(in[0], row), JsonFunctions.json(in[1], row))
                                .text()),
                Rows.text(
                        "mc_jsonb_delete",
                        List.of(TEXT, TEXT),
                        (in, row) -> delete(JsonFunctions.json(in[0], row), List.of(in[1].getString(row)))
                                .text()),
                Rows.text(
                        "mc_jsonb_delete",
                        List.of(TEXT, INTEGER),
                        (in, row) -> delete(JsonFunctions.json(in[0], row), in[1].getInt(row))
                                .text()),
                Rows.text(
                        "mc_jsonb_delete_all",
                        List.of(TEXT, TEXT),
                        (in, row) -> delete(JsonFunctions.json(in[0], row), JsonFunctions.array(in[1], row))
                                .text()),
                Rows.text("mc_jsonb_delete_path", List.of(TEXT, TEXT), (in, row) -> {
                    Json json = JsonFunctions.json(in[0], row);
                    if (json.isScalar()) {
                        throw Errors.invalidParameter("cannot delete path in scalar");
                    }
                    return new JsonPathChange(JsonFunctions.array(in[1], row), null, JsonPathChange.Kind.DELETE)
                            .apply(json)
                            .text();
                }),
                change("mc_jsonb_set", JsonPathChange.Kind.CREATE, JsonPathChange.Kind.REPLACE),
                change("mc_jsonb_insert", JsonPathChange.Kind.INSERT_AFTER, JsonPathChange.Kind.INSERT_BEFORE),
                Rows.text(
                        "mc_jsonb_strip_nulls",
                        List.of(TEXT),
                        (in, row) -> stripped(JsonFunctions.json(in[0], row)).text()));
    }

    private static ExactFunction change(String name, JsonPathChange.Kind ifTrue, JsonPathChange.Kind ifFalse) {
        return Rows.text(name, List.of(TEXT, TEXT, TEXT, BOOLEAN), (in, row) -> {
            Json json = JsonFunctions.json(in[0], row);
            if (json.isScalar()) {
                throw Errors.invalidParameter("cannot set path in scalar");
            }
            JsonPathChange.Kind kind = in[3].getBoolean(row) ? ifTrue : ifFalse;
            return new JsonPathChange(JsonFunctions.array(in[1], row), JsonFunctions.json(in[2], row), kind)
                    .apply(json)
                    .text();
        });
    }

    /// A step of a path as a subscript, null when it is no integer.
    static @Nullable Integer index(String step) {
        String digits = step.strip();
        try {
            return digits.length() == step.stripTrailing().length() || !digits.isEmpty() ? checked(step) : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /// Blanks may stand before the number, not behind it.
    private static int checked(String step) {
        return Integer.parseInt(step.stripLeading());
    }

    private static Json concatenate(Json a, Json b) {
        if (a instanceof Json.Members(Map<String, Json> left) && b instanceof Json.Members(Map<String, Json> right)) {
            TreeMap<String, Json> all = Json.Members.sorted();
            all.putAll(left);
            all.putAll(right);
            return new Json.Members(all);
        }
        List<Json> all = new ArrayList<>(asElements(a));
        all.addAll(asElements(b));
        return new Json.Array(all);
    }

    private static List<Json> asElements(Json json) {
        return json instanceof Json.Array(List<Json> elements) ? elements : List.of(json);
    }

    private static Json delete(Json json, List<? extends @Nullable String> keys) {
        return switch (json) {
            case Json.Members(Map<String, Json> members) -> {
                TreeMap<String, Json> kept = Json.Members.sorted();
                members.forEach((key, value) -> {
                    if (!keys.contains(key)) {
                        kept.put(key, value);
                    }
                });
                yield new Json.Members(kept);
            }
            case Json.Array(List<Json> elements) ->
                new Json.Array(elements.stream()
                        .filter(element -> !(element instanceof Json.Text(String text) && keys.contains(text)))
                        .toList());
            case Json.Literal _, Json.Numeral _, Json.Text _ ->
                throw Errors.invalidParameter("cannot delete from scalar");
        };
    }

    private static Json delete(Json json, int index) {
        return switch (json) {
            case Json.Members _ -> throw Errors.invalidParameter("cannot delete from object using integer index");
            case Json.Array(List<Json> elements) -> {
                long at = index < 0 ? (long) elements.size() + index : index;
                if (at < 0 || at >= elements.size()) {
                    yield json;
                }
                List<Json> kept = new ArrayList<>(elements);
                kept.remove((int) at);
                yield new Json.Array(kept);
            }
            case Json.Literal _, Json.Numeral _, Json.Text _ ->
                throw Errors.invalidParameter("cannot delete from scalar");
        };
    }

    private static Json stripped(Json json) {
        return switch (json) {
            case Json.Members(Map<String, Json> members) -> {
                TreeMap<String, Json> kept = Json.Members.sorted();
                members.forEach((key, value) -> {
                    if (value != Json.Literal.NULL) {
                        kept.put(key, stripped(value));
                    }
                });
                yield new Json.Members(kept);
            }
            case Json.Array(List<Json> elements) ->
                new Json.Array(elements.stream().map(JsonChanges::stripped).toList());
            case Json.Literal _, Json.Numeral _, Json.Text _ -> json;
        };
    }
}
