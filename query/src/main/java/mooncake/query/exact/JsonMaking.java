package mooncake.query.exact;

import static mooncake.query.exact.Rows.TEXT;
import static mooncake.query.exact.Rows.TEXTS;

import java.util.List;
import java.util.Locale;
import mooncake.duckdb.DuckVector;
import org.jspecify.annotations.Nullable;

/// JSON made of other values.
final class JsonMaking {
    private JsonMaking() {}

    static List<ExactFunction> all() {
        return List.of(
                Rows.text("mc_json_quote", List.of(TEXT), (in, row) -> quoted(in[0].getString(row))),
                Rows.text("mc_json_number", List.of(TEXT), (in, row) -> number(in[0].getString(row))),
                Rows.text("mc_json_of_array", List.of(TEXT, TEXT), (in, row) -> ofArray(in, row, ",")),
                Rows.text("mc_json_of_array", List.of(TEXT, TEXT, "BOOLEAN"), (in, row) -> ofArray(in, row, ",\n ")),
                Rows.text("mc_json_list", List.of(TEXTS, TEXT), (in, row) -> list(in, row)),
                Rows.text("mc_json_build_object", List.of(TEXTS, TEXTS, TEXT), JsonMaking::object),
                Rows.text(
                        "mc_json_object", List.of(TEXT), (in, row) -> ofPairs(ArrayValue.parse(in[0].getString(row)))),
                Rows.text(
                        "mc_json_object",
                        List.of(TEXT, TEXT),
                        (in, row) -> ofPairs(
                                ArrayValue.parse(in[0].getString(row)), ArrayValue.parse(in[1].getString(row)))),
                Rows.text(
                        "mc_timestamp_iso",
                        List.of("TIMESTAMP"),
                        (in, row) -> MomentText.timestampText(in[0].getLong(row), 'T', "")),
                new ExactFunction("mc_timestamp_iso", List.of("TIMESTAMPTZ", TEXT), TEXT, (in, rows, out) -> {
                    LastSeen<Zone> zone = new LastSeen<>(in[1], Zone::of);
                    mooncake.duckdb.VectorFunction.eachRow(
                            in, rows, out, row -> out.setString(row, moment(in[0].getLong(row), zone.get(row))));
                }));
    }

    /// A moment as JSON has it in a zone.
    static String moment(long moment, Zone zone) {
        long local = zone.toLocal(moment);
        return MomentText.timestampText(local, 'T', offset((local - moment) / Timestamps.SECOND));
    }

    private static String offset(long seconds) {
        long size = Math.abs(seconds);
        String text = String.format(Locale.ROOT, "%s%02d:%02d", seconds < 0 ? "-" : "+", size / 3600, size / 60 % 60);
        return size % 60 == 0 ? text : text + String.format(Locale.ROOT, ":%02d", size % 60);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        JsonWriter.quote(text, out);
        return out.toString();
    }

    /// JSON has no numbers for NaN and the infinities.
    private static String number(String text) {
        return text.startsWith("N") || text.contains("I") ? quoted(text) : text;
    }

    /// @param in an array, and what its elements become: `boolean`, `number`, `json`, `timestamp` or `text`
    private static String ofArray(DuckVector[] in, int row, String separator) {
        ArrayValue array = ArrayValue.parse(in[0].getString(row));
        if (array.isEmpty()) {
            return "[]";
        }
        StringBuilder out = new StringBuilder();
        appendArray(array, 0, 0, in[1].getString(row), separator, out);
        return out.toString();
    }

    private static int appendArray(
            ArrayValue array, int dimension, int from, String kind, String separator, StringBuilder out) {
        int at = from;
        out.append('[');
        for (int i = 0; i < array.length(dimension); i++) {
            out.append(i == 0 ? "" : separator);
            if (dimension + 1 < array.dimensions()) {
                at = appendArray(array, dimension + 1, at, kind, ",", out);
            } else {
                out.append(element(array.elements().get(at++), kind));
            }
        }
        out.append(']');
        return at;
    }

    private static String element(@Nullable String text, String kind) {
        if (text == null) {
            return "null";
        }
        return switch (kind) {
            case "boolean" -> text.equals("t") ? "true" : "false";
            case "number" -> number(text);
            case "json" -> text;
            case "timestamp" -> quoted(text.replaceFirst(" (?=\\d)", "T"));
            default -> quoted(text);
        };
    }

    /// @param in JSON texts, NULL for null, and what stands between them
    private static String list(DuckVector[] in, int row) {
        String separator = in[1].getString(row);
        StringBuilder out = new StringBuilder("[");
        List<@Nullable String> items = Rows.list(in[0], row);
        for (int i = 0; i < items.size(); i++) {
            String item = items.get(i);
            out.append(i == 0 ? "" : item == null ? ", " : separator).append(item == null ? "null" : item);
        }
        return out.append(']').toString();
    }

    /// @param in keys as JSON strings, values as JSON, and the look of `json_build_object` (`{}`), `json_object_agg`
    ///     (`{ }`) or `row_to_json` (empty)
    private static String object(DuckVector[] in, int row) {
        List<@Nullable String> keys = Rows.list(in[0], row);
        List<@Nullable String> values = Rows.list(in[1], row);
        String look = in[2].getString(row);
        StringBuilder out = new StringBuilder(look.equals("{ }") ? "{ " : "{");
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            String value = values.get(i);
            if (key == null) {
                throw Errors.invalidParameter(
                        look.equals("{ }")
                                ? "field name must not be null"
                                : "argument " + (2 * i + 1) + " cannot be null");
            }
            out.append(i == 0 ? "" : look.isEmpty() ? "," : ", ")
                    .append(key)
                    .append(look.isEmpty() ? ":" : " : ")
                    .append(value == null ? "null" : value);
        }
        return out.append(look.equals("{ }") ? " }" : "}").toString();
    }

    private static String ofPairs(ArrayValue pairs) {
        boolean listed = pairs.dimensions() == 1;
        if (pairs.isEmpty()) {
            return "{}";
        }
        if (listed && pairs.length(0) % 2 != 0) {
            throw Errors.arraySubscript("array must have even number of elements");
        }
        if (pairs.dimensions() > 2) {
            throw Errors.arraySubscript("wrong number of array subscripts");
        }
        if (!listed && pairs.length(1) != 2) {
            throw Errors.arraySubscript("array must have two columns");
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < pairs.elements().size(); i += 2) {
            pair(pairs.elements().get(i), pairs.elements().get(i + 1), out);
        }
        return "{" + out + "}";
    }

    private static String ofPairs(ArrayValue keys, ArrayValue values) {
        if (keys.dimensions() > 1 || values.dimensions() > 1) {
            throw Errors.arraySubscript("wrong number of array subscripts");
        }
        if (keys.elements().size() != values.elements().size()) {
            throw Errors.arraySubscript("mismatched array dimensions");
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < keys.elements().size(); i++) {
            pair(keys.elements().get(i), values.elements().get(i), out);
        }
        return "{" + out + "}";
    }

    private static void pair(@Nullable String key, @Nullable String value, StringBuilder out) {
        if (key == null) {
            throw Errors.nullNotAllowed("null value not allowed for object key");
        }
        out.append(out.isEmpty() ? "" : ", ")
                .append(quoted(key))
                .append(" : ")
                .append(value == null ? "null" : quoted(value));
    }
}
