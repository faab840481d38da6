package mooncake.server;

import java.util.LinkedHashMap;
import java.util.Map;
import mooncake.model.TableSchema;
import org.jspecify.annotations.Nullable;

/// A row of `mooncake.tables`, resolved: which mirror follows which source, and how its rows look.
///
/// @param namespace schema of the mirror
/// @param name name of the mirror
/// @param source OID of the source where it is, 0 when that is not known yet
/// @param sourceNamespace schema of the source
/// @param partitioned whether the source's rows lie in partitions
/// @param schema the engine's form of `definition`
/// @param generation grows with every change of the definition
/// @param resync grows whenever the mirror is to be copied anew
/// @param detached the source was dropped: the mirror stays as it is
/// @param error why the mirror has failed for good, or null
/// @param remoteName the quoted name of a remote source, empty for a local one
record Registration(
        int mirror,
        String namespace,
        String name,
        int source,
        String sourceNamespace,
        String sourceName,
        boolean partitioned,
        Definition definition,
        TableSchema schema,
        int generation,
        int resync,
        boolean detached,
        @Nullable String error,
        String remoteName) {

    String qualifiedName() {
        return namespace + "." + name;
    }

    String qualifiedSource() {
        return sourceNamespace + "." + sourceName;
    }

    /// The same mirror of a remote source that was found there.
    Registration at(int foundSource, String foundNamespace, String foundName, boolean isPartitioned) {
        return new Registration(
                mirror,
                namespace,
                name,
                foundSource,
                foundNamespace,
                foundName,
                isPartitioned,
                definition,
                schema,
                generation,
                resync,
                detached,
                error,
                remoteName);
    }

    /// The same mirror by another definition.
    Registration with(Definition next, TableSchema nextSchema, int nextGeneration) {
        return with(next, nextSchema, nextGeneration, resync);
    }

    /// The same mirror by another definition, from another copy.
    Registration with(Definition next, TableSchema nextSchema, int nextGeneration, int nextResync) {
        return new Registration(
                mirror,
                namespace,
                name,
                source,
                sourceNamespace,
                sourceName,
                partitioned,
                next,
                nextSchema,
                nextGeneration,
                nextResync,
                detached,
                error,
                remoteName);
    }

    /// Whether rows of this mirror can be shown as those of `other`.
    boolean sameShape(Registration other) {
        if (schema.width() != other.schema.width()
                || schema.identity() != other.schema.identity()
                || !schema.key().equals(other.schema.key())) {
            return false;
        }
        for (int i = 0; i < schema.width(); i++) {
            var one = schema.column(i);
            var two = other.schema.column(i);
            if (one.fieldId() != two.fieldId()
                    || !one.name().equals(two.name())
                    || !one.type().equals(two.type())) {
                return false;
            }
        }
        return true;
    }

    /// What an Iceberg table keeps of where it comes from, and of what its rows are.
    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(MIRROR_PROPERTY, Integer.toUnsignedString(mirror));
        properties.put("mooncake.source", qualifiedSource());
        properties.put(DEFINITION_PROPERTY, DefinitionJson.write(definition));
        properties.put(GENERATION_PROPERTY, Integer.toString(generation));
        properties.put(RESYNC_PROPERTY, Integer.toString(resync));
        return properties;
    }

    /// Tells a table of this mirror from one that a dropped mirror of the same name left behind.
    static final String MIRROR_PROPERTY = "mooncake.mirror-oid";

    /// By which definition the rows of the last commit are to be read: the registry may be ahead of
    /// it.
    static final String DEFINITION_PROPERTY = "mooncake.definition";

    static final String GENERATION_PROPERTY = "mooncake.generation";

    /// Which copy of the source the rows of the last commit come from.
    static final String RESYNC_PROPERTY = "mooncake.resync";
}
