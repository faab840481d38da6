package mooncake.query.translate;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import mooncake.query.frame.Value;
import mooncake.query.tree.Oids;
import mooncake.query.tree.Tree;
import mooncake.testing.Sql;
import org.jspecify.annotations.Nullable;

/// What the extension does to a tree before it is sent: folds calls of constants, and moves constants into the list of
/// values.
final class Folding {
    private static final Set<String> CALLS = Set.of("FUNCEXPR", "OPEXPR");
    private static final Set<Integer> BY_VALUE = Set.of(
            Oids.BOOL,
            Oids.CHAR,
            Oids.OID,
            Oids.MONEY,
            Oids.INT2,
            Oids.INT4,
            Oids.INT8,
            Oids.FLOAT4,
            Oids.FLOAT8,
            Oids.DATE,
            Oids.TIME,
            Oids.TIMESTAMP,
            Oids.TIMESTAMPTZ,
            Oids.INTERVAL,
            Oids.UUID);

    private final Connection connection;
    private final String source;
    private final List<Value> values = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();

    /// @param source the statement whose places the tree names
    Folding(Connection connection, String source) {
        this.connection = connection;
        this.source = source;
    }

    List<Value> values() {
        return values;
    }

    Tree fold(Tree tree) {
        return switch (tree) {
            case Tree.Items(char mark, List<Tree> items) ->
                new Tree.Items(mark, items.stream().map(this::fold).toList());
            case Tree.Node node -> foldNode(node);
            case Tree.Word _, Tree.Nothing _, Tree.Datum _ -> tree;
        };
    }

    private Tree foldNode(Tree.Node node) {
        if (node.tag().equals("CONST")) {
            return constant(node);
        }
        Map<String, Tree> fields = new LinkedHashMap<>();
        node.fields().forEach((name, value) -> fields.put(name, fold(value)));
        Tree.Node folded = new Tree.Node(node.tag(), fields);
        if (CALLS.contains(node.tag())) {
            Value value = call(folded);
            if (value != null) {
                return param(value, word(folded, collationField(folded)));
            }
        }
        Value arg = node.tag().equals("RELABELTYPE") ? paramValue(fields.get("arg")) : null;
        if (arg != null) {
            Value seen = new Value(
                    Integer.parseInt(word(folded, "resulttype")),
                    Integer.parseInt(word(folded, "resulttypmod")),
                    true,
                    arg.text());
            return param(seen, word(folded, "resultcollid"));
        }
        return folded;
    }

    private static String collationField(Tree.Node node) {
        return node.tag().equals("OPEXPR") ? "opcollid" : "funccollid";
    }

    private Tree constant(Tree.Node node) {
        int type = Integer.parseUnsignedInt(word(node, "consttype"));
        int typmod = Integer.parseInt(word(node, "consttypmod"));
        String text = null;
        if (node.fields().get("constvalue") instanceof Tree.Datum(List<Integer> list)) {
            byte[] bytes = new byte[list.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = list.get(i).byteValue();
            }
            String literal = BY_VALUE.contains(type) || DatumText.isVariable(type) ? null : literal(node);
            text = BY_VALUE.contains(type)
                    ? DatumText.fixed(type, ByteBuffer.wrap(bytes))
                    : literal != null
                            ? printed(literal, type, typmod)
                            : DatumText.variable(
                                    type,
                                    ByteBuffer.wrap(bytes, 4, bytes.length - 4).slice());
        }
        return param(new Value(type, typmod, true, text), word(node, "constcollid"));
    }

    /// The text in quotes that the constant was written as, null when it was not.
    private @Nullable String literal(Tree.Node node) {
        int location = Integer.parseInt(word(node, "location"));
        if (location < 0 || location >= source.length() || source.charAt(location) != '\'') {
            return null;
        }
        int end = location + 1;
        while (source.charAt(end) != '\'' || source.startsWith("''", end)) {
            end += source.charAt(end) == '\'' ? 2 : 1;
        }
        return source.substring(location, end + 1);
    }

    /// What Postgres prints for a literal of a type.
    private String printed(String literal, int type, int typmod) {
        String name = name("format_type(" + Integer.toUnsignedString(type) + ", " + typmod + ")");
        try {
            return Sql.value(connection, "SELECT (" + literal + "::" + name + ")::text");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Tree param(Value value, String collation) {
        values.add(value);
        Map<String, Tree> fields = new LinkedHashMap<>();
        fields.put("paramkind", new Tree.Word("0"));
        fields.put("paramid", new Tree.Word(Integer.toString(values.size())));
        fields.put("paramtype", new Tree.Word(Integer.toString(value.type())));
        fields.put("paramtypmod", new Tree.Word(Integer.toString(value.typmod())));
        fields.put("paramcollid", new Tree.Word(collation));
        fields.put("location", new Tree.Word("-1"));
        return new Tree.Node("PARAM", fields);
    }

    private @Nullable Value paramValue(@Nullable Tree tree) {
        if (tree instanceof Tree.Node node
                && node.tag().equals("PARAM")
                && word(node, "paramkind").equals("0")) {
            return values.get(Integer.parseInt(word(node, "paramid")) - 1);
        }
        return null;
    }

    /// The value of a call whose arguments are all constants, null when it has others or fails.
    private @Nullable Value call(Tree.Node node) {
        if (!(node.fields().get("args") instanceof Tree.Items(char _, List<Tree> args))) {
            return null;
        }
        List<String> sql = new ArrayList<>();
        for (Tree arg : args) {
            Value value = paramValue(arg);
            if (value == null) {
                return null;
            }
            String text = value.text();
            sql.add((text == null ? "NULL" : "'" + text.replace("'", "''") + "'") + "::"
                    + name("format_type(" + value.type() + ", " + value.typmod() + ")"));
        }
        String function = word(node, node.tag().equals("OPEXPR") ? "opfuncid" : "funcid");
        String type = word(node, node.tag().equals("OPEXPR") ? "opresulttype" : "funcresulttype");
        String name = name("(SELECT quote_ident(proname) FROM pg_proc WHERE oid = " + function + ")");
        String call = "pg_catalog." + name + "(" + String.join(", ", sql) + ")";
        try {
            String text =
                    Sql.value(connection, "SELECT CASE WHEN " + call + " IS NOT NULL THEN 'x' || " + call + " END");
            return new Value(
                    Integer.parseInt(type), -1, true, text.equals("NULL") ? null : plain(type, text.substring(1)));
        } catch (SQLException _) {
            return null;
        }
    }

    /// A cast of bool to text gives other words than its output function.
    private static String plain(String type, String text) {
        return Integer.parseInt(type) == Oids.BOOL ? text.substring(0, 1) : text;
    }

    private String name(String expression) {
        return names.computeIfAbsent(expression, sql -> {
            try {
                return Sql.value(connection, "SELECT " + sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static String word(Tree.Node node, String field) {
        return ((Tree.Word) Objects.requireNonNull(node.fields().get(field), field)).text();
    }

    /// The tree in the text form that it was read from.
    static String print(Tree tree) {
        StringBuilder out = new StringBuilder();
        print(tree, out);
        return out.toString();
    }

    private static void print(Tree tree, StringBuilder out) {
        switch (tree) {
            case Tree.Nothing _ -> out.append("<>");
            case Tree.Word(String text) -> out.append(text.isEmpty() ? "\"\"" : escape(text));
            case Tree.Datum(List<Integer> bytes) -> {
                out.append(bytes.size()).append(" [");
                bytes.forEach(b -> out.append(' ').append(b));
                out.append(" ]");
            }
            case Tree.Items(char mark, List<Tree> items) -> {
                out.append('(').append(mark == ' ' ? "" : String.valueOf(mark));
                items.forEach(item -> print(item, out.append(' ')));
                out.append(')');
            }
            case Tree.Node(String tag, Map<String, Tree> fields) -> {
                out.append('{').append(tag);
                fields.forEach((name, value) ->
                        print(value, out.append(" :").append(name).append(' ')));
                out.append('}');
            }
        }
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (" \n\t(){}\\".indexOf(c) >= 0 || (i == 0 && "<\"".indexOf(c) >= 0)) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }
}
