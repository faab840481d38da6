package mooncake.query.exact;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Casts of jsonb to other types.
final class JsonCasts {
    private JsonCasts() {}

    /// The scalar's text: a number as numeric prints it, or `true` and `false`.
    ///
    /// @param kind `number` or `boolean`
    /// @param type the type's name for the error
    static @Nullable String scalar(Json json, String kind, String type) {
        return switch (json) {
            case Json.Numeral(String text) when kind.equals("number") -> text;
            case Json.Literal literal
            when literal != Json.Literal.NULL && kind.equals("boolean") ->
                literal.name().toLowerCase(Locale.ROOT);
            case Json.Array _, Json.Members _ ->
                throw Errors.invalidParameter("cannot cast jsonb array or object to type " + type);
            case Json.Literal _, Json.Numeral _, Json.Text _ ->
                throw Errors.invalidParameter("cannot cast jsonb " + json.typeName() + " to type " + type);
        };
    }
}
