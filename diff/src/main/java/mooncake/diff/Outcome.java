package mooncake.diff;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a query gave on one side.
sealed interface Outcome {
    /// Values are the server's texts, null for NULL; types are as in pg_type.
    record Rows(List<String> names, List<String> types, List<List<@Nullable String>> rows) implements Outcome {}

    record Failed(String sqlState, String message) implements Outcome {
        String sqlStateClass() {
            return sqlState.length() < 2 ? sqlState : sqlState.substring(0, 2);
        }
    }
}
