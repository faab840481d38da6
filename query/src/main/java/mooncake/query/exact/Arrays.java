package mooncake.query.exact;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Arrays of Postgres for the translator.
public final class Arrays {
    private Arrays() {}

    /// The text that Postgres prints for an array of one dimension.
    public static String text(List<? extends @Nullable String> elements) {
        return ArrayValue.of(new ArrayList<>(elements)).toString();
    }

    /// The elements of an array, whatever its dimensions.
    public static List<@Nullable String> elements(String array) {
        return ArrayValue.parse(array).elements();
    }

    /// The same array with its elements changed.
    public static String map(String array, java.util.function.UnaryOperator<String> change) {
        ArrayValue value = ArrayValue.parse(array);
        List<@Nullable String> changed = new ArrayList<>();
        for (String element : value.elements()) {
            changed.add(element == null ? null : change.apply(element));
        }
        return value.with(changed).toString();
    }

    /// A timestamp with time zone in UTC, as mirrors keep it.
    public static String inUtc(String timestamptz) {
        return MomentText.timestampText(MomentText.timestamp(timestamptz), ' ', "+00");
    }
}
