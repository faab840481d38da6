package mooncake.query.exact;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A value of type jsonb.
sealed interface Json {
    enum Literal implements Json {
        NULL,
        TRUE,
        FALSE
    }

    /// A number.
    ///
    /// @param text as numeric prints it
    record Numeral(String text) implements Json {}

    record Text(String value) implements Json {}

    record Array(List<Json> elements) implements Json {}

    /// Members in the order of jsonb: short keys first, then by their bytes.
    record Members(Map<String, Json> members) implements Json {
        static TreeMap<String, Json> sorted() {
            return new TreeMap<>(JsonKey.ORDER);
        }
    }

    /// Reads any text that is valid JSON; raises Postgres' error for others.
    static Json parse(String text) {
        return new JsonReader(text).read();
    }

    /// A member's or element's value, null when there is none.
    default @Nullable Json get(String key) {
        return this instanceof Members(Map<String, Json> members) ? members.get(key) : null;
    }

    /// Counted from 0, negative ones from the end.
    default @Nullable Json get(int index) {
        if (!(this instanceof Array(List<Json> elements))) {
            return null;
        }
        long at = index < 0 ? (long) elements.size() + index : index;
        return at >= 0 && at < elements.size() ? elements.get((int) at) : null;
    }

    /// The text that jsonb prints.
    default String text() {
        StringBuilder out = new StringBuilder();
        JsonWriter.write(this, out);
        return out.toString();
    }

    /// As `->>` gives it: a string without its quotes, null for JSON's null.
    default @Nullable String plainText() {
        return switch (this) {
            case Text(String value) -> value;
            case Literal.NULL -> null;
            default -> text();
        };
    }

    /// As jsonb_typeof says.
    default String typeName() {
        return switch (this) {
            case Literal.NULL -> "null";
            case Literal.TRUE, Literal.FALSE -> "boolean";
            case Numeral _ -> "number";
            case Text _ -> "string";
            case Array _ -> "array";
            case Members _ -> "object";
        };
    }

    default boolean isScalar() {
        return !(this instanceof Array) && !(this instanceof Members);
    }
}
