package mooncake.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mooncake.model.Column;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// A row of `mooncake.tables`, resolved: which mirror follows which source, and how its rows look.
///
/// @param namespace schema of the mirror
/// @param name name of the mirror
/// @param sourceNamespace schema of the source
/// @param columns attribute numbers in the source, one per column of the mirror
/// @param error why the mirror has failed for good, or null
record Registration(
        int mirror,
        String namespace,
        String name,
        int source,
        String sourceNamespace,
        String sourceName,
        List<Integer> columns,
        TableSchema schema,
        @Nullable String error) {

    String qualifiedName() {
        return namespace + "." + name;
    }

    String qualifiedSource() {
        return sourceNamespace + "." + sourceName;
    }

    /// The names of the source's columns, in the mirror's order.
    List<String> columnNames() {
        return schema.columns().stream().map(Column::name).toList();
    }

    /// What an Iceberg table keeps of where it comes from.
    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(MIRROR_PROPERTY, Integer.toUnsignedString(mirror));
        properties.put("mooncake.source", qualifiedSource());
        return properties;
    }

    /// Tells a table of this mirror from one that a dropped mirror of the same name left behind.
    static final String MIRROR_PROPERTY = "mooncake.mirror-oid";
}
