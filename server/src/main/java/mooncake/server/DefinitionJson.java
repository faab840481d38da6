package mooncake.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.Identity;
import mooncake.model.MooncakeException;
import mooncake.server.Definition.DefinedColumn;
import org.jspecify.annotations.Nullable;

/// The JSON form of a [Definition]; its other writer and reader is the extension.
final class DefinitionJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DefinitionJson() {}

    static Definition read(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            List<DefinedColumn> columns = new ArrayList<>();
            for (JsonNode column : required(root, "columns")) {
                columns.add(column(column));
            }
            List<Integer> key = new ArrayList<>();
            for (JsonNode field : required(root, "key")) {
                key.add(field.intValue());
            }
            return new Definition(
                    columns,
                    key,
                    identity(required(root, "identity").textValue()),
                    policy(required(root, "onDdl").textValue()),
                    optional(root, "filter"));
        } catch (JsonProcessingException e) {
            throw broken("it is no JSON", e);
        }
    }

    private static DefinedColumn column(JsonNode node) {
        return new DefinedColumn(
                required(node, "field").intValue(),
                required(node, "source").intValue(),
                required(node, "sourceName").textValue(),
                required(node, "name").textValue(),
                (int) required(node, "type").longValue(),
                required(node, "typmod").intValue(),
                required(node, "notNull").booleanValue(),
                optional(node, "initial"),
                node.path("text").asBoolean(false));
    }

    static String write(Definition definition) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode columns = root.putArray("columns");
        for (DefinedColumn column : definition.columns()) {
            ObjectNode node = columns.addObject();
            node.put("field", column.field());
            node.put("source", column.source());
            node.put("sourceName", column.sourceName());
            node.put("name", column.name());
            node.put("type", Integer.toUnsignedLong(column.type()));
            node.put("typmod", column.typmod());
            node.put("notNull", column.notNull());
            node.put("initial", column.initial());
            if (column.text()) {
                node.put("text", true);
            }
        }
        ArrayNode key = root.putArray("key");
        definition.key().forEach(key::add);
        root.put("identity", label(definition.identity()));
        root.put("onDdl", definition.onDdl().label());
        root.put("filter", definition.filter());
        return root.toString();
    }

    private static String label(Identity identity) {
        return switch (identity) {
            case KEY -> "key";
            case FULL_ROW -> "full";
            case APPEND_ONLY -> "append";
        };
    }

    private static Identity identity(@Nullable String text) {
        for (Identity identity : Identity.values()) {
            if (label(identity).equals(text)) {
                return identity;
            }
        }
        throw broken("its identity is " + text, null);
    }

    private static DdlPolicy policy(@Nullable String text) {
        for (DdlPolicy policy : DdlPolicy.values()) {
            if (policy.label().equals(text)) {
                return policy;
            }
        }
        throw broken("its policy is " + text, null);
    }

    private static JsonNode required(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw broken("it has no \"" + name + "\"", null);
        }
        return value;
    }

    private static @Nullable String optional(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value.textValue();
    }

    private static MooncakeException broken(String why, @Nullable Throwable cause) {
        return new MooncakeException(
                ErrorCode.BROKEN_INVARIANT, "a definition in mooncake.tables cannot be read: " + why, cause);
    }
}
