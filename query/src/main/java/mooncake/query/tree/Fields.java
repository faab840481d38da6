package mooncake.query.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields of one node, each to be asked for exactly by name; [#end] refuses a node with a field nobody asked for.
final class Fields {
    private final Tree.Node node;
    private final Set<String> seen = new HashSet<>();

    Fields(Tree.Node node) {
        this.node = node;
    }

    String tag() {
        return node.tag();
    }

    boolean has(String name) {
        return node.fields().containsKey(name);
    }

    String word(String name) {
        if (get(name) instanceof Tree.Word(String text)) {
            return text;
        }
        throw strange(name);
    }

    int integer(String name) {
        return parse(name, word(name));
    }

    boolean flag(String name) {
        return switch (word(name)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw strange(name);
        };
    }

    Tree.@Nullable Node node(String name) {
        return switch (get(name)) {
            case Tree.Node child -> child;
            case Tree.Nothing _ -> null;
            case Tree.Items _, Tree.Word _, Tree.Datum _ -> throw strange(name);
        };
    }

    Tree.Node someNode(String name) {
        Tree.Node child = node(name);
        if (child == null) {
            throw strange(name);
        }
        return child;
    }

    /// Empty for an absent list.
    List<Tree> list(String name) {
        return switch (get(name)) {
            case Tree.Items(char mark, List<Tree> items) when mark == ' ' -> items;
            case Tree.Nothing _ -> List.of();
            case Tree.Items _, Tree.Node _, Tree.Word _, Tree.Datum _ -> throw strange(name);
        };
    }

    List<Tree.Node> nodes(String name) {
        List<Tree.Node> nodes = new ArrayList<>();
        for (Tree item : list(name)) {
            if (!(item instanceof Tree.Node child)) {
                throw strange(name);
            }
            nodes.add(child);
        }
        return nodes;
    }

    /// A list of integers or OIDs.
    List<Integer> numbers(String name) {
        List<Integer> numbers = new ArrayList<>();
        switch (get(name)) {
            case Tree.Nothing _ -> {}
            case Tree.Items items -> {
                for (Tree item : items.items()) {
                    if (!(item instanceof Tree.Word(String text))) {
                        throw strange(name);
                    }
                    numbers.add(parse(name, text));
                }
            }
            case Tree.Node _, Tree.Word _, Tree.Datum _ -> throw strange(name);
        }
        return numbers;
    }

    /// Fields that do not change what a query returns.
    void ignore(String... names) {
        seen.addAll(List.of(names));
    }

    /// Refuses the query unless each of the fields is absent or has the value that means "not used".
    void unused(String... names) {
        for (String name : names) {
            seen.add(name);
            boolean unused = switch (node.fields().get(name)) {
                case null -> true;
                case Tree.Nothing _ -> true;
                case Tree.Items items -> items.items().isEmpty();
                case Tree.Word(String text) -> text.equals("0") || text.equals("false");
                case Tree.Node _, Tree.Datum _ -> false;
            };
            if (!unused) {
                throw Refusal.because("%s with %s is not translated.", node.tag(), name);
            }
        }
    }

    void end() {
        for (String name : node.fields().keySet()) {
            if (!seen.contains(name)) {
                throw Refusal.because("%s has a field %s that is not known.", node.tag(), name);
            }
        }
    }

    private Tree get(String name) {
        seen.add(name);
        Tree value = node.fields().get(name);
        if (value == null) {
            throw Refusal.because("%s lacks its field %s.", node.tag(), name);
        }
        return value;
    }

    private int parse(String name, String text) {
        try {
            return text.startsWith("-") ? Integer.parseInt(text) : Integer.parseUnsignedInt(text);
        } catch (NumberFormatException _) {
            throw strange(name);
        }
    }

    private RuntimeException strange(String name) {
        return Refusal.because("%s has an unexpected %s.", node.tag(), name);
    }
}
