package mooncake.source.copy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import mooncake.model.Check;
import mooncake.source.Quoting;
import org.jspecify.annotations.Nullable;

/// Which rows and columns of a table are copied.
///
/// @param columns in the order in which they are wanted
/// @param filter an SQL condition over the table's columns, null for all rows. It runs with the rights of the engine:
/// the caller has made sure that it holds nothing but comparisons of columns with constants
public record CopySource(
        String schema,
        String table,
        List<String> columns,
        TableCopy.Extent extent,
        @Nullable String filter) {
    public CopySource {
        Check.that(!columns.isEmpty(), "a copy without columns");
        columns = List.copyOf(columns);
    }

    String qualifiedName() {
        return Quoting.qualified(schema, table);
    }

    /// The table or query that COPY reads.
    ///
    /// @param asText columns whose type has no binary form: they come as the bytes of their text
    String sql(Set<String> asText) {
        if (extent == TableCopy.Extent.ONLY && filter == null && asText.isEmpty()) {
            return qualifiedName() + " (" + names(Set.of()) + ")";
        }
        String from = switch (extent) {
            case ONLY -> "ONLY " + qualifiedName();
            case WITH_CHILDREN -> qualifiedName();
        };
        // A line break ends a comment that the condition may end with.
        String where = filter == null ? "" : " WHERE (" + filter + "\n)";
        return "(SELECT " + names(asText) + " FROM " + from + where + ")";
    }

    private String names(Set<String> asText) {
        return columns.stream()
                .map(name -> Quoting.identifier(name) + (asText.contains(name) ? "::pg_catalog.text" : ""))
                .collect(Collectors.joining(", "));
    }
}
