package mooncake.query.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Parses the text form of a tree without knowing any node.
public final class TreeParser {
    private static final int DEPTH_MAX = 1_000;

    private final String text;
    private int at;
    private int depth;

    private TreeParser(String text) {
        this.text = text;
    }

    public static Tree parse(String text) {
        TreeParser parser = new TreeParser(text);
        Tree tree = parser.value();
        parser.blanks();
        if (parser.at < text.length()) {
            throw parser.malformed("text after the tree's end");
        }
        return tree;
    }

    private Tree value() {
        blanks();
        if (++depth > DEPTH_MAX) {
            throw Refusal.because("The query is nested more than %d levels deep.", DEPTH_MAX);
        }
        Tree value = switch (peek()) {
            case '{' -> node();
            case '(' -> items();
            case '"' -> quoted();
            default -> word();
        };
        depth--;
        return value;
    }

    private Tree node() {
        at++;
        String tag = token();
        Map<String, Tree> fields = new LinkedHashMap<>();
        while (true) {
            blanks();
            if (peek() == '}') {
                at++;
                return new Tree.Node(tag, fields);
            }
            if (peek() != ':') {
                throw malformed("a field without a name in " + tag);
            }
            at++;
            String name = token();
            Tree value = value();
            blanks();
            if (peek() == '[') {
                value = datum();
            }
            if (fields.put(name, value) != null) {
                throw malformed("field " + name + " twice in " + tag);
            }
        }
    }

    private Tree items() {
        at++;
        char mark = ' ';
        List<Tree> items = new ArrayList<>();
        blanks();
        if ("ioxb".indexOf(peek()) >= 0 && at + 1 < text.length() && " )".indexOf(text.charAt(at + 1)) >= 0) {
            mark = peek();
            at++;
        }
        while (true) {
            blanks();
            if (peek() == ')') {
                at++;
                return new Tree.Items(mark, items);
            }
            items.add(value());
        }
    }

    private Tree datum() {
        at++;
        List<Integer> bytes = new ArrayList<>();
        while (true) {
            blanks();
            if (peek() == ']') {
                at++;
                return new Tree.Datum(bytes);
            }
            bytes.add(Integer.parseInt(token()));
        }
    }

    private Tree quoted() {
        StringBuilder content = new StringBuilder();
        at++;
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
            }
            content.append(peek());
            at++;
        }
        at++;
        return new Tree.Word(content.toString());
    }

    private Tree word() {
        int start = at;
        String token = token();
        return at - start == 2 && token.equals("<>") ? new Tree.Nothing() : new Tree.Word(token);
    }

    /// Characters up to a blank or bracket; a backslash takes the next character as it is.
    private String token() {
        StringBuilder token = new StringBuilder();
        int start = at;
        while (at < text.length() && " \n\t(){}".indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '\\') {
                at++;
            }
            token.append(peek());
            at++;
        }
        if (at == start) {
            throw malformed("a word is missing");
        }
        return token.toString();
    }

    private void blanks() {
        while (at < text.length() && " \n\t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw malformed("the tree ends too early");
        }
        return text.charAt(at);
    }

    private MooncakeException malformed(String what) {
        return new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "query tree, character " + at + ": " + what);
    }
}
