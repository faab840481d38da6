package mooncake.query.tree;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// Gives the parameters of a tree other numbers: equal values the same one, so that equal expressions are equal.
final class ParamNumbers {
    private static final String PARAM_EXTERN = "0";

    private ParamNumbers() {}

    static Tree renumber(Tree tree, IntUnaryOperator numbers) {
        return switch (tree) {
            case Tree.Items(char mark, List<Tree> items) ->
                new Tree.Items(
                        mark,
                        items.stream().map(item -> renumber(item, numbers)).toList());
            case Tree.Node(String tag, Map<String, Tree> fields) -> {
                Map<String, Tree> renumbered = new LinkedHashMap<>();
                fields.forEach((name, value) -> renumbered.put(name, renumber(value, numbers)));
                boolean param = tag.equals("PARAM")
                        && fields.get("paramkind") instanceof Tree.Word(String kind)
                        && kind.equals(PARAM_EXTERN);
                if (param && fields.get("paramid") instanceof Tree.Word(String id)) {
                    int number = numbers.applyAsInt(Integer.parseInt(id));
                    renumbered.put("paramid", new Tree.Word(Integer.toString(number)));
                }
                yield new Tree.Node(tag, renumbered);
            }
            case Tree.Word _, Tree.Nothing _, Tree.Datum _ -> tree;
        };
    }
}
