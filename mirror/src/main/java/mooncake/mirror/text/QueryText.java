package mooncake.mirror.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// `tsquery`. Its send format puts operators before their arguments, and the right argument before the left one.
/// Neither
/// reading nor writing recurses: a query may be as deep as it is long.
final class QueryText {
    private static final int ITEM_BYTES_MIN = 2;
    private static final int VALUE = 1;
    private static final int OPERATOR = 2;
    private static final int NOT = 1;
    private static final int AND = 2;
    private static final int OR = 3;
    private static final int PHRASE = 4;

    /// How strongly each operator binds, by its number.
    private static final int[] PRIORITY = {0, 4, 2, 1, 3};

    private QueryText() {}

    /// A part of a query; its arguments are filled in after it was read.
    private static final class Node {
        private final int operator;
        private final int distance;
        private final TextBuffer value = new TextBuffer();
        private final List<Node> arguments = new ArrayList<>(2);

        private Node(int operator, int distance) {
            this.operator = operator;
            this.distance = distance;
        }
    }

    static void put(SendReader in, TextBuffer out) {
        int items = in.int32();
        SendReader.require(items >= 0 && items <= in.remaining() / ITEM_BYTES_MIN, "%d parts of a query", items);
        if (items > 0) {
            write(read(in, items), out);
        }
    }

    private static Node read(SendReader in, int items) {
        Deque<List<Node>> awaited = new ArrayDeque<>();
        List<Node> root = new ArrayList<>(1);
        awaited.push(root);
        for (int i = 0; i < items; i++) {
            SendReader.require(!awaited.isEmpty(), "a query has parts that belong to nothing");
            Node node = node(in);
            awaited.pop().add(node);
            if (node.operator != 0) {
                awaited.push(node.arguments);
            }
            if (node.operator > NOT) {
                awaited.push(node.arguments);
            }
        }
        SendReader.require(awaited.isEmpty(), "a query's operator misses an argument");
        return root.getFirst();
    }

    private static Node node(SendReader in) {
        int type = in.uint8();
        if (type == OPERATOR) {
            int operator = in.uint8();
            SendReader.require(operator >= NOT && operator <= PHRASE, "a query's operator %d", operator);
            return new Node(operator, operator == PHRASE ? in.uint16() : 0);
        }
        SendReader.require(type == VALUE, "a query's part of type %d", type);
        int weights = in.uint8();
        boolean prefix = in.uint8() != 0;
        Node node = new Node(0, 0);
        TextSearchText.lexeme(in, node.value);
        if (weights != 0 || prefix) {
            node.value.put(':');
        }
        if (prefix) {
            node.value.put('*');
        }
        for (int i = 3; i >= 0; i--) {
            if ((weights & 1 << i) != 0) {
                node.value.put("DCBA".charAt(i));
            }
        }
        return node;
    }

    private static void write(Node root, TextBuffer out) {
        Deque<Consumer<TextBuffer>> steps = new ArrayDeque<>();
        plan(root, -1, false, steps);
        while (!steps.isEmpty()) {
            steps.pop().accept(out);
        }
    }

    /// Pushes what writes the node.
    ///
    /// @param around priority of the operator that it is an argument of
    /// @param rightOfPhrase whether that operator is a phrase and this its right argument
    private static void plan(Node node, int around, boolean rightOfPhrase, Deque<Consumer<TextBuffer>> steps) {
        int operator = node.operator;
        if (operator == 0) {
            steps.push(out -> out.put(node.value.bytes(), 0, node.value.length()));
            return;
        }
        int priority = PRIORITY[operator];
        boolean parentheses = priority < around || (operator == PHRASE && rightOfPhrase);
        if (parentheses) {
            steps.push(out -> out.put(" )"));
        }
        steps.push(_ -> plan(node.arguments.getFirst(), priority, operator == PHRASE, steps));
        if (operator == NOT) {
            steps.push(out -> out.put('!'));
        } else {
            steps.push(out -> out.put(symbol(node)));
            steps.push(_ -> plan(node.arguments.getLast(), priority, false, steps));
        }
        if (parentheses) {
            steps.push(out -> out.put("( "));
        }
    }

    private static String symbol(Node node) {
        return switch (node.operator) {
            case AND -> " & ";
            case OR -> " | ";
            default -> node.distance == 1 ? " <-> " : " <" + node.distance + "> ";
        };
    }
}
