package mooncake.source.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mooncake.model.Check;
import org.jspecify.annotations.Nullable;

/// A row of a simple query: values in their text form.
public record Row(List<@Nullable String> values) {
    public Row {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /// A value that must not be null.
    public String text(int column) {
        String value = values.get(column);
        Check.that(value != null, "column %d of the answer is null", column);
        return java.util.Objects.requireNonNull(value);
    }
}
